import { afterEach, describe, expect, test } from 'vitest';
import type { HttpTransportOptions } from '../../../../src/runtime/transport/http/http.ts';
import { closed } from '../../../support/closed.ts';
import { until } from '../../../support/until.ts';
import type { Raw } from './raw.ts';
import { Bench } from './raw.ts';

const bench = new Bench();
afterEach(() => bench.stop());

const limits: HttpTransportOptions = { bodyWindowMs: 100, minBodyBytes: 50, headTimeoutMs: 100 };
const request = (body: string, more = ''): string =>
  `POST / HTTP/1.1\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`;
const answer = (body: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

/** Sends a byte every 10 ms until the other side has enough of it, and says what it got. */
async function trickle(peer: Raw, byte: string): Promise<string> {
  const timer = setInterval(() => peer.net.writable && peer.write(byte), 10);
  return peer.ended().finally(() => clearInterval(timer));
}

describe('a body that trickles is given up', () => {
  test.each([
    ['with a length', 'POST / HTTP/1.1\r\nContent-Length: 100000\r\n\r\n', 'x'],
    ['in chunks', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n186a0\r\n', 'x'],
    ['in the end of its chunks', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: ', 'x'],
  ])('a request %s', async (_how, head, byte) => {
    const { client, seen } = await bench.server(limits);
    client.write(request('good') + head);
    expect(await trickle(client, byte)).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n.*less than 50 bytes in 100 ms$/s);
    expect(await seen.ended()).toMatchObject({ code: 'timeout' });
    expect(seen.texts()).toEqual(['good']);
  });

  test.each([
    ['with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n', 'x'],
    ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n186a0\r\n', 'x'],
    ['to the end', 'HTTP/1.1 200 OK\r\n\r\n', 'x'],
    ['in its head', 'HTTP/1.1 200 OK\r\nA: ', 'x'],
    ['in its status line', 'HTTP/1.', '0'],
  ])('a response %s', async (_how, head, byte) => {
    const { server, seen } = await bench.client(limits);
    server.write(answer('good') + head);
    await trickle(server, byte);
    expect(await seen.ended()).toMatchObject({ code: 'timeout' });
    expect(seen.texts()).toEqual(['good']);
  });

  test('a body of which nothing comes', async () => {
    const { client, seen } = await bench.server(limits);
    client.write('POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n');
    expect(await client.ended()).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 408 /);
    expect(await seen.ended()).toMatchObject({ code: 'timeout' });
  });
});

describe('patience with', () => {
  test('a body that makes progress, however long it takes', async () => {
    const { client, seen } = await bench.server({ bodyWindowMs: 50, minBodyBytes: 10 });
    client.write('POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n');
    // Ten times the window.
    for (let sent = 0; sent < 1000; sent += 40) {
      client.write('x'.repeat(40));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await seen.received(1)).toEqual(['x'.repeat(1000)]);
    expect(seen.closings).toEqual([]);
  });

  test('a stream between its messages, on both sides', async () => {
    const at = await bench.server({ ...limits, bodyWindowMs: 30 });
    at.client.write(request('one'));
    await at.seen.received(1);
    const by = await bench.client({ ...limits, bodyWindowMs: 30 });
    by.server.write(answer('one'));
    await by.seen.received(1);
    // That nothing happens shows only in time: five windows in which a body would have been given up.
    await new Promise((resolve) => setTimeout(resolve, 150));
    at.client.write(request('two'));
    by.server.write(answer('two'));
    expect(await at.seen.received(2)).toEqual(['one', 'two']);
    expect(await by.seen.received(2)).toEqual(['one', 'two']);
  });

  test('a sender whom we hold back ourselves', async () => {
    const { client, socket, seen } = await bench.server(limits);
    client.write(request('one') + 'POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf ');
    await seen.received(1);
    socket.pause();
    // That nothing happens shows only in time: three windows in which we do not read.
    await new Promise((resolve) => setTimeout(resolve, 300));
    socket.resume();
    client.write('whole');
    expect(await seen.received(2)).toEqual(['one', 'half whole']);
  });

  test('a sender who waited for us while this process was busy', async () => {
    const { client, seen } = await bench.server(limits);
    client.write('POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf ');
    await until(() => client.net.bytesWritten > 0 && client.net.writableLength === 0);
    await new Promise(setImmediate);
    client.write('whole');
    // Longer than the window, and nothing else runs meanwhile.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    expect(await seen.received(1)).toEqual(['half whole']);
  });
});

test('a receiver that never goes on is told in the end that the sender has left', async () => {
  const { client, socket, seen } = await bench.server({ heldTimeoutMs: 50 }, (paused) => paused.pause());
  client.write(request('one') + request('two'));
  await seen.received(1);
  client.net.end();
  await closed(client.net);
  expect(await seen.ended()).toBeUndefined();
  socket.resume();
  expect(seen.texts()).toEqual(['one']);
});
