import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { withResolvers } from '../../../src/async/queue.ts';
import type { Client } from '../../../src/runtime/client/client.ts';
import { badRequest, MicroError, timeout } from '../../../src/runtime/errors.ts';
import { streaming, unary } from '../../../src/runtime/server/server.ts';
import { memoryTransport } from '../../../src/runtime/transport/memory.ts';
import type { CircuitBreakerOptions } from '../../../src/runtime/wrappers/circuit-breaker.ts';
import { circuitBreaker } from '../../../src/runtime/wrappers/circuit-breaker.ts';
import { recordedLog } from '../../support/recorded.ts';
import { until } from '../../support/until.ts';
import { failure, hello, newWorld } from '../world.ts';

const greet = { service: 'greeter', endpoint: 'Greeter.Hello' };
const open = { id: 'go.micro.client', code: 502, detail: 'circuit breaker is open' };
const broken = (): Error => new MicroError('greeter', 500, 'broken');

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

/** A service whose handler does what `state.answer` does, behind a breaker. */
async function setup(options: CircuitBreakerOptions = {}) {
  const state = { calls: 0, answer: (): unknown => 'fine' };
  const world = newWorld(memoryTransport);
  const Hello = unary(() => {
    state.calls += 1;
    return state.answer();
  });
  const { address } = await world.serve({ Hello, Other: hello });
  const log = recordedLog();
  const breaker = circuitBreaker({ log, ...options });
  const caller = world.client({ wrappers: [breaker], defaults: { retries: 0 } });
  const fail = async (times: number, error = broken): Promise<void> => {
    state.answer = () => {
      throw error();
    };
    for (let call = 0; call < times; call += 1) await failure(caller.call(greet));
    state.answer = () => 'fine';
  };
  return { state, caller, fail, log, address, breaker };
}

const isOpen = async (caller: Client): Promise<boolean> => {
  const error = await caller.call(greet).then(
    () => undefined,
    (thrown: MicroError) => thrown,
  );
  return error?.code === 502;
};

describe('a circuit breaker', () => {
  test('opens after six failures in a row, and calls nobody then', async () => {
    const { state, caller, fail, log } = await setup();
    await fail(5);
    await caller.call(greet);
    await fail(6);
    const { calls } = state;
    expect(await failure(caller.call(greet))).toMatchObject(open);
    expect(await failure(caller.stream(greet))).toMatchObject(open);
    expect(state.calls).toBe(calls);
    expect(log.lines).toEqual(['warn: a circuit breaker opened']);
  });

  test('lets one call probe after its time, and closes when that succeeds', async () => {
    const { state, caller, fail, log } = await setup({ failures: 1, openMs: 1000 });
    await fail(1);
    vi.advanceTimersByTime(999);
    expect(await isOpen(caller)).toBe(true);
    vi.advanceTimersByTime(1);
    const { promise, resolve } = withResolvers<string>();
    state.answer = () => promise;
    const probe = caller.call(greet);
    await until(() => state.calls === 2);
    expect(await failure(caller.call(greet))).toMatchObject(open);
    resolve('recovered');
    expect(await probe).toBe('recovered');
    expect(await caller.call(greet)).toBe('recovered');
    expect(log.lines).toEqual(['warn: a circuit breaker opened', 'info: a circuit breaker closed']);
  });

  test('opens again when the probe fails', async () => {
    const { caller, fail } = await setup({ failures: 2, openMs: 1000 });
    await fail(2);
    vi.advanceTimersByTime(1000);
    await fail(1);
    expect(await isOpen(caller)).toBe(true);
    vi.advanceTimersByTime(1000);
    expect(await isOpen(caller)).toBe(false);
  });

  test.each<[string, () => Error]>([
    ['a 503', () => new MicroError('greeter', 503, 'off')],
    ['text that is no record', () => new MicroError('', 0, 'oops')],
    ['an error of any kind', () => new TypeError('undefined is not a function')],
  ])('counts %s', async (_what, error) => {
    const { caller, fail } = await setup({ failures: 2 });
    await fail(2, error);
    expect(await isOpen(caller)).toBe(true);
  });

  test.each<[string, () => Error]>([
    ['a refusal', () => badRequest('greeter', 'no')],
    ["the service's own 408", () => timeout('greeter', 'a backend was slow')],
    ["the service's own 429", () => new MicroError('go.micro.server', 429, 'too many request')],
  ])('takes %s for an answer', async (_what, error) => {
    const { caller, fail } = await setup({ failures: 2 });
    for (let round = 0; round < 3; round += 1) {
      await fail(1);
      await fail(1, error);
    }
    expect(await isOpen(caller)).toBe(false);
  });

  test('counts time-outs, and not callers who gave up', async () => {
    const { state, caller } = await setup({ failures: 2 });
    state.answer = () => new Promise(() => {});
    for (let call = 0; call < 4; call += 1) {
      const stop = new AbortController();
      const { calls } = state;
      const waiting = failure(caller.call(greet, { signal: stop.signal }));
      await until(() => state.calls > calls);
      stop.abort();
      await waiting;
    }
    for (let call = 0; call < 2; call += 1) await failure(caller.call(greet, { timeoutMs: 5 }));
    expect(await isOpen(caller)).toBe(true);
  });

  test('whose probe was given up lets the next call probe', async () => {
    const { state, caller, fail } = await setup({ failures: 1, openMs: 1000 });
    await fail(1);
    vi.advanceTimersByTime(1000);
    const stop = new AbortController();
    state.answer = () => new Promise(() => {});
    const probe = failure(caller.call(greet, { signal: stop.signal }));
    await until(() => state.calls === 2);
    stop.abort();
    await probe;
    state.answer = () => 'fine';
    expect(await caller.call(greet)).toBe('fine');
    expect(await caller.call(greet)).toBe('fine');
  });

  test('counts what fails at once, and not what began before it opened', async () => {
    const { state, caller, log } = await setup({ failures: 3, openMs: 1000 });
    const { promise, reject } = withResolvers<never>();
    promise.catch(() => {});
    state.answer = () => promise;
    const many = Array.from({ length: 10 }, () => failure(caller.call(greet)));
    await until(() => state.calls === 10);
    reject(broken());
    await Promise.all(many);
    expect(await isOpen(caller)).toBe(true);
    vi.advanceTimersByTime(1000);
    state.answer = () => 'fine';
    expect(await caller.call(greet)).toBe('fine');
    expect(log.lines).toHaveLength(2);
  });

  test('is one for each endpoint, or one for each service', async () => {
    const other = { service: 'greeter', endpoint: 'Greeter.Other' };
    const apart = await setup({ failures: 1 });
    await apart.fail(1);
    await apart.caller.call(other);
    const together = await setup({ failures: 1, per: 'service' });
    await together.fail(1);
    expect(await failure(together.caller.call(other))).toMatchObject(open);
  });

  test('shows which are not closed, and until when', async () => {
    const before = Date.now();
    const { breaker, state, caller, fail } = await setup({ failures: 1, openMs: 1000 });
    expect(breaker.states()).toEqual([]);
    await fail(1);
    const [circuit] = breaker.states();
    expect(circuit).toMatchObject({ ...greet, state: 'open' });
    expect(circuit?.since).toBeGreaterThanOrEqual(before);
    expect(circuit?.until).toBe((circuit?.since ?? 0) + 1000);
    vi.advanceTimersByTime(1000);
    const { promise, resolve } = withResolvers<string>();
    state.answer = () => promise;
    const probe = caller.call(greet);
    await until(() => breaker.states()[0]?.state === 'half-open');
    resolve('recovered');
    await probe;
    expect(breaker.states()).toEqual([]);
  });

  test('of a whole service shows no endpoint', async () => {
    const { breaker, fail } = await setup({ failures: 1, per: 'service' });
    await fail(1);
    expect(breaker.states()).toMatchObject([{ service: 'greeter', endpoint: undefined }]);
  });

  test('opens for a service that nobody runs', async () => {
    const { caller } = await setup({ failures: 2 });
    const nobody = { service: 'nobody', endpoint: 'A.B' };
    for (let call = 0; call < 2; call += 1) await failure(caller.call(nobody));
    expect(await failure(caller.call(nobody))).toMatchObject(open);
  });

  test('remembers no more than a thousand names, and longest of those that fail', async () => {
    const { caller, fail, address } = await setup({ failures: 1 });
    await fail(1);
    for (let name = 0; name < 1100; name += 1) {
      await caller.call({ service: `alias-${name}`, endpoint: 'Greeter.Other' }, { address });
    }
    expect(await isOpen(caller)).toBe(true);
    for (let name = 0; name < 1000; name += 1) {
      await failure(caller.call({ service: `nobody-${name}`, endpoint: 'A.B' }));
    }
    expect(await isOpen(caller)).toBe(false);
  });
});

