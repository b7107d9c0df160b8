import { describe, expect, test } from 'vitest';
import { withResolvers } from '../../../src/async/queue.ts';
import { badRequest } from '../../../src/runtime/errors.ts';
import { streaming, unary } from '../../../src/runtime/server/server.ts';
import { memoryTransport } from '../../../src/runtime/transport/memory.ts';
import { clientConcurrency, handlerConcurrency } from '../../../src/runtime/wrappers/concurrency.ts';
import { until } from '../../support/until.ts';
import { failure, newWorld } from '../world.ts';

const hold = { service: 'greeter', endpoint: 'Greeter.Hold' };
const talk = { service: 'greeter', endpoint: 'Greeter.Talk' };
const refusal = { code: 429, detail: 'too many requests at once' };

/** A handler that answers when it is let go, and one that talks as long as it is talked to. */
function holding() {
  const state = { running: 0, most: 0 };
  const held: (() => void)[] = [];
  const Hold = unary(async () => {
    const { promise, resolve } = withResolvers<void>();
    state.running += 1;
    state.most = Math.max(state.most, state.running);
    held.push(resolve);
    await promise;
    state.running -= 1;
    return 'held';
  });
  const Talk = streaming(async function* (requests: AsyncIterable<unknown>) {
    for await (const request of requests) {
      if (request === 'fail') throw badRequest('greeter', 'as you wish');
      yield request;
    }
  });
  const letGo = (): void => held.shift()?.();
  return { state, methods: { Hold, Talk }, letGo };
}

describe('a client that limits its calls', () => {
  test('fails the surplus at once', async () => {
    const world = newWorld(memoryTransport);
    const { state, methods, letGo } = holding();
    await world.serve(methods);
    const limited = world.client({ wrappers: [clientConcurrency({ max: 2 })] });
    const two = [limited.call(hold), limited.call(hold)];
    await until(() => state.running === 2);
    expect(await failure(limited.call(hold))).toMatchObject({ id: 'go.micro.client', ...refusal });
    expect(await failure(limited.stream(talk))).toMatchObject(refusal);
    letGo();
    letGo();
    expect(await Promise.all(two)).toEqual(['held', 'held']);
    const again = limited.call(hold);
    await until(() => state.running === 1);
    letGo();
    await again;
  });

  test('lets as many as it is told wait in line', async () => {
    const world = newWorld(memoryTransport);
    const { state, methods, letGo } = holding();
    await world.serve(methods);
    const limited = world.client({ wrappers: [clientConcurrency({ max: 1, maxWaiting: 2 })] });
    const order: number[] = [];
    const three = [0, 1, 2].map(async (index) => {
      await limited.call(hold);
      order.push(index);
    });
    expect(await failure(limited.call(hold))).toMatchObject(refusal);
    for (let answered = 1; answered <= 3; answered += 1) {
      await until(() => state.running === 1);
      letGo();
      await until(() => order.length === answered);
    }
    await Promise.all(three);
    expect([order, state.most]).toEqual([[0, 1, 2], 1]);
  });

  test('gives up the place in line with the deadline and the signal', async () => {
    const world = newWorld(memoryTransport);
    const { state, methods, letGo } = holding();
    await world.serve(methods);
    const limited = world.client({ wrappers: [clientConcurrency({ max: 1, maxWaiting: 1 })] });
    const inside = limited.call(hold);
    await until(() => state.running === 1);
    expect(await failure(limited.call(hold, { timeoutMs: 10 }))).toMatchObject({
      code: 408,
      detail: 'call timeout: context deadline exceeded',
    });
    const stop = new AbortController();
    const waiting = failure(limited.call(hold, { signal: stop.signal }));
    stop.abort();
    expect(await waiting).toMatchObject({ code: 408, detail: 'context canceled' });
    expect(await failure(limited.call(hold, { signal: stop.signal }))).toMatchObject({ code: 408 });
    letGo();
    await inside;
    const next = limited.call(hold);
    await until(() => state.running === 1);
    letGo();
    await next;
  });

  test('counts a stream until it has ended, however it ends', async () => {
    const world = newWorld(memoryTransport);
    const { methods } = holding();
    await world.serve(methods);
    const limited = world.client({ wrappers: [clientConcurrency({ max: 1 })] });
    const ends: readonly ((stream: Awaited<ReturnType<typeof limited.stream>>) => Promise<unknown>)[] = [
      (stream) => stream.close(),
      async (stream) => {
        await stream[Symbol.asyncDispose]();
      },
      async (stream) => {
        await stream.closeSend();
        for await (const word of stream) expect(word).toBe('hello');
      },
      async (stream) => {
        for await (const _ of stream) break;
      },
      async (stream) => {
        await stream.send('fail');
        await failure(
          (async () => {
            for await (const _ of stream);
          })(),
        );
      },
    ];
    for (const end of ends) {
      const stream = await limited.stream(talk);
      await stream.send('hello');
      expect(await failure(limited.stream(talk))).toMatchObject(refusal);
      const reading = end(stream);
      await reading;
      await stream.close();
    }
    // Closing twice gave nothing back twice.
    const last = await limited.stream(talk);
    expect(await failure(limited.stream(talk))).toMatchObject(refusal);
    await last.close();
  });

  test('gives the place back when a stream cannot be opened', async () => {
    const world = newWorld(memoryTransport);
    const limited = world.client({ wrappers: [clientConcurrency({ max: 1 })], defaults: { retries: 0 } });
    for (let times = 0; times < 3; times += 1) {
      expect(await failure(limited.stream(talk))).toMatchObject({ detail: 'service greeter: not found' });
      expect(await failure(limited.call(hold))).toMatchObject({ detail: 'service greeter: not found' });
    }
  });
});

describe('a server that limits its requests', () => {
  test('refuses the surplus, and lets some wait', async () => {
    const world = newWorld(memoryTransport);
    const { state, methods, letGo } = holding();
    await world.serve(methods, { wrappers: [handlerConcurrency({ max: 1, maxWaiting: 1 })] });
    const caller = world.client({ defaults: { retries: 0 } });
    const first = caller.call(hold);
    await until(() => state.running === 1);
    const outcomes = Promise.allSettled([caller.call(hold), caller.call(hold)]);
    expect(await failure(caller.call(hold, { timeoutMs: 5000 }))).toMatchObject({ id: 'go.micro.server', ...refusal });
    letGo();
    await first;
    await until(() => state.running === 1);
    letGo();
    expect((await outcomes).map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(state.most).toBe(1);
  });

  test('counts a stream until it has ended', async () => {
    const world = newWorld(memoryTransport);
    const { methods } = holding();
    await world.serve(methods, { wrappers: [handlerConcurrency({ max: 1 })] });
    const caller = world.client({ defaults: { retries: 0 } });
    const first = async (word: string): Promise<unknown> => {
      await using stream = await caller.stream(talk);
      await stream.send(word);
      const { value } = await stream[Symbol.asyncIterator]().next();
      return value;
    };
    const open = await caller.stream(talk);
    await open.send('one');
    expect(await open[Symbol.asyncIterator]().next()).toMatchObject({ value: 'one' });
    expect(await failure(first('two'))).toMatchObject(refusal);
    await open.close();
    await until(() => first('three').then((word) => word === 'three'));
    await until(() => first('fail').catch(({ code }) => code === 400));
    await until(() => first('four').then((word) => word === 'four'));
  });
});

test('a limit that lets nothing through is refused', () => {
  expect(() => clientConcurrency({ max: 0 })).toThrow('lets nothing through');
});
