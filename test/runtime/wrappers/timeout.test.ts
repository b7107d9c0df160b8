import { describe, expect, test } from 'vitest';
import type { Context } from '../../../src/runtime/context.ts';
import { contextKey } from '../../../src/runtime/context.ts';
import { badRequest } from '../../../src/runtime/errors.ts';
import { streaming, unary } from '../../../src/runtime/server/server.ts';
import { attemptTimeout, callTimeout, handlerTimeout } from '../../../src/runtime/wrappers/timeout.ts';
import { until } from '../../support/until.ts';
import { failure, hello, newWorld, transports } from '../world.ts';

const greet = { service: 'greeter', endpoint: 'Greeter.Hello', body: { name: 'John' } };
const late = { id: 'go.micro.client', code: 408, detail: 'call timeout: context deadline exceeded' };
const never = unary(() => new Promise<never>(() => {}));

describe.each(transports)('over %s', (_name, transport) => {
  test('a call takes no longer than its wrapper allows, and may ask for less', async () => {
    const world = newWorld(transport);
    const seen: number[] = [];
    const Hello = unary((_: unknown, { deadline = Number.POSITIVE_INFINITY }) => {
      seen.push(deadline - Date.now());
      return new Promise<never>(() => {});
    });
    await world.serve({ Hello });
    const limited = world.client({ wrappers: [callTimeout(1_200)], defaults: { timeoutMs: 60_000 } });
    expect(await failure(limited.call(greet, { timeoutMs: 10_000 }))).toMatchObject(late);
    expect(await failure(limited.call(greet))).toMatchObject(late);
    expect(await failure(limited.call(greet, { timeoutMs: 800 }))).toMatchObject(late);
    const [given, usual, less] = seen;
    expect(given).toBeLessThanOrEqual(1_200);
    expect(usual).toBeLessThanOrEqual(1_200);
    expect(less).toBeLessThanOrEqual(800);
  });

  test('an attempt that hangs leaves time for another node', async () => {
    const world = newWorld(transport);
    let hung = 0;
    await world.serve({
      Hello: unary(() => {
        hung += 1;
        return new Promise<never>(() => {});
      }),
    });
    await world.serve({ Hello: hello });
    const limited = world.client({ callWrappers: [attemptTimeout(40)], defaults: { backoff: () => 0 } });
    await until(async () => {
      expect(await limited.call(greet, { timeoutMs: 10_000 })).toEqual({ msg: 'Hello John' });
      return hung > 2;
    });
  });

  test('attempts together still end with the call', async () => {
    const world = newWorld(transport);
    await world.serve({ Hello: never });
    const limited = world.client({ callWrappers: [attemptTimeout(30)], defaults: { retries: 1000, backoff: () => 0 } });
    expect(await failure(limited.call(greet, { timeoutMs: 100 }))).toMatchObject(late);
    const stop = new AbortController();
    const waiting = failure(limited.call(greet, { signal: stop.signal }));
    stop.abort();
    expect(await waiting).toMatchObject({ code: 408, detail: 'call timeout: context canceled' });
  });

  test('a handler that takes too long is told, and its caller gets an answer', async () => {
    const world = newWorld(transport);
    const told: unknown[] = [];
    const key = contextKey<string>('who');
    const Hello = unary(async (_: unknown, context: Context) => {
      const inner = context.with(key, 'me');
      told.push(inner.get(key), inner.header('Who'), inner.metadata['Who'], (inner.deadline ?? 0) - Date.now() <= 20);
      await new Promise((resolve) => inner.signal.addEventListener('abort', resolve));
      told.push((inner.signal.reason as Error).name);
      throw new Error('nobody listens any more');
    });
    await world.serve({ Hello }, { wrappers: [handlerTimeout(20)] });
    const caller = world.client({ defaults: { retries: 0, metadata: { Who: 'john' } } });
    expect(await failure(caller.call(greet))).toMatchObject({
      id: 'go.micro.server',
      code: 408,
      detail: 'Greeter.Hello took longer than 20 ms',
    });
    await until(() => told.length === 5);
    expect(told).toEqual(['me', 'john', 'john', true, 'TimeoutError']);
  });
});

test('a handler in time answers as ever, with values of outer wrappers at hand', async () => {
  const world = newWorld();
  const key = contextKey<number>('number');
  await world.serve(
    {
      Hello: unary((_: unknown, context: Context) => context.get(key)),
      Refuse: unary(() => {
        throw badRequest('greeter', 'no');
      }),
      Count: streaming(async function* () {
        yield 1;
      }),
    },
    {
      wrappers: [
        (next) => (context, request) => next(context.with(key, 7), request),
        handlerTimeout(10_000),
        (next) => async (context, request) => {
          expect(context.signal.aborted).toBe(false);
          return next(context, request);
        },
      ],
    },
  );
  const caller = world.client();
  expect(await caller.call(greet)).toBe(7);
  expect(await failure(caller.call({ ...greet, endpoint: 'Greeter.Refuse' }))).toMatchObject({ code: 400 });
  for await (const value of await caller.stream({ ...greet, endpoint: 'Greeter.Count' })) expect(value).toBe(1);
});
