import type { ServerDuplexStream } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../../src/runtime/context.ts';
import { MicroError } from '../../../src/runtime/errors.ts';
import type { Method } from '../../../src/runtime/server/server.ts';
import { streaming } from '../../../src/runtime/server/server.ts';
import { until } from '../../support/until.ts';
import { failure } from '../world.ts';
import { greeter, open, serve } from './house.ts';
import { libraryClient, libraryServer } from './library.ts';

interface Numbered {
  readonly n: number;
}

const double = streaming(async function* (requests: AsyncIterable<Numbered>) {
  for await (const { n } of requests) yield { n: 2 * n };
});

const sum = streaming(async function* (requests: AsyncIterable<Numbered>) {
  let n = 0;
  for await (const request of requests) n += request.n;
  yield { n };
});

const count = streaming(async function* (requests: AsyncIterable<Numbered>) {
  for await (const request of requests) {
    for (let n = 0; n < request.n; n += 1) yield { n };
    return;
  }
});

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of stream) values.push(value);
  return values;
}

describe('streams between our own', () => {
  it('go both ways at once', async () => {
    const { address } = await serve({ Double: double });
    const stream = await open().stream<Numbered>(greeter('Double'), { address });
    const reader = stream[Symbol.asyncIterator]();
    for (const n of [1, 2, 3]) {
      await stream.send({ n });
      expect(await reader.next()).toEqual({ done: false, value: { n: 2 * n } });
    }
    await stream.closeSend();
    expect(await reader.next()).toEqual({ done: true, value: undefined });
    expect(await failure(stream.send({ n: 4 }))).toMatchObject({ id: 'go.micro.client' });
  });

  it('collect, and are told when everything was said', async () => {
    const { address } = await serve({ Sum: sum });
    const stream = await open().stream<Numbered>({ ...greeter('Sum'), body: { n: 1 } }, { address });
    for (let n = 2; n <= 5000; n += 1) await stream.send({ n });
    await stream.closeSend();
    expect(await all(stream)).toEqual([{ n: 12_502_500 }]);
  });

  it('tell, in order, as long as there is something to tell', async () => {
    const { address } = await serve({ Count: count });
    const stream = await open().stream<Numbered>({ ...greeter('Count'), body: { n: 20_000 } }, { address });
    expect((await all(stream)).map(({ n }) => n)).toEqual(Array.from({ length: 20_000 }, (_, n) => n));
  });

  it('end without a message', async () => {
    const { address } = await serve({ Count: count });
    const stream = await open().stream<Numbered>({ ...greeter('Count'), body: { n: 0 } }, { address });
    expect(await all(stream)).toEqual([]);
  });

  it.each([0, 3])('end with an error after %i messages', async (before) => {
    const fails = streaming(async function* () {
      for (let n = 0; n < before; n += 1) yield { n };
      throw new MicroError('greeter', 412, 'enough');
    });
    const { address } = await serve({ Fail: fails });
    const stream = await open().stream<Numbered>(greeter('Fail'), { address });
    const seen: Numbered[] = [];
    const error = await failure(
      (async () => {
        for await (const value of stream) seen.push(value);
      })(),
    );
    expect(error).toMatchObject({ id: 'greeter', code: 412, detail: 'enough' });
    expect(seen).toHaveLength(before);
  });
});

/** A handler that never says anything, and the contexts it was called with. */
function patient(): { readonly method: Method; readonly contexts: Context[] } {
  const contexts: Context[] = [];
  const method = streaming(async function* (requests: AsyncIterable<Numbered>, context) {
    contexts.push(context);
    void context.signal;
    for await (const request of requests) if (request.n < 0) yield request;
  });
  return { method, contexts };
}

