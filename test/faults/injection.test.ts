import { describe, expect, test } from 'vitest';
import { MicroError } from '../../src/runtime/errors.ts';
import { unary } from '../../src/runtime/server/server.ts';
import { failure, hello, newWorld } from '../runtime/world.ts';
import { count, dial, hostile, request } from './wire.ts';

const evil = ['a\r\nMicro-Error: evil', 'a\nMicro-Error: evil', 'a\rMicro-Error: evil', 'a\0Micro-Error: evil'];

describe('what a caller puts in cannot become a line of the request', () => {
  test.each(
    evil.flatMap((text) => ['metadata', 'service', 'endpoint', 'content type', 'name'].map((where) => [where, text])),
  )('the %s %j', async (where, text) => {
    const peer = await hostile(() => {});
    const client = newWorld().client(where === 'name' ? { name: text } : {});
    const call = client.call(
      {
        service: where === 'service' ? text : 'greeter',
        endpoint: where === 'endpoint' ? text : 'Greeter.Hello',
        ...(where === 'content type' ? { contentType: text, raw: true, body: '' } : {}),
      },
      { address: peer.address, timeoutMs: 5000, ...(where === 'metadata' ? { metadata: { Foo: text } } : {}) },
    );
    expect(await failure(call)).toMatchObject({ code: 400, detail: expect.stringMatching(/line break/) });
    expect(peer.heard()).toBe('');
  });

  test.each([
    'Foo\r\nEvil',
    'Foo: x\r\nEvil',
    'Foo ',
    ' Foo',
    'Foo:',
    '',
    'Fo\0o',
    'é',
    '(Foo)',
  ])('a metadata name like %j', async (name) => {
    const peer = await hostile(() => {});
    const call = newWorld()
      .client()
      .call({ service: 'greeter', endpoint: 'Greeter.Hello' }, { address: peer.address, metadata: { [name]: 'x' } });
    expect(await failure(call)).toMatchObject({ code: 400, detail: expect.stringMatching(/no header name/) });
    expect(peer.heard()).toBe('');
  });

  test('not even in a stream', async () => {
    const peer = await hostile(() => {});
    const stream = newWorld()
      .client()
      .stream(
        { service: 'greeter', endpoint: 'Greeter.Hello' },
        { address: peer.address, metadata: { Foo: 'a\r\nb: c' } },
      );
    expect(await failure(stream)).toMatchObject({ code: 400 });
    expect(peer.heard()).toBe('');
  });
});

describe('what a handler answers with cannot become a line of the answer', () => {
  test.each(evil)('an error that says %j', async (text) => {
    const world = newWorld();
    const Fail = unary(() => {
      throw new MicroError(text, 400, text, { status: text });
    });
    const { address } = await world.serve({ Fail });
    const peer = await dial(address);
    peer.write(request('Greeter.Fail', '{}', ['Connection: close']));
    const [head = ''] = (await peer.ended()).split('\r\n\r\n');
    expect(head.split('\r\n').filter((line) => /^Micro-Error:/i.test(line))).toHaveLength(1);
    expect(head).not.toMatch(/^Micro-Error: evil/im);
    expect(head.replaceAll('\r\n', '')).not.toMatch(/[\r\n\0]/);
    const error = await failure(world.client().call({ service: 'greeter', endpoint: 'Greeter.Fail' }));
    expect(error).toMatchObject({ id: text, code: 400, detail: text });
  });

  test('an exception with line breaks', async () => {
    const world = newWorld();
    const Fail = unary(() => {
      throw new Error('first line\r\nMicro-Error: evil\r\n\r\nbody');
    });
    await world.serve({ Fail, Hello: hello });
    const error = await failure(world.client().call({ service: 'greeter', endpoint: 'Greeter.Fail' }, { retries: 0 }));
    expect(error).toMatchObject({
      code: 500,
      detail: expect.stringMatching(/^first line\s+Micro-Error: evil\s+body$/),
    });
  });
});

test('what a caller names is told back in one line', async () => {
  const world = newWorld();
  const { address } = await world.serve({ Hello: hello });
  const peer = await dial(address);
  // Go decodes nothing in names, and neither do we: what looks like an escape stays one.
  const odd = 'No%0d%0aMicro-Error:%20evil.Such\\r\\nEvil: x';
  peer.write(request(odd, '{}'));
  peer.write(
    request('Greeter.Hello', '{}', [
      'Content-Type: text/x\\r\\nFoo: bar'.replace('Content-Type', 'X-Type'),
      'Connection: close',
    ]),
  );
  const heard = await peer.ended();
  expect(count(heard, '200 OK')).toBe(2);
  expect(heard).not.toMatch(/^(Evil|Foo):/m);
});
