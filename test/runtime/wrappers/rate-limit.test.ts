import { afterEach, describe, expect, test, vi } from 'vitest';
import { newContext } from '../../../src/runtime/context.ts';
import { MicroError } from '../../../src/runtime/errors.ts';
import { streaming, unary } from '../../../src/runtime/server/server.ts';
import { memoryTransport } from '../../../src/runtime/transport/memory.ts';
import { clientRateLimit, handlerRateLimit } from '../../../src/runtime/wrappers/rate-limit.ts';
import { failure, hello, newWorld } from '../world.ts';

const greet = { service: 'greeter', endpoint: 'Greeter.Hello', body: { name: 'John' } };
const count = { service: 'greeter', endpoint: 'Greeter.Count' };
const Count = streaming(async function* () {
  yield 1;
});
const refusal = { code: 429, detail: 'too many request' };

/** Tokens come in only when the test says so. */
const stopTheClock = (): unknown => vi.useFakeTimers({ toFake: ['performance'] });
afterEach(() => void vi.useRealTimers());

async function served() {
  const made = newWorld(memoryTransport);
  await made.serve({ Hello: hello, Count });
  return made;
}

describe('a client with a rate limit', () => {
  test('fails at once beyond it, until time has gone by', async () => {
    const world = await served();
    stopTheClock();
    const limited = world.client({ wrappers: [clientRateLimit({ perSecond: 10, burst: 2 })] });
    await limited.call(greet);
    await limited.call(greet);
    expect(await failure(limited.call(greet))).toMatchObject({ id: 'go.micro.client', ...refusal });
    vi.advanceTimersByTime(100);
    await limited.call(greet);
    expect(await failure(limited.call(greet))).toMatchObject(refusal);
    vi.advanceTimersByTime(60_000);
    await Promise.all([limited.call(greet), limited.call(greet)]);
    expect(await failure(limited.call(greet))).toMatchObject(refusal);
  });

  test('counts the opening of a stream, not its messages', async () => {
    const world = await served();
    stopTheClock();
    const limited = world.client({ wrappers: [clientRateLimit({ perSecond: 1 })] });
    const stream = await limited.stream(count);
    // Both before the handler can have ended: it reads one.
    await Promise.all([stream.send({}), stream.send({})]);
    await stream.close();
    expect(await failure(limited.stream(count))).toMatchObject(refusal);
  });

  test('waits for its turn when told to, each caller in the order of asking', async () => {
    const world = await served();
    const limited = world.client({ wrappers: [clientRateLimit({ perSecond: 200, burst: 1, whenFull: 'wait' })] });
    const order: number[] = [];
    const since = performance.now();
    await Promise.all(
      Array.from({ length: 9 }, async (_, index) => {
        await limited.call(greet);
        order.push(index);
      }),
    );
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    // Never sooner than the limit allows.
    expect(performance.now() - since).toBeGreaterThan(35);
  });

  test('does not wait past the deadline, and takes nothing from those who can', async () => {
    const world = await served();
    stopTheClock();
    const limited = world.client({ wrappers: [clientRateLimit({ perSecond: 1, whenFull: 'wait' })] });
    await limited.call(greet);
    for (const options of [
      { timeoutMs: 900 },
      { context: newContext({ deadline: Date.now() + 500 }) },
      { context: newContext({ deadline: Date.now() - 1 }) },
    ]) {
      expect(await failure(limited.call(greet, options))).toMatchObject(refusal);
    }
    vi.advanceTimersByTime(1000);
    await limited.call(greet);
  });

  test('stops waiting when its caller gives up, and hands its turn back', async () => {
    const world = await served();
    const limited = world.client({ wrappers: [clientRateLimit({ perSecond: 0.5, whenFull: 'wait' })] });
    await limited.call(greet);
    for (const [stop, options] of [
      ((one) => [one, { signal: one.signal }] as const)(new AbortController()),
      ((one) => [one, { context: newContext({ signal: one.signal }) }] as const)(new AbortController()),
    ]) {
      const waiting = failure(limited.call(greet, options));
      stop.abort();
      expect(await waiting).toMatchObject({ code: 408, detail: 'context canceled' });
    }
    expect(await failure(limited.call(greet, { signal: AbortSignal.abort() }))).toMatchObject({ code: 408 });
  });

  test('leaves to the call what is left of its time', async () => {
    const world = newWorld(memoryTransport);
    await world.serve({ Hello: unary((_: unknown, { deadline = 0 }) => deadline - Date.now()) });
    const limited = world.client({ wrappers: [clientRateLimit({ perSecond: 20, whenFull: 'wait', burst: 1 })] });
    await limited.call(greet);
    expect(await limited.call<number>(greet, { timeoutMs: 20_000 })).toBeLessThan(19_965);
  });

  test('shares the limit when the wrapper is shared', async () => {
    const world = await served();
    stopTheClock();
    const limit = clientRateLimit({ perSecond: 1 });
    await world.client({ wrappers: [limit] }).call(greet);
    expect(await failure(world.client({ wrappers: [limit] }).call(greet))).toMatchObject(refusal);
  });
});

describe('a server with a rate limit', () => {
  test('refuses requests and streams beyond it, and not its own health', async () => {
    const world = newWorld(memoryTransport);
    stopTheClock();
    await world.serve({ Hello: hello, Count }, { wrappers: [handlerRateLimit({ perSecond: 3 })] });
    const caller = world.client();
    const stream = await caller.stream(count);
    for await (const value of stream) expect(value).toBe(1);
    await caller.call(greet);
    await caller.call(greet);
    expect(await failure(caller.call(greet))).toMatchObject({ id: 'go.micro.server', ...refusal });
    const refused = await caller.stream(count);
    expect(await failure(refused[Symbol.asyncIterator]().next())).toMatchObject(refusal);
    await caller.call({ service: 'greeter', endpoint: 'Debug.Health' });
  });

  test('lets requests wait, but not past their deadline', async () => {
    const world = newWorld(memoryTransport);
    await world.serve(
      { Hello: hello },
      { wrappers: [handlerRateLimit({ perSecond: 50, burst: 1, whenFull: 'wait' })] },
    );
    const caller = world.client({ defaults: { retries: 0 } });
    const answers = await Promise.all(Array.from({ length: 4 }, () => caller.call(greet)));
    expect(answers).toHaveLength(4);
    const slow = newWorld(memoryTransport);
    await slow.serve({ Hello: hello }, { wrappers: [handlerRateLimit({ perSecond: 0.5, whenFull: 'wait' })] });
    const hasty = slow.client({ defaults: { retries: 0 } });
    await hasty.call(greet);
    expect(await failure(hasty.call(greet, { timeoutMs: 1000 }))).toMatchObject(refusal);
  });
});

test('a limit that lets nothing through is refused', () => {
  expect(() => clientRateLimit({ perSecond: 0 })).toThrow('lets nothing through');
  expect(() => handlerRateLimit({ perSecond: Number.NaN })).toThrow('lets nothing through');
  expect(() => clientRateLimit({ perSecond: 1, burst: 0.5 })).toThrow('can never give one');
  expect(new MicroError('a', 429, '').status).toBe('Too Many Requests');
});
