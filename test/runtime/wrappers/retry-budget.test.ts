import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { badRequest, MicroError } from '../../../src/runtime/errors.ts';
import { unary } from '../../../src/runtime/server/server.ts';
import { memoryTransport } from '../../../src/runtime/transport/memory.ts';
import type { RetryBudgetOptions } from '../../../src/runtime/wrappers/retry-budget.ts';
import { retryBudget } from '../../../src/runtime/wrappers/retry-budget.ts';
import { failure, newWorld } from '../world.ts';

const greet = { service: 'greeter', endpoint: 'Greeter.Hello' };

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

async function setup(options: RetryBudgetOptions) {
  const state = { attempts: 0, fails: true };
  const world = newWorld(memoryTransport);
  const Hello = unary(() => {
    state.attempts += 1;
    if (state.fails) throw new MicroError('greeter', 500, 'broken');
    return 'fine';
  });
  await world.serve({ Hello });
  const caller = world.client({ wrappers: [retryBudget(options)], defaults: { retries: 3, backoff: () => 0 } });
  return { state, caller };
}

test('when everything fails, retries stay the part of the calls that was allowed', async () => {
  const { state, caller } = await setup({ ratio: 0.1, burst: 5, perSecond: 0 });
  for (let call = 0; call < 100; call += 1) {
    expect(await failure(caller.call(greet))).toMatchObject({ code: 500, detail: 'broken' });
  }
  // 100 calls, 5 retries saved up, and one in ten calls pays for one (up to rounding).
  expect(state.attempts).toBeGreaterThanOrEqual(113);
  expect(state.attempts).toBeLessThanOrEqual(115);
});

test('calls that succeed pay for the retries of those that fail', async () => {
  const { state, caller } = await setup({ ratio: 0.5, burst: 3, perSecond: 0 });
  await failure(caller.call(greet));
  expect(state.attempts).toBe(4);
  await failure(caller.call(greet));
  expect(state.attempts).toBe(5);
  state.fails = false;
  for (let call = 0; call < 3; call += 1) await caller.call(greet);
  state.fails = true;
  state.attempts = 0;
  await failure(caller.call(greet));
  expect(state.attempts).toBe(3);
});

test('rare calls have their retries by the second', async () => {
  const { state, caller } = await setup({ ratio: 0, burst: 1, perSecond: 1 });
  for (const [afterMs, attempts] of [
    [0, 2],
    [500, 1],
    [500, 2],
  ] as const) {
    vi.advanceTimersByTime(afterMs);
    state.attempts = 0;
    await failure(caller.call(greet));
    expect(state.attempts).toBe(attempts);
  }
});

test('what is not worth a retry costs none', async () => {
  const { state, caller } = await setup({ ratio: 0, burst: 1, perSecond: 0 });
  for (let call = 0; call < 3; call += 1) await failure(caller.call(greet, { retry: () => false }));
  for (let call = 0; call < 3; call += 1) await failure(caller.call(greet, { retries: 0 }));
  state.attempts = 0;
  await failure(caller.call(greet));
  expect(state.attempts).toBe(2);
});

test('which errors are worth it can be said in the budget', async () => {
  const world = newWorld(memoryTransport);
  let attempts = 0;
  await world.serve({
    Hello: unary(() => {
      attempts += 1;
      throw badRequest('greeter', 'again');
    }),
  });
  const caller = world.client({
    wrappers: [retryBudget({ retry: ({ code }) => code === 400 })],
    defaults: { retries: 2 },
  });
  await failure(caller.call(greet, { backoff: () => 0 }));
  expect(attempts).toBe(3);
});

test('the opening of a stream is in the budget too', async () => {
  const world = newWorld(memoryTransport);
  const wrappers = [retryBudget({ ratio: 0, burst: 2, perSecond: 0 })];
  const waits: number[] = [];
  const backoff = (attempt: number): number => {
    waits.push(attempt);
    return 0;
  };
  const caller = world.client({ wrappers, defaults: { retries: 9, backoff } });
  await failure(caller.stream(greet, { address: '127.0.0.1:1' }));
  expect(waits).toEqual([1, 2]);
});