describe('a fallback', () => {
  test('answers for an open breaker and for failures, and not for refusals', async () => {
    const seen: number[] = [];
    const { caller, fail, state } = await setup({
      failures: 2,
      fallback: (error, { endpoint }) => {
        seen.push(error.code);
        return `${endpoint} rests`;
      },
    });
    state.answer = () => {
      throw badRequest('greeter', 'no');
    };
    expect(await failure(caller.call(greet))).toMatchObject({ code: 400 });
    state.answer = () => {
      throw broken();
    };
    for (let call = 0; call < 3; call += 1) expect(await caller.call(greet)).toBe('Greeter.Hello rests');
    expect(seen).toEqual([500, 500, 502]);
    await expect(fail(1)).rejects.toThrow('it succeeded');
  });

  test('may throw', async () => {
    const { caller, fail } = await setup({
      failures: 1,
      fallback: () => {
        throw badRequest('cache', 'nothing here either');
      },
    });
    await fail(1);
    expect(await failure(caller.call(greet))).toMatchObject({ id: 'cache', code: 400 });
  });
});

test('the opening of a stream counts, and what is said in it does not', async () => {
  const world = newWorld(memoryTransport);
  const Talk = streaming(async function* (requests: AsyncIterable<unknown>) {
    for await (const request of requests) {
      if (request === 'break') throw broken();
      yield request;
    }
  });
  const server = await world.serve({ Talk });
  const caller = world.client({ wrappers: [circuitBreaker({ failures: 1 })], defaults: { retries: 0 } });
  const talk = { service: 'greeter', endpoint: 'Greeter.Talk' };
  for (let times = 0; times < 3; times += 1) {
    const stream = await caller.stream({ ...talk, body: 'break' });
    expect(await failure(stream[Symbol.asyncIterator]().next())).toMatchObject({ code: 500 });
  }
  const { address } = server;
  await server.stop();
  expect(await failure(caller.stream(talk, { address }))).toMatchObject({ code: 500 });
  expect(await failure(caller.stream(talk, { address }))).toMatchObject(open);
});
