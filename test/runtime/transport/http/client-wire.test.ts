import { afterEach, describe, expect, test } from 'vitest';
import {
  errorResponse,
  errorText,
  headersOf,
  jsonResponse,
  streamResponses,
  textOf,
} from '../../../fixtures/wire-http.ts';
import { until } from '../../../support/until.ts';
import { Bench } from './raw.ts';

const bench = new Bench();
afterEach(() => bench.stop());

describe('the client side writes what Go servers read', () => {
  test('a request: POST /, Host, User-Agent, the headers, the length', async () => {
    const { server, socket, address } = await bench.client();
    socket.send({ 'Content-Type': 'application/json', 'Micro-Id': '0' }, '{"name":"bob"}\n');
    const expected = `POST / HTTP/1.1\r\nHost: ${address}\r\nUser-Agent: micro-bot\r\nContent-Type: application/json\r\nMicro-Id: 0\r\nContent-Length: 15\r\n\r\n{"name":"bob"}\n`;
    expect(await until(() => server.text().length >= expected.length && server.text())).toBe(expected);
  });

  test('an agent that was given replaces ours; an empty message has the length 0', async () => {
    const { server, socket, address } = await bench.client();
    socket.send({ 'User-Agent': 'Go-http-client/1.1' }, '');
    socket.close();
    expect(await server.ended()).toBe(
      `POST / HTTP/1.1\r\nHost: ${address}\r\nUser-Agent: Go-http-client/1.1\r\nContent-Length: 0\r\n\r\n`,
    );
  });
});

describe('the client side reads what Go servers write', () => {
  test('an answer', async () => {
    const { server, seen } = await bench.client();
    server.write(textOf(jsonResponse));
    expect(await seen.received(1)).toEqual([jsonResponse.body]);
    const { 'Content-Length': _length, ...carried } = headersOf(jsonResponse);
    expect(seen.messages[0]?.headers).toEqual(carried);
  });

  test('an error beyond ASCII', async () => {
    const { server, seen } = await bench.client();
    server.write(textOf(errorResponse));
    await seen.received(1);
    expect(seen.messages[0]?.headers).toMatchObject({ 'Micro-Error': errorText, 'X-Micro-Error': errorText });
  });

  test('a stream nobody asked for, in one segment and byte by byte', async () => {
    const { server, seen } = await bench.client();
    const text = streamResponses.map(textOf).join('');
    server.write(text);
    for (const byte of Buffer.from(text)) server.write(Uint8Array.of(byte));
    const bodies = ['{"msg":"bob-0"}\n', '{"msg":"bob-1"}\n', ''];
    expect(await seen.received(6)).toEqual([...bodies, ...bodies]);
  });

  test('chunks with extensions and trailers, whatever their size', async () => {
    const { server, seen } = await bench.client();
    server.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n');
    server.write('4;name=value\r\n{"ms\r\n010\r\ng":"Hello bob"}\n\r\n0;last\r\nX-Sum: 1\r\n\r\n');
    server.write(textOf(jsonResponse));
    expect(await seen.received(2)).toEqual([jsonResponse.body, jsonResponse.body]);
  });

  test.each([
    'HTTP/1.1 200 OK\r\nA: b\r\n\r\n',
    'HTTP/1.0 200 OK\r\nA: b\r\n\r\n',
  ])('a body up to the end: %j', async (head) => {
    const { server, seen } = await bench.client();
    server.write(`${head}hel`);
    server.write('lo');
    server.net.end();
    expect(await seen.ended()).toBeUndefined();
    expect(seen.texts()).toEqual(['hello']);
    expect(seen.messages[0]?.headers).toEqual({ A: 'b' });
  });

  test('remarks before the answer, and answers without a body', async () => {
    const { server, seen } = await bench.client();
    server.write(
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n',
    );
    server.write(textOf(jsonResponse));
    expect(await seen.received(2)).toEqual(['', jsonResponse.body]);
    expect(seen.messages[0]?.headers).toEqual({ ':status': '204 No Content' });
  });

  test('other statuses come with their status line', async () => {
    const { server, seen } = await bench.client();
    const body = '400 Bad Request: missing required Host header';
    server.write(`HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    server.write('HTTP/1.1 599\r\nContent-Length: 0\r\n\r\n');
    expect(await seen.received(2)).toEqual([body, '']);
    expect(seen.messages.map(({ headers }) => headers[':status'])).toEqual(['400 Bad Request', '599']);
    expect(seen.messages[0]?.headers['Connection']).toBe('close');
  });

  test.each([
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n\r\n', 'invalid'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n', 'invalid'],
    ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\n\r\n', 'invalid'],
    ['a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 'invalid'],
    ['more than the limit', 'HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n', 'too_large'],
    ['more than the limit up to the end', `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(101)}`, 'too_large'],
  ])('closes on %s', async (_what, text, code) => {
    const { server, seen } = await bench.client({ maxBodyBytes: 100 });
    server.write(text);
    expect(await seen.ended()).toMatchObject({ name: 'TransportError', code });
    expect(seen.messages).toEqual([]);
    expect(await server.ended()).toBe('');
  });

  test('half an answer is a reset', async () => {
    const { server, seen } = await bench.client();
    server.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
    server.net.end();
    expect(await seen.ended()).toMatchObject({ code: 'reset' });
  });
});
