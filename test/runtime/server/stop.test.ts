import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { memoryRegistry } from '../../../src/discovery/memory/memory.ts';
import { httpTransport } from '../../../src/runtime/transport/http/http.ts';
import { newServer } from '../../../src/runtime/server/micro.ts';
import type { MicroError } from '../../../src/runtime/errors.ts';
import { streaming, unary } from '../../../src/runtime/server/server.ts';
import { until } from '../../support/until.ts';
import { post, raw } from '../raw.ts';
import { failure, hello, newWorld, transports } from '../world.ts';

const slow = { service: 'greeter', endpoint: 'Greeter.Slow' };

/** A handler that answers when it is told to. */
function gated() {
  const waiting: (() => void)[] = [];
  const method = unary(() => new Promise((resolve) => waiting.push(() => resolve({ msg: 'done' }))));
  return { waiting, method };
}

describe.each(transports)('stopping over %s', (_name, transport) => {
  test('what runs is answered, what comes now is refused, and then nobody is there', async () => {
    const world = newWorld(transport);
    const { waiting, method } = gated();
    const server = await world.serve({ Slow: method, Hello: hello });
    const client = world.client();
    const { address } = server;
    const running = [client.call(slow), client.call(slow)];
    await until(() => waiting.length === 2);
    const idle = client.call({ service: 'greeter', endpoint: 'Greeter.Hello' }, { address });
    await idle;
    const stopping = server.stop({ graceMs: 60_000 });
    await until(async () => (await world.registry.getService('greeter')).length === 0);
    const late = { service: 'greeter', endpoint: 'Greeter.Hello' };
    await until(async () => {
      const error = await failure(client.call(late, { address, retries: 0 }));
      expect(error).toMatchObject({ id: 'greeter', code: 500, detail: 'the server is stopping' });
      return true;
    });
    for (const open of waiting) open();
    await expect(Promise.all(running)).resolves.toEqual([{ msg: 'done' }, { msg: 'done' }]);
    await stopping;
    // A connection of ours that was closed in this very moment may still be tried.
    await until(async () => {
      const { detail } = (await failure(client.call(late, { address, retries: 0 }))) as MicroError;
      return detail.startsWith('connection error');
    });
    await server.stop();
  });

  test('what still runs when the grace is over is told so, and its signal aborts', async () => {
    const world = newWorld(transport);
    const reasons: unknown[] = [];
    let running = 0;
    const Slow = unary((_: unknown, { signal }) => {
      running += 1;
      signal.addEventListener('abort', () => reasons.push(signal.reason));
      return new Promise(() => {});
    });
    const Stream = streaming(async function* (_requests, { signal }) {
      running += 1;
      signal.addEventListener('abort', () => reasons.push(signal.reason));
      yield { n: 1 };
      await new Promise(() => {});
    });
    const server = await world.serve({ Slow, Stream });
    const client = world.client();
    const call = failure(client.call(slow, { retries: 0 }));
    const talk = (await client.stream({ service: 'greeter', endpoint: 'Greeter.Stream' }))[Symbol.asyncIterator]();
    await talk.next();
    await until(() => running === 2);
    const ended = failure(talk.next());
    await server.stop({ graceMs: 10 });
    expect(await call).toMatchObject({ id: 'greeter', code: 500, detail: 'the server is stopping' });
    expect(await ended).toMatchObject({ id: 'greeter', code: 500, detail: 'the server is stopping' });
    expect(reasons).toHaveLength(2);
  });

  test('under load no call is lost while one of two nodes stops', async () => {
    const world = newWorld(transport);
    const Work = unary(async () => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      return { ok: true };
    });
    const [first] = [await world.serve({ Work }), await world.serve({ Work })];
    const client = world.client();
    let answered = 0;
    const load = { going: true };
    const callers = Array.from({ length: 16 }, async () => {
      while (load.going) {
        expect(await client.call({ service: 'greeter', endpoint: 'Greeter.Work' })).toEqual({ ok: true });
        answered += 1;
      }
    });
    await until(() => answered > 100);
    await first.stop();
    const then = answered;
    await until(() => answered > then + 100);
    load.going = false;
    await Promise.all(callers);
  });

  test('stopping twice is one stop; a stopped server does not start again', async () => {
    const world = newWorld(transport);
    const server = await world.serve({ Hello: hello });
    await Promise.all([server.stop(), server.stop()]);
    const never = newServer({ registry: world.registry, transport: world.transport });
    await never.stop();
    expect(await failure(never.start())).toMatchObject({
      message: 'a server that was stopped cannot be started again',
    });
  });
});

test('over http, answers of a server that leaves say that their connection will close, so that nothing more is asked on it', async () => {
  const world = newWorld(httpTransport);
  const { waiting, method } = gated();
  const server = await world.serve({ Slow: method, Hello: hello });
  const connection = await raw(server.address);
  connection.write(post(['Micro-Endpoint: Greeter.Hello'], '{}'));
  expect((await connection.answer()).headers).not.toHaveProperty('Connection');
  connection.write(post(['Micro-Endpoint: Greeter.Slow'], '{}'));
  await until(() => waiting.length === 1);

  const client = world.client();
  const { address } = server;
  const call = client.call(slow, { address, retries: 0 });
  await until(() => waiting.length === 2);
  const stopping = server.stop({ graceMs: 60_000 });
  await until(async () => (await world.registry.getService('greeter')).length === 0);
  waiting[1]?.();
  await call;
  // The connection is still open, since the first call runs; a new one is tried instead, and there the server is gone.
  expect(await failure(client.call(slow, { address, retries: 0 }))).toMatchObject({
    detail: expect.stringMatching(/^connection error/),
  });
  waiting[0]?.();
  expect((await connection.answer()).headers).toMatchObject({ Connection: 'close' });
  await stopping;
});

test('a registry that never answers the first registration does not keep a server from leaving', async () => {
  const registry = { ...memoryRegistry(), register: () => new Promise<void>(() => {}) };
  const server = newServer({ transport: httpTransport(), registry, name: 'stuck', address: '127.0.0.1:0' });
  void server.start().catch(() => {});
  await until(() => server.address);
  const { address } = server;
  await server.stop({ graceMs: 50 });
  const [host = '', port] = address.split(':');
  const socket = connect(Number(port), host);
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  // A connection that was taken at the last moment is ended.
  expect(['ECONNREFUSED', 'ECONNRESET']).toContain(error.code);
});
