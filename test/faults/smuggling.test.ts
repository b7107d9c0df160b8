import { expect, test } from 'vitest';
import { unary } from '../../src/runtime/server/server.ts';
import { hello, newWorld } from '../runtime/world.ts';
import { count, dial, request } from './wire.ts';

/** What an attacker wants to have run: it stands where somebody else may see the end of a body. */
const inner = request('Greeter.Secret', '{}');
const size = inner.length.toString(16);

const head = (...lines: readonly string[]): string =>
  ['POST / HTTP/1.1', 'Host: x', 'Content-Type: application/json', 'Micro-Endpoint: Greeter.Hello', ...lines].join(
    '\r\n',
  ) + '\r\n\r\n';
/** A body that is over at once for who reads chunks. */
const asChunks = `0\r\n\r\n${inner}`;

/** Where two readers could disagree: no answer but a refusal will do. */
const refused: Readonly<Record<string, string>> = {
  'CL.TE': head(`Content-Length: ${asChunks.length}`, 'Transfer-Encoding: chunked') + asChunks,
  'TE.CL': head('Transfer-Encoding: chunked', 'Content-Length: 4') + `${size}\r\n${inner}\r\n0\r\n\r\n`,
  'CL.CL': head('Content-Length: 0', `Content-Length: ${inner.length}`) + inner,
  'CL.CL in one line': head(`Content-Length: 0, ${inner.length}`) + inner,
  'TE.TE, one unknown': head('Transfer-Encoding: chunked', 'Transfer-Encoding: x') + asChunks,
  'TE.TE, the other way': head('Transfer-Encoding: x', 'Transfer-Encoding: chunked') + asChunks,
  'TE with a list': head('Transfer-Encoding: identity, chunked') + asChunks,
  'TE with chunked first': head('Transfer-Encoding: chunked, identity') + asChunks,
  'TE in quotes': head('Transfer-Encoding: "chunked"') + asChunks,
  'TE with a parameter': head('Transfer-Encoding: chunked;q=1') + asChunks,
  'TE with a vertical tab': head('Transfer-Encoding:\x0bchunked') + asChunks,
  'TE with a NUL': head('Transfer-Encoding: chunked\0') + asChunks,
  'TE that is empty': head('Transfer-Encoding:') + asChunks,
  'TE with a blank before its colon':
    head('Transfer-Encoding : chunked', `Content-Length: ${asChunks.length}`) + asChunks,
  'TE with a tab before its colon':
    head('Transfer-Encoding\t: chunked', `Content-Length: ${asChunks.length}`) + asChunks,
  'TE on a folded line': head('Foo: bar', ' Transfer-Encoding: chunked', 'Content-Length: 5') + asChunks,
  'TE folded behind its colon': head('Transfer-Encoding:', ' chunked', 'Content-Length: 5') + asChunks,
  'TE after a bare line feed': head('Foo: bar\nTransfer-Encoding: chunked', 'Content-Length: 5') + asChunks,
  'TE after a bare carriage return': head('Foo: bar\rTransfer-Encoding: chunked', 'Content-Length: 5') + asChunks,
  'TE in HTTP/1.0': head('Transfer-Encoding: chunked').replace('1.1', '1.0') + asChunks,
  'CL with a sign': head('Content-Length: +0') + inner,
  'CL in hexadecimal': head('Content-Length: 0x0') + inner,
  'CL with letters behind': head('Content-Length: 0abc') + inner,
  'CL with a blank inside': head('Content-Length: 0 1') + inner,
  'CL with a comma behind': head('Content-Length: 0,') + inner,
  'CL below zero': head('Content-Length: -1') + inner,
  'CL that wraps around 64 bits': head('Content-Length: 18446744073709551616') + inner,
  'a chunk size with a prefix': head('Transfer-Encoding: chunked') + `0x0\r\n\r\n${inner}`,
  'a chunk size with a sign': head('Transfer-Encoding: chunked') + `+0\r\n\r\n${inner}`,
  'a chunk size with an underscore': head('Transfer-Encoding: chunked') + `0_0\r\n\r\n${inner}`,
  'a chunk size that wraps around': head('Transfer-Encoding: chunked') + `100000000\r\n\r\n${inner}`,
  'a chunk size that is empty': head('Transfer-Encoding: chunked') + `;x\r\n\r\n${inner}`,
  'a chunk size before a line feed': head('Transfer-Encoding: chunked') + `0\n\r\n${inner}`,
  'an extension that hides a line feed': head('Transfer-Encoding: chunked') + `2;\nxx\r\n${size}\r\n0\r\n\r\n${inner}`,
  'an extension that hides a carriage return': head('Transfer-Encoding: chunked') + `0;a\rb\r\n\r\n${inner}`,
  'data that goes on behind its chunk': head('Transfer-Encoding: chunked') + `1\r\nxGARBAGE\r\n0\r\n\r\n${inner}`,
  'data that ends in a line feed': head('Transfer-Encoding: chunked') + `1\r\nx\n0\r\n\r\n${inner}`,
  'data with two other bytes behind': head('Transfer-Encoding: chunked') + `1\r\nxXY0\r\n\r\n${inner}`,
  'a trailer that is a request': head('Transfer-Encoding: chunked') + `0\r\nGET / HTTP/1.1\r\n\r\n${inner}`,
  'a trailer with a blank before its colon': head('Transfer-Encoding: chunked') + `0\r\nFoo : x\r\n\r\n${inner}`,
  'a name with a NUL': head('Content\0-Length: 5') + inner,
  'a name in brackets': head('(Content-Length): 5') + inner,
  'a line without a name': head(': 5') + inner,
  'a head that ends in line feeds': `POST / HTTP/1.1\nHost: x\nMicro-Endpoint: Greeter.Hello\n\n${inner}`,
  'a request of HTTP/0.9': `GET /\r\n${inner}`,
  'the preface of HTTP/2': `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${inner}`,
  'a version with more digits': head().replace('HTTP/1.1', 'HTTP/1.10') + inner,
  'a version beyond ours': head().replace('HTTP/1.1', 'HTTP/1.2') + inner,
  'two blanks in the first line': head().replace('POST / ', 'POST  / ') + inner,
  'a tab in the first line': head().replace('POST / ', 'POST\t/ ') + inner,
};

