import { describe, expect, test } from 'vitest';
import { streaming, unary } from '../../src/runtime/server/server.ts';
import { failure, hello, newWorld } from '../runtime/world.ts';
import { until } from '../support/until.ts';
import { answerOf, count, dial, hostile, request } from './wire.ts';

const call = { service: 'greeter', endpoint: 'Greeter.Hello', body: { name: 'Ann' } };
const whole = request('Greeter.Hello');

/** Where a request can be torn, by how much of it has gone out. */
const places = [1, 20, whole.indexOf('\r\n\r\n') + 2, whole.indexOf('\r\n\r\n') + 4, whole.length - 1];

describe('a caller that breaks off', () => {
  test.each(places)('after %i bytes of a request: the handler never hears of it', async (place) => {
    const world = newWorld();
    let ran = 0;
    const { address } = await world.serve({
      Hello: unary((request: { readonly name: string }) => {
        ran += 1;
        return { msg: `Hello ${request.name}` };
      }),
    });
    for (const how of ['reset', 'end'] as const) {
      const peer = await dial(address);
      peer.write(whole.slice(0, place));
      if (how === 'end') peer.socket.end();
      else peer.socket.resetAndDestroy();
      await peer.ended();
    }
    expect(await world.client().call(call)).toEqual({ msg: 'Hello Ann' });
    expect(ran).toBe(1);
  });

  test('while its call runs: the signal aborts, and what the handler answers then harms nobody', async () => {
    const world = newWorld();
    let aborted = 0;
    let finish = (): void => {};
    const Slow = unary(
      (_: unknown, { signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => (aborted += 1));
          finish = () => resolve({ msg: 'too late' });
        }),
    );
    let running = false;
    const wrapped = unary((request: unknown, context) => {
      running = true;
      return Slow.handler(request as never, context);
    });
    const { address } = await world.serve({ Slow: wrapped, Hello: hello });
    const peer = await dial(address);
    peer.write(request('Greeter.Slow'));
    await until(() => running);
    peer.socket.resetAndDestroy();
    await until(() => aborted === 1);
    finish();
    expect(await world.client().call(call)).toEqual({ msg: 'Hello Ann' });
  });

  test('in the middle of a stream: the handler is told, and its iteration ends', async () => {
    const world = newWorld();
    let got = 0;
    let ended: unknown;
    const Talk = streaming(async function* (requests) {
      try {
        for await (const _ of requests) yield { n: (got += 1) };
      } catch (error) {
        ended = error;
        throw error;
      }
    });
    const { address } = await world.serve({ Talk });
    const peer = await dial(address);
    const message = request('Greeter.Talk', '{}', ['Micro-Stream: 1', 'Micro-Id: 1']);
    peer.write(message + message + message.slice(0, 40));
    await until(() => got === 1 && count(peer.heard(), '200 OK') === 1);
    peer.socket.resetAndDestroy();
    expect(await until(() => ended)).toMatchObject({ code: 408 });
  });
});

const answer = answerOf('{"msg":"Hello Ann"}');
const torn = [0, 1, 17, answer.indexOf('\r\n\r\n') + 3, answer.indexOf('\r\n\r\n') + 4, answer.length - 1];

describe('a server that breaks off', () => {
  test.each(torn)('after %i bytes of an answer: a 500 of the transport, and the other node is asked', async (place) => {
    const world = newWorld();
    const { address } = await world.serve({ Hello: hello });
    for (const how of ['reset', 'end'] as const) {
      const peer = await hostile((socket) => {
        socket.write(answer.slice(0, place), () => {
          if (how === 'end') socket.end();
          else socket.resetAndDestroy();
        });
      });
      const client = world.client();
      const alone = await failure(client.call(call, { address: peer.address, retries: 0 }));
      expect(alone).toMatchObject({
        id: 'go.micro.client.transport',
        code: 500,
        detail: expect.stringMatching(/.{3,}/),
      });
      const nodes = [peer.address, address].map((each) => ({
        id: each,
        address: each,
        metadata: { protocol: 'mucp' },
      }));
      expect(await client.call(call, { nodes, retries: 30, backoff: () => 0 })).toEqual({ msg: 'Hello Ann' });
    }
  });

  test('with many calls on it: each ends once, with a reason', async () => {
    const world = newWorld();
    const peer = await hostile(() => {
      if (peer.connections.length === 50) for (const socket of peer.connections) socket.resetAndDestroy();
    });
    const client = world.client();
    const errors = await Promise.all(
      Array.from({ length: 50 }, () => failure(client.call(call, { address: peer.address, retries: 0 }))),
    );
    for (const error of errors) expect(error).toMatchObject({ id: 'go.micro.client.transport', code: 500 });
  });

  test('before the first byte of a stream, and in the middle of one', async () => {
    const client = newWorld().client();
    for (const said of ['', answer, answer + answer.slice(0, 30)]) {
      const peer = await hostile((socket) => {
        socket.write(said, () => socket.resetAndDestroy());
      });
      const stream = await client.stream(call, { address: peer.address, retries: 0 });
      const read = async (): Promise<void> => {
        for await (const _ of stream) expect(_).toEqual({ msg: 'Hello Ann' });
      };
      expect(await failure(read())).toMatchObject({ id: 'go.micro.client.transport', code: 500 });
      expect(await failure(stream.send({}))).toBeInstanceOf(Error);
    }
  });
});

describe('a half-open connection', () => {
  test('a server that takes everything and says nothing: each call is a 408 in its time, on a connection of its own', async () => {
    const peer = await hostile(() => {});
    const client = newWorld().client();
    const options = { address: peer.address, timeoutMs: 500, retries: 0 };
    for (const _ of [1, 2, 3]) expect(await failure(client.call(call, options))).toMatchObject({ code: 408 });
    expect(peer.connections).toHaveLength(3);
    await until(() => peer.connections.every((socket) => socket.destroyed || socket.readableEnded));
  });

  test('a server that closed its half only is not asked again', async () => {
    const peer = await hostile((socket) => {
      socket.end(answer);
    });
    const client = newWorld().client();
    for (const at of [0, 1]) {
      expect(await client.call(call, { address: peer.address, retries: 0 })).toEqual({ msg: 'Hello Ann' });
      // It closes the other half as soon as it hears of the end.
      await until(() => peer.connections[at]?.destroyed);
    }
    expect(peer.connections).toHaveLength(2);
  });

  test('callers that are connected and say nothing cost a stop nothing', async () => {
    const world = newWorld();
    const server = await world.serve({ Hello: hello });
    const silent = await Promise.all(Array.from({ length: 50 }, () => dial(server.address)));
    for (const [at, peer] of silent.entries()) peer.write(whole.slice(0, at));
    expect(await world.client().call(call)).toEqual({ msg: 'Hello Ann' });
    await server.stop({ graceMs: 60_000 });
    await Promise.all(silent.map((peer) => peer.ended()));
  });
});
