import { describe, expect, test } from 'vitest';
import { notFound } from '../../../src/runtime/errors.ts';
import { unary } from '../../../src/runtime/server/server.ts';
import { until } from '../../support/until.ts';
import type { Raw } from '../raw.ts';
import { post, raw } from '../raw.ts';
import { hello, newWorld } from '../world.ts';

/** The reference service of the wire vectors, and a bare connection to it. */
async function greeter(): Promise<Raw> {
  const Fail = unary(({ name }: { name: string }) => {
    throw notFound('go.micro.srv.greeter', `no such thing ${name}`);
  });
  const gate = { open: (): void => {} };
  const Slow = unary(async () => {
    await new Promise<void>((resolve) => {
      gate.open = resolve;
    });
    return { msg: 'slow' };
  });
  const Fast = unary(() => {
    gate.open();
    return { msg: 'fast' };
  });
  const server = await newWorld().serve({ Hello: hello, Fail, Slow, Fast }, { name: 'go.micro.srv.greeter' });
  return raw(server.address);
}

const bob = '{"name":"bob"}';
const full = ['Micro-Service: go.micro.srv.greeter', 'Micro-Endpoint: Greeter.Hello', 'Micro-Id: 7'];
const ids = { 'Micro-Id': '7', 'X-Micro-Id': '7' };

describe('the smallest requests that Go servers answer', () => {
  test.each([
    ['all the headers', post(full, bob), 'Hello bob', ids],
    [
      'lower case names, no id',
      post(
        ['micro-service: go.micro.srv.greeter', 'micro-endpoint: Greeter.Hello', 'content-type: application/json'],
        bob,
      ),
      'Hello bob',
      {},
    ],
    ['only Micro-Method', post(['Micro-Method: Greeter.Hello'], bob), 'Hello bob', {}],
    [
      'only X-Micro names',
      post(
        full.map((line) => `X-${line}`),
        bob,
      ),
      'Hello bob',
      ids,
    ],
    ['an empty body', post(full), 'Hello ', ids],
    ['GET instead of POST', post(full, bob, 'GET /foo/bar HTTP/1.1'), 'Hello bob', ids],
  ])('%s', async (_what, request, msg, headers) => {
    const connection = await greeter();
    connection.write(request);
    const answer = await connection.answer();
    expect(answer).toMatchObject({ status: 'HTTP/1.1 200 OK', headers, body: `{"msg":"${msg}"}\n` });
    expect(answer.headers['Content-Type']).toBe('application/json');
    expect(answer.headers['Micro-Error']).toBeUndefined();
    if (!('Micro-Id' in headers)) expect(answer.headers['Micro-Id']).toBeUndefined();
  });

  test('a chunked body of nothing, as Go writes an empty message', async () => {
    const connection = await greeter();
    const head = [
      'POST / HTTP/1.1',
      'Host: x',
      'Content-Type: application/json',
      ...full,
      'Transfer-Encoding: chunked',
    ];
    connection.write(`${head.join('\r\n')}\r\n\r\n0\r\n\r\n`);
    expect(await connection.answer()).toMatchObject({ body: '{"msg":"Hello "}\n' });
  });

  test.each([
    'application/xml',
    'application/json; charset=utf-8',
  ])('a content type %s is refused in plain text', async (type) => {
    const connection = await greeter();
    connection.write(post([...full, `Content-Type: ${type}`], bob));
    const answer = await connection.answer();
    expect(answer).toMatchObject({ status: 'HTTP/1.1 200 OK', body: `Unsupported Content-Type: ${type}` });
    expect(answer.headers['Content-Type']).toBe('text/plain');
    expect(answer.headers['Micro-Error']).toBeUndefined();
  });

  test.each([
    ['truncated JSON', ['Micro-Endpoint: Greeter.Hello'], '{"name":"bo', 'unexpected EOF'],
    ['an endpoint of one word', ['Micro-Endpoint: Foo'], '{}', 'rpc: service/endpoint request ill-formed: Foo'],
    ['an endpoint of three words', ['Micro-Endpoint: a.b.c'], '{}', 'rpc: service/endpoint request ill-formed: a.b.c'],
    ['an unknown type', ['Micro-Endpoint: Foo.Bar'], '{}', "rpc: can't find service Foo"],
    ['an unknown method', ['Micro-Endpoint: Greeter.Nope'], '{}', "rpc: can't find method Nope"],
    [
      'a method that only JavaScript knows',
      ['Micro-Endpoint: Greeter.constructor'],
      '{}',
      "rpc: can't find method constructor",
    ],
  ])('%s is an error in plain text', async (_what, headers, body, text) => {
    const connection = await greeter();
    connection.write(post(headers, body));
    const answer = await connection.answer();
    expect(answer).toMatchObject({
      status: 'HTTP/1.1 200 OK',
      headers: { 'Micro-Error': text, 'X-Micro-Error': text },
      body: '',
    });
  });

  test('an event is taken with an empty answer', async () => {
    const connection = await greeter();
    connection.write(post(['Micro-Topic: events', 'Micro-Id: 9'], '{"a":1}'));
    const answer = await connection.answer();
    expect(answer).toMatchObject({
      status: 'HTTP/1.1 200 OK',
      headers: { 'Micro-Id': '9', 'Content-Length': '0' },
      body: '',
    });
    expect(answer.headers['Micro-Error']).toBeUndefined();
  });

  test('no content type means protobuf', async () => {
    const connection = await greeter();
    connection.write('POST / HTTP/1.1\r\nHost: x\r\nMicro-Endpoint: Debug.Health\r\nContent-Length: 0\r\n\r\n');
    const answer = await connection.answer();
    expect(answer.headers['Content-Type']).toBe('application/protobuf');
    expect(answer.body).toBe('\n\u0002ok');
  });
});

