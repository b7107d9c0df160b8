import { describe, expect, test } from 'vitest';
import type { ClientStream } from '../../../src/runtime/client/client.ts';
import type { Context } from '../../../src/runtime/context.ts';
import { forbidden } from '../../../src/runtime/errors.ts';
import type { Streaming } from '../../../src/runtime/server/server.ts';
import { streaming } from '../../../src/runtime/server/server.ts';
import { until } from '../../support/until.ts';
import { failure, hello, newWorld, transports } from '../world.ts';

interface Numbered {
  readonly n: number;
}

const stream = { service: 'greeter', endpoint: 'Greeter.Stream' };

async function* echo(requests: AsyncIterable<Numbered>): AsyncIterable<Numbered> {
  for await (const { n } of requests) yield { n };
}

async function* count(requests: AsyncIterable<Numbered>): AsyncIterable<Numbered> {
  for await (const { n } of requests) {
    for (let index = 0; index < n; index += 1) yield { n: index };
    return;
  }
}

async function all<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const read: T[] = [];
  for await (const message of messages) read.push(message);
  return read;
}

describe.each(transports)('streams over %s', (_name, transport) => {
  async function open<Res>(handler: Streaming<never, Res>, body?: unknown): Promise<ClientStream<Res>> {
    const world = newWorld(transport);
    await world.serve({ Stream: streaming(handler), Hello: hello });
    return world.client().stream<Res>({ ...stream, body });
  }

  test('raw bodies travel untouched inside an envelope, too', async () => {
    const world = newWorld(transport);
    await world.serve({ Stream: streaming(echo) });
    const request = { ...stream, raw: true, contentType: 'application/json-rpc' };
    const talk = await world.client().stream<Buffer>(request);
    await talk.send('{"n": 1.0}');
    await talk.closeSend();
    expect((await all(talk)).map(String)).toEqual(['{"n":1}']);
  });

  test('a server sends many messages for one, and an end', async () => {
    expect(await all(await open(count, { n: 1000 }))).toEqual(Array.from({ length: 1000 }, (_, n) => ({ n })));
  });

  test('both sides talk as they like, and the client says when it has finished', async () => {
    const talk = await open(echo);
    const answers = talk[Symbol.asyncIterator]();
    for (const n of [1, 2, 3]) {
      await talk.send({ n });
      expect(await answers.next()).toEqual({ done: false, value: { n } });
    }
    await talk.closeSend();
    expect(await answers.next()).toEqual({ done: true, value: undefined });
    expect(await failure(talk.send({ n: 4 }))).toMatchObject({ detail: 'the stream has ended' });
  });

  test('the message that opens a stream is not one of its messages', async () => {
    const talk = await open(echo);
    await talk.closeSend();
    expect(await all(talk)).toEqual([]);
    const late = await open(echo);
    await late.closeSend();
    expect(await failure(late.send({ n: 1 }))).toMatchObject({ code: expect.any(Number) });
  });

  test('an error of the handler ends it after what was sent before', async () => {
    const talk = await open(async function* () {
      yield { n: 1 };
      throw forbidden('greeter', 'no further');
    });
    const answers = talk[Symbol.asyncIterator]();
    expect(await answers.next()).toMatchObject({ value: { n: 1 } });
    expect(await failure(answers.next())).toMatchObject({ id: 'greeter', code: 403, detail: 'no further' });
  });

  test('an endpoint nobody serves ends it with the error of the router', async () => {
    const world = newWorld(transport);
    await world.serve({ Hello: hello });
    const talk = await world.client().stream(stream);
    expect(await failure(all(talk))).toMatchObject({ code: 0, detail: "rpc: can't find method Stream" });
  });

  test('a handler hears that the client went away', async () => {
    const seen: { context?: Context; ended?: boolean } = {};
    const talk = await open(async function* (requests: AsyncIterable<Numbered>, context: Context) {
      seen.context = context;
      void context.signal;
      try {
        yield { n: 0 };
        yield* echo(requests);
      } finally {
        seen.ended = true;
      }
    });
    for await (const _ of talk) break;
    await until(() => seen.ended);
  });

  test('aborting ends the iteration with a 408 and the handler with it', async () => {
    const world = newWorld(transport);
    const reasons: unknown[] = [];
    const hang: Streaming<Numbered, Numbered> = async function* (_requests, { signal }) {
      signal.addEventListener('abort', () => reasons.push(signal.reason));
      yield { n: 0 };
      await new Promise(() => {});
    };
    await world.serve({ Stream: streaming(hang) });
    const controller = new AbortController();
    const talk = await world.client().stream(stream, { signal: controller.signal });
    const answers = talk[Symbol.asyncIterator]();
    await answers.next();
    controller.abort();
    expect(await failure(answers.next())).toMatchObject({ code: 408, detail: 'call timeout: context canceled' });
    await until(() => reasons.length === 1);
  });

  test('a limit of time, when one is given, covers the whole conversation', async () => {
    const world = newWorld(transport);
    await world.serve({ Stream: streaming(echo) });
    const talk = await world.client().stream(stream, { timeoutMs: 1_000 });
    expect(await failure(all(talk))).toMatchObject({ code: 408, detail: 'call timeout: context deadline exceeded' });
  });

  test('a reader that is slow holds the sender back', async () => {
    const state = { sent: 0 };
    const total = 400;
    const talk = await open(async function* () {
      for (; state.sent < total; state.sent += 1) yield { text: 'x'.repeat(100_000) };
    });
    const answers = talk[Symbol.asyncIterator]();
    await answers.next();
    let before = -1;
    await until(() => {
      const still = state.sent === before;
      before = state.sent;
      return still && state.sent > 0;
    });
    let read = 1;
    while ((await answers.next()).done !== true) read += 1;
    expect(read).toBe(total);
    expect(before).toBeLessThan(total);
  });

  test('a handler that is slow holds the client back', async () => {
    const gate = { open: (): void => {} };
    const talk = await open(async function* (requests: AsyncIterable<unknown>) {
      await new Promise<void>((resolve) => {
        gate.open = resolve;
      });
      let n = 0;
      for await (const _ of requests) n += 1;
      yield { n };
    });
    const total = 400;
    let sent = 0;
    const sending = (async () => {
      for (; sent < total; sent += 1) await talk.send({ text: 'x'.repeat(100_000) });
      await talk.closeSend();
    })();
    let before = -1;
    await until(() => {
      const still = sent === before;
      before = sent;
      return still && sent > 0;
    });
    expect(before).toBeLessThan(total);
    gate.open();
    await sending;
    expect(await all(talk)).toEqual([{ n: total }]);
  });

  test('closing the client ends its streams', async () => {
    const world = newWorld(transport);
    await world.serve({ Stream: streaming(echo) });
    const client = world.client();
    const talk = await client.stream(stream);
    await client.close();
    expect(await all(talk)).toEqual([]);
    expect(await failure(talk.send({}))).toMatchObject({ detail: 'the stream has ended' });
    expect(await failure(client.stream(stream))).toMatchObject({ detail: 'the client is closed' });
  });

  test('streams are opened at another node when one cannot be reached', async () => {
    const world = newWorld(transport);
    const server = await world.serve({ Stream: streaming(count) });
    const { nodes } = server.record;
    const dead = { id: 'dead', address: '127.0.0.1:1', metadata: {} };
    const client = world.client({ lookup: () => [{ ...server.record, nodes: [dead, ...nodes] }] });
    for (let time = 0; time < 5; time += 1) {
      expect(await all(await client.stream({ ...stream, body: { n: 1 } }, { backoff: () => 0 }))).toEqual([{ n: 0 }]);
    }
  });
});
