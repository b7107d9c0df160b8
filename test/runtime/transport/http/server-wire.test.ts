import { afterEach, describe, expect, test } from 'vitest';
import {
  emptyRequest,
  errorText,
  headersOf,
  jsonRequest,
  streamRequests,
  textOf,
} from '../../../fixtures/wire-http.ts';
import { until } from '../../../support/until.ts';
import { Bench } from './raw.ts';

const bench = new Bench();
afterEach(() => bench.stop());

describe('the server side reads what Go clients write', () => {
  test('a JSON call', async () => {
    const { client, seen } = await bench.server();
    client.write(textOf(jsonRequest));
    expect(await seen.received(1)).toEqual([jsonRequest.body]);
    const { Host: _host, 'Content-Length': _length, ...carried } = headersOf(jsonRequest);
    expect(seen.messages[0]?.headers).toEqual(carried);
  });

  test('an empty protobuf message, in chunks', async () => {
    const { client, seen } = await bench.server();
    client.write(textOf(emptyRequest) + textOf(jsonRequest));
    expect(await seen.received(2)).toEqual(['', jsonRequest.body]);
  });

  test('a stream in one segment', async () => {
    const { client, seen } = await bench.server();
    client.write(streamRequests.map(textOf).join(''));
    expect(await seen.received(3)).toEqual(['{"name":""}\n', '{"name":"bob"}\n', '']);
    expect(seen.messages.map(({ headers }) => headers['Micro-Error'])).toEqual([undefined, undefined, 'EOS']);
    client.net.end();
    expect(await seen.ended()).toBeUndefined();
  });

  test('byte by byte', async () => {
    const { client, seen } = await bench.server();
    for (const byte of Buffer.from(textOf(emptyRequest) + textOf(jsonRequest))) client.write(Uint8Array.of(byte));
    expect(await seen.received(2)).toEqual(['', jsonRequest.body]);
  });

  test.each([
    ['any method and path', 'GET /foo/bar?x=1 HTTP/1.1\r\nHost: x\r\n\r\n', {}],
    ['no Host', 'POST / HTTP/1.1\r\nA: b\r\n\r\n', { A: 'b' }],
    [
      'any spelling of names',
      'POST / HTTP/1.1\r\nmicro-ID: 7\r\nX-MICRO-method: M\r\n\r\n',
      { 'Micro-Id': '7', 'X-Micro-Method': 'M' },
    ],
    ['the first of a repeated header', 'POST / HTTP/1.1\r\nFoo: 1\r\nfoo: 2\r\n\r\n', { Foo: '1' }],
    [
      'blanks around a value',
      'POST / HTTP/1.1\r\nFoo: \t a b \t\r\nBar:\r\nBaz:x\r\n\r\n',
      { Foo: 'a b', Bar: '', Baz: 'x' },
    ],
    ['raw UTF-8 in values', `POST / HTTP/1.1\r\nMicro-Error: ${errorText}\r\n\r\n`, { 'Micro-Error': errorText }],
    ['equal Content-Lengths', 'POST / HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n', {}],
    ['names of object members', 'POST / HTTP/1.1\r\n__proto__: x\r\nconstructor: y\r\n\r\n', { Constructor: 'y' }],
  ])('%s', async (_what, text, headers) => {
    const { client, seen } = await bench.server();
    client.write(text);
    expect(await seen.received(1)).toEqual(['']);
    expect({ ...seen.messages[0]?.headers }).toEqual(headers);
  });

  test('headers of one request do not leak into the next', async () => {
    const { client, seen } = await bench.server();
    const request = (lines: string): string => `POST / HTTP/1.1\r\n${lines}Content-Length: 0\r\n\r\n`;
    const wanted = [
      { A: '1', B: '2' },
      { A: '1', B: '3' },
      { A: '2', B: '3' },
      { A: '2' },
      { A: '2', B: '2', C: '4' },
      { C: '5', A: '2', B: '2' },
    ];
    for (const headers of wanted) {
      client.write(
        request(
          Object.entries(headers)
            .map(([name, value]) => `${name}: ${value}\r\n`)
            .join(''),
        ),
      );
    }
    await seen.received(wanted.length);
    expect(seen.messages.map(({ headers }) => headers)).toEqual(wanted);
  });
});

describe('the server side writes what Go clients read', () => {
  test('status line, given headers, Content-Length, raw UTF-8', async () => {
    const { client, socket } = await bench.server();
    socket.send({ 'Content-Type': 'application/json', 'Micro-Error': errorText }, '{"msg":"é"}\n');
    const expected = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nMicro-Error: ${errorText}\r\nContent-Length: 13\r\n\r\n{"msg":"é"}\n`;
    expect(await until(() => client.text().length >= expected.length && client.text())).toBe(expected);
  });

  test('an empty body has a length, too; bytes follow a head beyond ASCII untouched', async () => {
    const { client, socket } = await bench.server();
    socket.send({ 'Micro-Id': '0' }, '');
    socket.send({ A: 'é' }, Buffer.from('ünï'));
    socket.close();
    expect(await client.ended()).toBe(
      'HTTP/1.1 200 OK\r\nMicro-Id: 0\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nA: é\r\nContent-Length: 5\r\n\r\nünï',
    );
  });

  test('answers each pipelined request, then closes when the last one asks for it', async () => {
    const { client, seen } = await bench.server({}, (socket, body) => void socket.send({}, `got ${body}`));
    const request = (more: string, body: string): string =>
      `POST / HTTP/1.1\r\n${more}Content-Length: 1\r\n\r\n${body}`;
    client.write(request('', '1') + request('Connection: keep-alive, Close\r\n', '2'));
    const answer = (more: string, body: string): string => `HTTP/1.1 200 OK\r\n${more}Content-Length: 5\r\n\r\n${body}`;
    expect(await client.ended()).toBe(answer('', 'got 1') + answer('Connection: close\r\n', 'got 2'));
    expect(await seen.ended()).toBeUndefined();
  });

  test('closes after the answer to HTTP/1.0, which does not know better', async () => {
    const { client } = await bench.server({}, (socket) => void socket.send({}, 'hello'));
    client.write('GET / HTTP/1.0\r\n\r\n');
    expect(await client.ended()).toContain('hello');
  });

  test('tells a client that waits for it to continue, once', async () => {
    const { client, seen } = await bench.server();
    client.write('POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n');
    await until(() => client.text().includes('100 Continue'));
    client.write('bo');
    client.write('dy');
    expect(await seen.received(1)).toEqual(['body']);
    expect(client.text()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  });
});
