import { expect, test } from 'vitest';
import type { MicroError } from '../../../src/runtime/errors.ts';
import type { HandlerWrapper, Streaming } from '../../../src/runtime/server/server.ts';
import { streaming } from '../../../src/runtime/server/server.ts';
import { until } from '../../support/until.ts';
import type { Raw } from '../raw.ts';
import { post, raw } from '../raw.ts';
import { hello, newWorld } from '../world.ts';

interface Named {
  readonly name: string;
}

const head = ['Micro-Endpoint: Greeter.Stream', 'Micro-Method: Greeter.Stream', 'Micro-Id: 0', 'Micro-Stream: 0'];
const end = post([...head, 'Micro-Error: EOS']);

async function serving(handler: Streaming<Named, unknown>, wrappers: readonly HandlerWrapper[] = []): Promise<Raw> {
  const server = await newWorld().serve({ Stream: streaming(handler), Hello: hello }, { wrappers });
  return raw(server.address);
}

async function* greet(requests: AsyncIterable<Named>): AsyncIterable<{ msg: string }> {
  for await (const { name } of requests) yield { msg: name };
}

test('the vector of a Go client: opening body thrown away, messages, EOS both ways', async () => {
  const connection = await serving(greet);
  connection.write(post(head, '{"name":""}\n') + post(head, '{"name":"bob-0"}\n'));
  expect(await connection.answer()).toMatchObject({
    body: '{"msg":"bob-0"}\n',
    headers: { 'Micro-Id': '0', 'X-Micro-Id': '0' },
  });
  connection.write(post(head, '{"name":"bob-1"}\n') + end);
  expect(await connection.answer()).toMatchObject({ body: '{"msg":"bob-1"}\n' });
  expect(await connection.answer()).toMatchObject({
    body: '',
    headers: { 'Micro-Error': 'EOS', 'X-Micro-Error': 'EOS' },
  });
});

test('what comes after the end is thrown away, and the connection serves on', async () => {
  let begun = 0;
  const connection = await serving(async function* () {
    begun += 1;
    yield { msg: 'once' };
  });
  connection.write(post(head, '{}'));
  await connection.answer();
  expect(await connection.answer()).toMatchObject({ headers: { 'Micro-Error': 'EOS' } });
  connection.write(post(head, '{"name":"late"}') + end + end);
  connection.write(post(['Micro-Endpoint: Greeter.Hello', 'Micro-Id: 9'], '{"name":"bob"}'));
  expect(await connection.answer()).toMatchObject({ body: '{"msg":"Hello bob"}\n', headers: { 'Micro-Id': '9' } });
  expect(begun).toBe(1);
});

test('a message that cannot be read ends the stream with an error', async () => {
  const connection = await serving(greet);
  connection.write(post(head, '{}') + post(head, '{"name":'));
  expect(await connection.answer()).toMatchObject({ headers: { 'Micro-Error': 'unexpected EOF' } });
});

test('an error of the client reaches the handler', async () => {
  const heard: MicroError[] = [];
  const connection = await serving(async function* (requests) {
    try {
      yield* greet(requests);
    } catch (error) {
      heard.push(error as MicroError);
      yield { msg: 'noted' };
    }
  });
  connection.write(post(head, '{}') + post([...head, 'Micro-Error: {"id":"c","code":409,"detail":"changed my mind"}']));
  expect(await connection.answer()).toMatchObject({ body: '{"msg":"noted"}\n' });
  expect(heard).toEqual([expect.objectContaining({ code: 409, detail: 'changed my mind' })]);
});

test('streams without a stream id are told apart by the id of their messages', async () => {
  const connection = await serving(greet);
  const bare = head.slice(0, 3);
  connection.write(post(bare, '{}') + post(bare, '{"name":"bob"}'));
  expect(await connection.answer()).toMatchObject({ body: '{"msg":"bob"}\n' });
});

test('a client that goes away without a word is an error to whoever reads', async () => {
  const ends: unknown[] = [];
  const connection = await serving(async function* (requests, { signal }) {
    try {
      yield* greet(requests);
    } catch (error) {
      ends.push(error, signal.aborted);
    }
  });
  connection.write(post(head, '{}'));
  connection.write(post(head, '{"name":"bob"}'));
  await connection.answer();
  connection.end();
  await until(() => ends.length === 2);
  expect(ends).toEqual([expect.objectContaining({ code: 408, detail: 'the caller went away' }), true]);
});

test('wrappers stand around streams, too, and keep what they hold between calls', async () => {
  const seen: unknown[] = [];
  const wrapper: HandlerWrapper = (next) => {
    let calls = 0;
    return async (context, request) => {
      calls += 1;
      seen.push([calls, request.endpoint, request.stream, request.body]);
      return next(context.with({ id: Symbol('extra') }, calls), request);
    };
  };
  const connection = await serving(greet, [wrapper]);
  connection.write(post(head, '{}') + post(head, '{"name":"bob"}') + end);
  expect(await connection.answer()).toMatchObject({ body: '{"msg":"bob"}\n' });
  await connection.answer();
  connection.write(post(['Micro-Endpoint: Greeter.Hello'], '{"name":"bob"}'));
  expect(await connection.answer()).toMatchObject({ body: '{"msg":"Hello bob"}\n' });
  expect(seen).toEqual([
    [1, 'Greeter.Stream', true, undefined],
    [1, 'Greeter.Hello', false, { name: 'bob' }],
  ]);
});
