import { describe, expect, test } from 'vitest';
import { newContext } from '../../../src/runtime/context.ts';
import { internalServerError } from '../../../src/runtime/errors.ts';
import { unary } from '../../../src/runtime/server/server.ts';
import { until } from '../../support/until.ts';
import { failure, hello, newWorld, transports } from '../world.ts';

const greet = { service: 'greeter', endpoint: 'Greeter.Hello' };
const never = (): Promise<never> => new Promise(() => {});

describe.each(transports)('time over %s', (_name, transport) => {
  test('a handler that takes too long is a 408, and the connection is not used again', async () => {
    const world = newWorld(transport);
    await world.serve({ Hello: unary(never), Fast: hello });
    const client = world.client();
    expect(await failure(client.call(greet, { timeoutMs: 30 }))).toMatchObject({
      id: 'go.micro.client',
      code: 408,
      detail: 'call timeout: context deadline exceeded',
    });
    await expect(client.call({ service: 'greeter', endpoint: 'Greeter.Fast' })).resolves.toEqual({ msg: 'Hello ' });
  });

  test('the time is for all attempts together', async () => {
    const world = newWorld(transport);
    let attempts = 0;
    const Hello = unary(() => {
      attempts += 1;
      throw internalServerError('greeter', 'again');
    });
    await world.serve({ Hello });
    const call = world.client().call(greet, { timeoutMs: 1_500, retries: 1000, backoff: () => 250 });
    expect(await failure(call)).toMatchObject({ code: 408, detail: 'call timeout: context deadline exceeded' });
    expect(attempts).toBeGreaterThan(1);
    expect(attempts).toBeLessThan(10);
  });

  test('a registry that does not answer is a 408 too', async () => {
    const client = newWorld(transport).client({ lookup: never });
    expect(await failure(client.call(greet, { timeoutMs: 20 }))).toMatchObject({ code: 408 });
  });

  test('time that is over already is not begun', async () => {
    const world = newWorld(transport);
    let called = false;
    const Hello = unary(() => {
      called = true;
      return {};
    });
    await world.serve({ Hello });
    const over = { id: 'go.micro.client', code: 408, detail: 'context deadline exceeded' };
    const client = world.client();
    expect(await failure(client.call(greet, { timeoutMs: 0 }))).toMatchObject(over);
    expect(await failure(client.call(greet, { timeoutMs: Number.NaN }))).toMatchObject(over);
    const late = newContext({ deadline: Date.now() - 1 });
    expect(await failure(client.call(greet, { context: late }))).toMatchObject(over);
    const canceled = { code: 408, detail: 'context canceled' };
    expect(await failure(client.call(greet, { signal: AbortSignal.abort() }))).toMatchObject(canceled);
    expect(called).toBe(false);
  });

  test('aborting a call ends it, whatever it waits for', async () => {
    const world = newWorld(transport);
    let asked = 0;
    const Hello = unary(() => {
      asked += 1;
      return never();
    });
    const Fail = unary(() => {
      asked += 1;
      throw internalServerError('greeter', 'again');
    });
    await world.serve({ Hello, Fail });
    const canceled = { id: 'go.micro.client', code: 408, detail: 'call timeout: context canceled' };
    for (const endpoint of ['Greeter.Hello', 'Greeter.Fail']) {
      asked = 0;
      const controller = new AbortController();
      const call = failure(
        world
          .client()
          .call({ ...greet, endpoint }, { signal: controller.signal, backoff: () => 60_000, timeoutMs: 120_000 }),
      );
      await until(() => asked > 0);
      controller.abort();
      expect(await call).toMatchObject(canceled);
    }
  });

  test('a chain of calls shares one shrinking time', async () => {
    const world = newWorld(transport);
    const seen: number[] = [];
    const client = world.client();
    const Last = unary((_: unknown, { deadline }) => {
      seen.push(deadline ?? Number.NaN);
      return {};
    });
    const First = unary((_: unknown, context) => {
      seen.push(context.deadline ?? Number.NaN);
      return client.call({ service: 'greeter', endpoint: 'Greeter.Last' }, { context, timeoutMs: 3_600_000 });
    });
    await world.serve({ First, Last });
    const begun = Date.now();
    await client.call({ service: 'greeter', endpoint: 'Greeter.First' }, { timeoutMs: 60_000 });
    const [first = 0, last = 0] = seen;
    expect(first).toBeGreaterThan(begun + 50_000);
    expect(Math.abs(last - first)).toBeLessThan(5000);
    expect(last).toBeLessThan(begun + 70_000);
  });

  test('the signal of a handler aborts at the deadline, and the nested call with it', async () => {
    const world = newWorld(transport);
    const client = world.client();
    const reasons: unknown[] = [];
    const Hang = unary((_: unknown, { signal }) => {
      signal.addEventListener('abort', () => reasons.push(signal.reason));
      return never();
    });
    const First = unary(async (_: unknown, context) => {
      const nested = client.call({ service: 'greeter', endpoint: 'Greeter.Hang' }, { context });
      reasons.push(await failure(nested));
      return never();
    });
    await world.serve({ First, Hang });
    await failure(client.call({ service: 'greeter', endpoint: 'Greeter.First' }, { timeoutMs: 1_000, retries: 0 }));
    await until(() => reasons.length === 2);
    expect(reasons).toContainEqual(expect.objectContaining({ code: 408 }));
  });

  test('a long limit ends a call as well as a short one', async () => {
    const world = newWorld(transport);
    await world.serve({ Hello: unary(never) });
    const calls = [2000, 2050, 2100].map((timeoutMs) => failure(world.client().call(greet, { timeoutMs })));
    for (const error of await Promise.all(calls)) {
      expect(error).toMatchObject({ code: 408, detail: 'call timeout: context deadline exceeded' });
    }
  });

  test('there may be no limit of time at all', async () => {
    const world = newWorld(transport);
    await world.serve({ Hello: unary((_: unknown, { deadline }) => ({ limited: deadline !== undefined })) });
    const call = world.client().call(greet, { timeoutMs: Number.POSITIVE_INFINITY });
    await expect(call).resolves.toEqual({ limited: false });
  });

  test('a limit longer than a timer can hold does not fire at once', async () => {
    const world = newWorld(transport);
    await world.serve({ Hello: unary(async () => ({})) });
    await expect(world.client().call(greet, { timeoutMs: 1e12 })).resolves.toEqual({});
  });
});
