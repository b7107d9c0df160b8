import type { ServerHttp2Stream } from 'node:http2';
import { expect, it } from 'vitest';
import { writeFrame } from '../../../src/runtime/grpc/frame.ts';
import { until } from '../../support/until.ts';
import { failure } from '../world.ts';
import { bareServer, reply } from './bare.ts';
import { greeter, open } from './house.ts';

/*
 * Servers that take fewer calls at a time than there are.
 */

const answer = (stream: ServerHttp2Stream): void =>
  reply(stream, writeFrame('{}'), { 'grpc-status': '0', 'grpc-message': '' });

it('asks no more at a time than a server allows, and in the end everything', async () => {
  let running = 0;
  let most = 0;
  const peer = await bareServer((stream) => {
    running += 1;
    most = Math.max(most, running);
    stream.on('close', () => (running -= 1));
    setImmediate(answer, stream);
  }, 5);
  const client = open({ maxSessions: 2 });
  const calls = Array.from({ length: 200 }, () => client.call(greeter('Hello'), { address: peer.address, retries: 0 }));
  expect(await Promise.all(calls)).toHaveLength(200);
  expect(peer.sessions).toBe(2);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(10);
});

it('does not ask for whom it is too late, and lets the others go before', async () => {
  const waiting: ServerHttp2Stream[] = [];
  const peer = await bareServer((stream) => void waiting.push(stream), 1);
  const { address } = peer;
  const client = open({ maxSessions: 1 });
  const first = client.call(greeter('Hello'), { address });
  await until(() => waiting.length === 1);
  const late = failure(client.call(greeter('Hello'), { address, timeoutMs: 50, retries: 0 }));
  const stop = new AbortController();
  const unwanted = failure(client.call(greeter('Hello'), { address, signal: stop.signal }));
  const last = client.call(greeter('Hello'), { address });
  expect(await late).toMatchObject({ id: 'go.micro.client', code: 408 });
  stop.abort();
  expect(await unwanted).toMatchObject({ id: 'go.micro.client', code: 408 });
  waiting.forEach(answer);
  expect(await first).toEqual({});
  await until(() => waiting.length === 2);
  waiting.slice(1).forEach(answer);
  expect(await last).toEqual({});
  expect(waiting).toHaveLength(2);
});

it('waits for a server that allows nothing yet', async () => {
  const peer = await bareServer(answer, 0);
  const call = open().call(greeter('Hello'), { address: peer.address, timeoutMs: 60_000, retries: 0 });
  await until(() => peer.session?.localSettings.maxConcurrentStreams === 0);
  peer.session?.settings({ maxConcurrentStreams: 3 });
  expect(await call).toEqual({});
  expect(peer.sessions).toBe(1);
});

it('takes who waits elsewhere when a server says goodbye', async () => {
  const waiting: ServerHttp2Stream[] = [];
  const peer = await bareServer((stream) => void waiting.push(stream), 1);
  const { address } = peer;
  const client = open({ maxSessions: 1 });
  const first = client.call(greeter('Hello'), { address, retries: 0 });
  await until(() => waiting.length === 1);
  const second = client.call(greeter('Hello'), { address, retries: 0 });
  peer.session?.close();
  await until(() => waiting.length === 2);
  waiting.forEach(answer);
  expect(await Promise.all([first, second])).toEqual([{}, {}]);
  expect(peer.sessions).toBe(2);
});

it('ends who waits when the client is closed', async () => {
  const waiting: ServerHttp2Stream[] = [];
  const peer = await bareServer((stream) => void waiting.push(stream), 1);
  const client = open({ maxSessions: 1 });
  const calls = [1, 2, 3].map(() => failure(client.call(greeter('Hello'), { address: peer.address, retries: 9 })));
  await until(() => waiting.length === 1);
  await client.close();
  for (const error of await Promise.all(calls)) expect(error).toMatchObject({ detail: 'the client is closed' });
});
