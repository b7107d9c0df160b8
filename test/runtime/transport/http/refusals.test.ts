import { afterEach, describe, expect, test } from 'vitest';
import type { TransportErrorCode } from '../../../../src/runtime/transport/transport.ts';
import { until } from '../../../support/until.ts';
import { Bench } from './raw.ts';

const bench = new Bench();
afterEach(() => bench.stop());

const post = (...lines: string[]): string => `${['POST / HTTP/1.1', ...lines].join('\r\n')}\r\n\r\n`;
const chunks = (text: string): string => post('Transfer-Encoding: chunked') + text;

const invalid: readonly (readonly [string, string])[] = [
  ['a length and chunks', post('Content-Length: 3', 'Transfer-Encoding: chunked')],
  ['chunks and a length', post('Transfer-Encoding: chunked', 'Content-Length: 3')],
  ['two lengths', post('Content-Length: 3', 'Content-Length: 4')],
  ['a list of lengths', post('Content-Length: 3, 3')],
  ['an empty length', post('Content-Length:')],
  ['a length with a plus', post('Content-Length: +3')],
  ['a length with a minus', post('Content-Length: -3')],
  ['a length in hexadecimal', post('Content-Length: 0x3')],
  ['a length with a blank', post('Content-Length: 3 3')],
  ['a length with a fraction', post('Content-Length: 3.0')],
  ['a length with an exponent', post('Content-Length: 3e1')],
  ['a length of other digits', post('Content-Length: ３')],
  ['a coding nobody knows', post('Transfer-Encoding: gzip')],
  ['a coding before chunked', post('Transfer-Encoding: gzip, chunked')],
  ['chunked twice', post('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')],
  ['chunked in disguise', post('Transfer-Encoding: xchunked')],
  ['identity', post('Transfer-Encoding: identity')],
  ['chunks in HTTP/1.0', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n'],
  ['a blank before the colon', post('Content-Length : 3')],
  ['a folded line', post('Foo: a', ' b')],
  ['a blank before the first header', post(' Foo: a')],
  ['a line without a colon', post('Foo')],
  ['an empty name', post(': x')],
  ['a name beyond ASCII', post('Föö: x')],
  ['a NUL in a value', post('Foo: a\0b')],
  ['a NUL in a name', post('Fo\0o: a')],
  ['line feeds only', 'POST / HTTP/1.1\nHost: x\n\n'],
  ['one bare line feed', 'POST / HTTP/1.1\r\nFoo: a\nContent-Length: 3\r\n\r\n'],
  ['a bare carriage return', post('Foo: a\rContent-Length: 3')],
  ['another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['no protocol', 'POST /\r\n\r\n'],
  ['blanks in the target', 'POST / / HTTP/1.1\r\n\r\n'],
  ['an empty line first', '\r\nPOST / HTTP/1.1\r\n\r\n'],
  ['a response', 'HTTP/1.1 200 OK\r\n\r\n'],
  ['a chunk without a size', chunks('\r\n')],
  ['a negative chunk', chunks('-1\r\n')],
  ['a chunk size with a prefix', chunks('0x1\r\na\r\n')],
  ['a chunk size with a blank', chunks('1 \r\na\r\n')],
  ['a chunk size of nine digits', chunks('000000001\r\na\r\n')],
  ['a chunk size that ends in a line feed', chunks('1\na\r\n0\r\n\r\n')],
  ['a chunk that is longer than it says', chunks('1\r\nab\r\n')],
  ['a chunk that ends in a line feed', chunks('1\r\na\n')],
  ['a bare carriage return in an extension', chunks('1;a\rb\r\n')],
  ['an endless extension', chunks(`1;${'x'.repeat(5000)}`)],
  ['more extensions than data', chunks(`1;${'x'.repeat(2000)}\r\na\r\n`.repeat(20))],
  ['a trailer that is no header', chunks('0\r\nfoo\r\n\r\n')],
];

const tooLarge: readonly (readonly [string, string])[] = [
  ['a body by its length', post('Content-Length: 1001')],
  ['a body by an absurd length', post('Content-Length: 999999999999999')],
  ['a body by its chunks', chunks(`3e8\r\n${'x'.repeat(1000)}\r\n1\r\n`)],
  ['a chunk', chunks('ffffffff\r\n')],
  ['a head', post(`Foo: ${'x'.repeat(4000)}`)],
  ['a head that does not end', `POST / HTTP/1.1\r\nFoo: ${'x'.repeat(4000)}`],
  ['many headers', post(...Array.from({ length: 21 }, (_, at) => `H${at}: x`))],
  ['a trailer', chunks(`0\r\n${`Foo: ${'x'.repeat(500)}\r\n`.repeat(8)}`)],
];

describe('the server refuses with a sentence and closes', () => {
  const limits = { maxHeadBytes: 2048, maxHeaders: 20, maxBodyBytes: 1000 };
  const good = post('Content-Length: 4') + 'good';

  async function refused(text: string, status: string, code: TransportErrorCode): Promise<void> {
    const { client, seen } = await bench.server(limits);
    client.write(`${good}${text}`);
    const answer = await client.ended();
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status}\r\n`));
    expect(answer).toMatch(/\r\nConnection: close\r\n/);
    expect(answer).toMatch(new RegExp(`\r\n\r\n${status}: [^\r\n]{5,}$`));
    expect(await seen.ended()).toMatchObject({ name: 'TransportError', code });
    expect(seen.texts()).toEqual(['good']);
    expect(seen.closings).toHaveLength(1);
  }

  test.each(invalid)('%s', (_what, text) => refused(text, '400 Bad Request', 'invalid'));
  test.each(tooLarge)('too large: %s', (_what, text) => refused(text, '413 Content Too Large', 'too_large'));

  test('a head that does not come to its end in time', async () => {
    const { client, seen } = await bench.server({ headTimeoutMs: 50 });
    client.write(`${good}POST / HTT`);
    expect(await client.ended()).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(await seen.ended()).toMatchObject({ code: 'timeout' });
  });

  test('a head that trickles on', async () => {
    const { client, seen } = await bench.server({ headTimeoutMs: 100 });
    client.write('POST / HTTP/1.1\r\n');
    const trickle = setInterval(() => client.write('A: b\r\n'), 10);
    expect(await seen.ended().finally(() => clearInterval(trickle))).toMatchObject({ code: 'timeout' });
  });

  test('an idle connection, and a body that takes its time, are none of these', async () => {
    const { client, seen } = await bench.server({ headTimeoutMs: 20 }, (socket, body) => void socket.send({}, body));
    const idle = await bench.server({ headTimeoutMs: 20 });
    client.write(post('Content-Length: 8'));
    for (const letter of 'patience') {
      await new Promise((resolve) => setTimeout(resolve, 10));
      client.write(letter);
    }
    expect(await seen.received(1)).toEqual(['patience']);
    idle.client.write(good);
    expect(await idle.seen.received(1)).toEqual(['good']);
  });
});

describe('a connection that breaks in the middle of a message', () => {
  test.each([
    ['in the head', 'POST / HTTP/1.1\r\nFoo'],
    ['in the body', post('Content-Length: 9') + 'half'],
    ['in a chunk', chunks('9\r\nhalf')],
    ['before the last chunk', chunks('4\r\nhalf\r\n')],
    ['in the trailer', chunks('0\r\nFoo: x\r\n')],
  ])('%s is a reset', async (_where, text) => {
    const { client, seen } = await bench.server();
    client.write(text);
    client.net.end();
    expect(await seen.ended()).toMatchObject({ code: 'reset' });
    expect(seen.messages).toEqual([]);
  });

  test('a reset is a reset', async () => {
    const { client, seen } = await bench.server();
    client.write(post('Content-Length: 0'));
    await seen.received(1);
    client.net.resetAndDestroy();
    expect(await seen.ended()).toMatchObject({ code: 'reset' });
  });

  test('a refusal reaches a client that is still sending', async () => {
    const { client, seen } = await bench.server({ maxBodyBytes: 10 });
    client.write(post('Content-Length: 5000000'));
    client.write(Buffer.alloc(5_000_000, 'x'));
    await until(() => client.text().startsWith('HTTP/1.1 413 '));
    expect(await seen.ended()).toMatchObject({ code: 'too_large' });
  });
});