test('an error travels in both headers, with what HTML and other alphabets need', async () => {
  const connection = await greeter();
  connection.write(post(['Micro-Endpoint: Greeter.Fail', 'Micro-Id: 0'], JSON.stringify({ name: 'hé→\nx<&' })));
  const text =
    '{"id":"go.micro.srv.greeter","code":404,"detail":"no such thing hé→\\nx\\u003c\\u0026","status":"Not Found"}';
  const answer = await connection.answer();
  expect(answer.headers).toMatchObject({
    'Micro-Error': text,
    'X-Micro-Error': text,
    'Micro-Id': '0',
    'X-Micro-Id': '0',
  });
  expect(answer.body).toBe('');
});

test('two requests on one connection: nothing of the first clings to the second', async () => {
  const connection = await greeter();
  connection.write(post(['Micro-Endpoint: Greeter.Hello', 'Micro-Id: 1', 'Foo: first'], bob));
  expect((await connection.answer()).headers['Micro-Id']).toBe('1');
  connection.write(post(['Micro-Endpoint: Greeter.Hello', 'Micro-Id: 2'], bob));
  const second = await connection.answer();
  expect(second.headers['Micro-Id']).toBe('2');
  expect(second.headers['Foo']).toBeUndefined();
});

test('pipelined requests run side by side and are each answered under their own id', async () => {
  const connection = await greeter();
  connection.write(
    post(['Micro-Endpoint: Greeter.Slow', 'Micro-Id: 1'], '{}') +
      post(['Micro-Endpoint: Greeter.Fast', 'Micro-Id: 2'], '{}'),
  );
  await until(() => connection.waiting === 2);
  expect(await connection.answer()).toMatchObject({ headers: { 'Micro-Id': '2' }, body: '{"msg":"fast"}\n' });
  expect(await connection.answer()).toMatchObject({ headers: { 'Micro-Id': '1' }, body: '{"msg":"slow"}\n' });
});

test('a stream marker means nothing at a unary endpoint', async () => {
  const connection = await greeter();
  const request = post(['Micro-Endpoint: Greeter.Hello', 'Micro-Stream: 3', 'Micro-Id: 3'], bob);
  connection.write(request + request);
  for (const _ of [1, 2]) expect(await connection.answer()).toMatchObject({ body: '{"msg":"Hello bob"}\n' });
});
