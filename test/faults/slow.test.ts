import { expect, test } from 'vitest';
import { httpTransport } from '../../src/runtime/transport/http/http.ts';
import { failure, hello, newWorld } from '../runtime/world.ts';
import { until } from '../support/until.ts';
import { answerOf, count, dial, hostile, request } from './wire.ts';

const call = { service: 'greeter', endpoint: 'Greeter.Hello', body: { name: 'Ann' } };

/** One byte a millisecond stands for one a second: all limits are as much smaller. */
const impatient = httpTransport({ headTimeoutMs: 100, bodyWindowMs: 100, minBodyBytes: 1000 });

/** Sends a text byte by byte until nobody wants it any more. */
function trickle(write: (byte: string) => void, text: string): () => void {
  let at = 0;
  const timer = setInterval(() => {
    if (at < text.length) write(text.charAt(at));
    at += 1;
  }, 1);
  return () => clearInterval(timer);
}

test.each([
  ['a head', request('Greeter.Hello', '{}', [`Foo: ${'x'.repeat(10_000)}`])],
  ['a body', request('Greeter.Hello', `{"name":"${'x'.repeat(10_000)}"}`)],
  ['a body in chunks', `POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(5000)}`],
])('a caller that brings %s byte by byte is told so and let go; others are served meanwhile', async (_what, text) => {
  const world = newWorld(() => impatient);
  const { address } = await world.serve({ Hello: hello });
  const slow = await dial(address);
  const stop = trickle(slow.write, text);
  try {
    expect(await world.client().call(call)).toEqual({ msg: 'Hello Ann' });
    expect(await slow.ended()).toMatch(
      /^HTTP\/1\.1 408 Request Timeout\r\n[^]*\r\nConnection: close\r\n[^]*\r\n\r\n408 /,
    );
  } finally {
    stop();
  }
});

test('a hundred slow callers hold nobody up', async () => {
  const world = newWorld(() => impatient);
  const { address } = await world.serve({ Hello: hello });
  const slow = await Promise.all(Array.from({ length: 100 }, () => dial(address)));
  const sending = slow.map(({ write }) => trickle(write, request('Greeter.Hello', 'x'.repeat(10_000))));
  const client = world.client();
  for (let at = 0; at < 100; at += 1) expect(await client.call(call)).toEqual({ msg: 'Hello Ann' });
  for (const peer of slow) expect(count(await peer.ended(), '408 Request Timeout')).toBe(1);
  for (const stop of sending) stop();
});

test('an answer that comes byte by byte ends with the time of its call, and its connection with it', async () => {
  const stops: (() => void)[] = [];
  const peer = await hostile((socket) => {
    stops.push(trickle((byte) => socket.write(byte), answerOf(`{"msg":"${'x'.repeat(10_000)}"}`)));
  });
  const client = newWorld().client();
  const error = await failure(client.call(call, { address: peer.address, timeoutMs: 1_000, retries: 0 }));
  expect(error).toMatchObject({ code: 408, detail: expect.stringMatching(/deadline exceeded/) });
  await until(() => peer.connections[0]?.destroyed);
  for (const stop of stops) stop();
});

test('an answer that is too slow for the transport is an error of it, when the call itself would have waited', async () => {
  const stops: (() => void)[] = [];
  const peer = await hostile((socket) => {
    stops.push(trickle((byte) => socket.write(byte), answerOf(`{"msg":"${'x'.repeat(10_000)}"}`)));
  });
  const client = newWorld(() => impatient).client();
  const error = await failure(client.call(call, { address: peer.address, timeoutMs: 60_000, retries: 0 }));
  expect(error).toMatchObject({ id: 'go.micro.client.transport', code: 500, detail: expect.stringMatching(/100 ms/) });
  for (const stop of stops) stop();
});