test.each(Object.entries(refused))('refused: %s', async (_name, attack) => {
  const world = newWorld();
  let ran = 0;
  const secret = unary(() => {
    ran += 1;
    return {};
  });
  const { address } = await world.serve({ Hello: hello, Secret: secret });
  const attacker = await dial(address);
  attacker.write(attack);
  const heard = await attacker.ended();
  expect([count(heard, '400 Bad Request') + count(heard, '413 Content Too Large'), count(heard, '200 OK')]).toEqual([
    1, 0,
  ]);
  expect(heard).toMatch(/\r\nConnection: close\r\n[^]*\r\n\r\n4\d\d [\w ]+: [^\r\n]{5,}$/);
  expect(ran).toBe(0);
  expect(await world.client().call({ service: 'greeter', endpoint: 'Greeter.Hello', body: { name: 'Ann' } })).toEqual({
    msg: 'Hello Ann',
  });
});

/** Odd, and yet there is only one way to read it: what looks like a request is a body, or a part of a header. */
const one: Readonly<Record<string, string>> = {
  'a request as a body': head(`Content-Length: ${inner.length}`) + inner,
  'a request as a chunk':
    head('Transfer-Encoding: CHUNKED') + `${size};ext="a"\r\n${inner}\r\n00000\r\nFoo: bar\r\n\r\n`,
  'a trailer about framing':
    head('Transfer-Encoding: chunked') + '0\r\nContent-Length: 500\r\nTransfer-Encoding: x\r\n\r\n',
  'the same length twice': head(`Content-Length: ${inner.length}`, `content-length: ${inner.length}`) + inner,
  'names that only look alike': head('Content_Length: 9', 'Transfer_Encoding: chunked', 'X-Content-Length: 9'),
  'framing declared as of one hop':
    head('Connection: Content-Length, keep-alive', `Content-Length: ${inner.length}`) + inner,
  'a body for GET': head(`Content-Length: ${inner.length}`).replace('POST', 'GET') + inner,
  'a method that overrides': head('X-HTTP-Method-Override: GET', `Content-Length: ${inner.length}`) + inner,
  'an upgrade':
    head('Connection: Upgrade', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQ', `Content-Length: ${inner.length}`) +
    inner,
};

test.each(Object.entries(one))('one request and no other: %s', async (_name, odd) => {
  const world = newWorld();
  let ran = 0;
  const secret = unary(() => {
    ran += 1;
    return {};
  });
  const { address } = await world.serve({ Hello: hello, Secret: secret });
  const peer = await dial(address);
  peer.write(odd + request('Greeter.Hello', '{"name":"last"}', ['Connection: close']));
  const heard = await peer.ended();
  expect(count(heard, '200 OK')).toBe(2);
  expect(heard).toMatch(/\{"msg":"Hello last"\}\n?$/);
  expect(ran).toBe(0);
});

test('the body is not sent before it is wanted: an inner request cannot hide behind Expect', async () => {
  const world = newWorld();
  const { address } = await world.serve({ Hello: hello });
  const peer = await dial(address);
  const body = '{"name":"John"}';
  peer.write(
    head('Expect: 100-continue', `Content-Length: ${body.length}`) +
      body +
      request('Greeter.Hello', body, ['Connection: close']),
  );
  const heard = await peer.ended();
  expect([count(heard, '200 OK'), count(heard, '400 Bad Request')]).toEqual([2, 0]);
});
