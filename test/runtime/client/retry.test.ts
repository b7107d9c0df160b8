import { describe, expect, test } from 'vitest';
import { badRequest, internalServerError, MicroError, timeout } from '../../../src/runtime/errors.ts';
import { unary } from '../../../src/runtime/server/server.ts';
import { until } from '../../support/until.ts';
import { failure, hello, newWorld, transports } from '../world.ts';

const greet = { service: 'greeter', endpoint: 'Greeter.Hello', body: { name: 'John' } };

/** A handler that fails `times` times, then answers; it counts how often it was called. */
function flaky(times: number, error: () => Error) {
  const calls = { count: 0 };
  const method = unary(() => {
    calls.count += 1;
    if (calls.count <= times) throw error();
    return { calls: calls.count };
  });
  return { calls, method };
}

const broken = (): Error => new MicroError('greeter', 500, 'broken');

describe.each(transports)('attempts over %s', (_name, transport) => {
  test('a service that fails one time in three answers every call within three retries', async () => {
    const world = newWorld(transport);
    let count = 0;
    const Hello = unary(() => {
      count += 1;
      if (count % 3 === 0) throw internalServerError('greeter', 'one of three');
      return { msg: 'hi' };
    });
    await world.serve({ Hello });
    const client = world.client();
    let answered = 0;
    for (let call = 0; call < 100; call += 1) {
      await client.call(greet, { retries: 3, backoff: () => 0 });
      answered += 1;
    }
    expect(answered).toBe(100);
    expect(count).toBe(149);
  });

  test('500 and 408 are tried again once by default', async () => {
    for (const error of [broken, () => timeout('greeter', 'slow'), () => new Error('plain')]) {
      const world = newWorld(transport);
      const { method } = flaky(1, error);
      await world.serve({ Hello: method });
      await expect(world.client().call(greet)).resolves.toEqual({ calls: 2 });
    }
    const world = newWorld(transport);
    const { method, calls } = flaky(2, broken);
    await world.serve({ Hello: method });
    expect(await failure(world.client().call(greet))).toMatchObject({ code: 500, detail: 'broken' });
    expect(calls.count).toBe(2);
  });

  test('other errors are final', async () => {
    for (const error of [
      badRequest('greeter', 'no'),
      new MicroError('', 0, 'plain text'),
      new MicroError('greeter', 503, 'off'),
    ]) {
      const world = newWorld(transport);
      const { method, calls } = flaky(1, () => error);
      await world.serve({ Hello: method });
      expect(await failure(world.client().call(greet))).toMatchObject({ code: error.code, detail: error.detail });
      expect(calls.count).toBe(1);
    }
  });

  test('the predicate and the backoff are asked with the attempt they are about', async () => {
    const world = newWorld(transport);
    const { method, calls } = flaky(9, () => badRequest('greeter', 'again'));
    await world.serve({ Hello: method });
    const asked: number[] = [];
    const waited: number[] = [];
    const retry = ({ code }: MicroError, attempt: number): boolean => {
      asked.push(attempt);
      return code === 400;
    };
    const backoff = (attempt: number): number => {
      waited.push(attempt);
      return 0;
    };
    await failure(world.client().call(greet, { retries: 3, retry, backoff }));
    expect(calls.count).toBe(4);
    expect(asked).toEqual([0, 1, 2]);
    expect(waited).toEqual([1, 2, 3]);
  });

  test('another attempt goes to another node', async () => {
    const world = newWorld(transport);
    const bad = flaky(1000, broken);
    await world.serve({ Hello: bad.method });
    await world.serve({ Hello: hello });
    const client = world.client();
    for (let call = 0; call < 20; call += 1) {
      await expect(client.call(greet, { backoff: () => 0 })).resolves.toEqual({ msg: 'Hello John' });
    }
    expect(bad.calls.count).toBeGreaterThan(0);
  });

  test('a node that cannot be reached is passed over by later calls', async () => {
    const world = newWorld(transport);
    const server = await world.serve({ Hello: hello });
    const dead = await world.serve({ Hello: hello });
    const { record } = dead;
    await dead.stop();
    const alive = server.record.nodes;
    const seen: string[] = [];
    const client = world.client({
      lookup: () => [{ ...record, nodes: [...record.nodes, ...alive] }],
      callWrappers: [
        (next) => (node, request, options) => {
          seen.push(node.address);
          return next(node, request, options);
        },
      ],
    });
    for (let call = 0; call < 40; call += 1) await client.call(greet, { backoff: () => 0 });
    expect(seen.filter((address) => address !== server.address).length).toBeLessThanOrEqual(1);
  });

  test('call wrappers surround every attempt, client wrappers the whole call', async () => {
    const world = newWorld(transport);
    const { method } = flaky(1, broken);
    await world.serve({ Hello: method });
    const heard: string[] = [];
    const client = world.client({
      wrappers: [
        (next) => ({
          ...next,
          call: (request, options) => {
            heard.push('outer');
            return next.call(request, options);
          },
        }),
        (next) => ({
          ...next,
          call: (request, options) => {
            heard.push('inner');
            return next.call(request, options);
          },
        }),
      ],
      callWrappers: [
        (next) => (node, request, options) => {
          heard.push('attempt');
          return next(node, { ...request }, { ...options });
        },
        (next) => (node, request, options) => {
          heard.push('nearest');
          return next(node, request, { ...options });
        },
      ],
    });
    await expect(client.call(greet)).resolves.toEqual({ calls: 2 });
    expect(heard).toEqual(['outer', 'inner', 'attempt', 'nearest', 'attempt', 'nearest']);
  });

  test('a call wrapper that waits is cut off when the time is over, and begins nothing after it', async () => {
    const world = newWorld(transport);
    const { method, calls } = flaky(0, broken);
    await world.serve({ Hello: method });
    const gate = { open: (): void => {} };
    const waited = new Promise<void>((resolve) => {
      gate.open = resolve;
    });
    const late: unknown[] = [];
    const client = world.client({
      callWrappers: [
        (next) => async (node, request, options) => {
          await waited;
          late.push(await failure(next(node, request, options)));
        },
      ],
    });
    expect(await failure(client.call(greet, { timeoutMs: 20 }))).toMatchObject({ code: 408 });
    gate.open();
    await until(() => late.length === 1);
    expect(late[0]).toMatchObject({ code: 408 });
    expect(calls.count).toBe(0);
  });

  test('a call wrapper may answer by itself', async () => {
    const client = newWorld(transport).client({
      lookup: () => [
        {
          name: 'greeter',
          version: '1',
          metadata: {},
          endpoints: [],
          nodes: [{ id: 'n', address: 'x', metadata: {} }],
        },
      ],
      callWrappers: [() => () => Promise.resolve('from the cache')],
    });
    await expect(client.call(greet)).resolves.toBe('from the cache');
  });
});