describe('streams that are broken off', () => {
  it.each<[string, (stream: AsyncDisposable & AsyncIterable<unknown>) => Promise<unknown>]>([
    ['closed', async (stream) => stream[Symbol.asyncDispose]()],
    ['left by its reader', async (stream) => stream[Symbol.asyncIterator]().return?.()],
  ])('are noticed by the handler: %s', async (_, leave) => {
    const { method, contexts } = patient();
    const { address } = await serve({ Wait: method });
    const stream = await open().stream({ ...greeter('Wait'), body: { n: 1 } }, { address });
    await until(() => contexts.length === 1);
    await leave(stream);
    await until(() => contexts[0]?.signal.aborted);
    expect(await failure(stream.send({ n: 1 }))).toMatchObject({ detail: 'the stream has ended' });
  });

  it('are not taken for finished by a handler that collects', async () => {
    const ends: string[] = [];
    const collect = streaming(async function* (requests: AsyncIterable<Numbered>) {
      yield { n: 0 };
      try {
        for await (const request of requests) if (request.n < 0) yield request;
        ends.push('finished');
      } catch (error) {
        ends.push(String(error));
      }
    });
    const { address } = await serve({ Collect: collect });
    const stream = await open().stream({ ...greeter('Collect'), body: { n: 1 } }, { address });
    await stream[Symbol.asyncIterator]().next();
    await stream.close();
    await until(() => ends.length === 1);
    expect(ends).toEqual([expect.stringContaining('the caller went away')]);
  });

  it('are over when their time is', async () => {
    const { method, contexts } = patient();
    const { address } = await serve({ Wait: method });
    const stream = await open().stream({ ...greeter('Wait'), body: { n: 1 } }, { address, timeoutMs: 1_000 });
    await until(() => contexts.length === 1);
    expect(await failure(all(stream))).toMatchObject({ code: 408 });
    await until(() => contexts[0]?.signal.aborted);
  });

  it('have no limit of time unless one is given', async () => {
    const { method, contexts } = patient();
    const { address } = await serve({ Wait: method });
    const stream = await open().stream({ ...greeter('Wait'), body: { n: 1 } }, { address });
    await until(() => contexts.length === 1);
    expect(contexts[0]?.deadline).toBeUndefined();
    await stream.close();
  });

  it('end as if closed when the client is', async () => {
    const { method, contexts } = patient();
    const { address } = await serve({ Wait: method });
    const client = open();
    const stream = await client.stream({ ...greeter('Wait'), body: { n: 1 } }, { address });
    const reading = all(stream);
    await until(() => contexts.length === 1);
    await client.close();
    expect(await reading).toEqual([]);
  });
});

const large = 'x'.repeat(10_000);

describe('a slow reader', () => {
  it('holds our server back', async () => {
    let sent = 0;
    const endless = streaming(async function* () {
      for (; ; sent += 1) yield { large };
    });
    const { address } = await serve({ Endless: endless });
    const stream = await open().stream(greeter('Endless'), { address });
    const reader = stream[Symbol.asyncIterator]();
    await reader.next();
    await steady(() => sent);
    const before = sent;
    expect(before).toBeLessThan(1000);
    for (let taken = 0; taken < before; taken += 1) await reader.next();
    await until(() => sent > before);
    await stream.close();
  });

  it('holds our client back', async () => {
    let goOn = (): void => {};
    const waits = streaming(async function* (requests: AsyncIterable<unknown>) {
      await new Promise<void>((resolve) => (goOn = resolve));
      let n = 0;
      for await (const request of requests) if (request !== undefined) n += 1;
      yield { n };
    });
    const { address } = await serve({ Wait: waits });
    const stream = await open().stream(greeter('Wait'), { address });
    let sent = 0;
    const sending = (async () => {
      for (; sent < 1000; sent += 1) await stream.send({ large });
      await stream.closeSend();
    })();
    await steady(() => sent);
    expect(sent).toBeLessThan(1000);
    goOn();
    await sending;
    expect(await all(stream)).toEqual([{ n: 1000 }]);
  });
});

/** Waits until a count has begun and moves no more. */
async function steady(countOf: () => number): Promise<void> {
  let last = -1;
  let same = 0;
  await until(() => {
    const now = countOf();
    same = now === last && now > 0 ? same + 1 : 0;
    last = now;
    return same > 30;
  });
}

describe('streams with another library', () => {
  it('serve its client', async () => {
    const bytes = {
      value: { name: 'Bytes', type: 'Bytes', values: [] },
      protobuf: { encode: (value: unknown) => value as Buffer, decode: (body: Uint8Array) => Buffer.from(body) },
    };
    const shout = streaming(
      async function* (requests: AsyncIterable<Buffer>) {
        for await (const request of requests) yield Buffer.from(request.toString().toUpperCase());
      },
      { request: bytes, response: bytes },
    );
    const { address } = await serve({ Shout: shout });
    const stream = libraryClient(address).stream('/greeter.Greeter/Shout');
    for (const text of ['a', 'b', 'c']) stream.write(Buffer.from(text));
    stream.end();
    expect((await all<Buffer>(stream)).map(String)).toEqual(['A', 'B', 'C']);
  });

  it('use its server', async () => {
    const { address } = await libraryServer(
      {},
      {
        Twice(call: ServerDuplexStream<Buffer, Buffer>) {
          call.on('data', (body: Buffer) => {
            call.write(body);
            call.write(body);
          });
          call.on('end', () => call.end());
        },
      },
    );
    const stream = await open().stream({ ...greeter('Twice'), body: { n: 1 } }, { address });
    await stream.send({ n: 2 });
    await stream.closeSend();
    expect(await all(stream)).toEqual([{ n: 1 }, { n: 1 }, { n: 2 }, { n: 2 }]);
  });
});
