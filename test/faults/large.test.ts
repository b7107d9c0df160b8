import { expect, test } from 'vitest';
import { unary } from '../../src/runtime/server/server.ts';
import { httpTransport } from '../../src/runtime/transport/http/http.ts';
import { failure, hello, newWorld } from '../runtime/world.ts';
import { answerOf, count, dial, hostile, request } from './wire.ts';

const call = { service: 'greeter', endpoint: 'Greeter.Hello', body: { name: 'Ann' } };
const post = (headers: readonly string[], body = ''): string =>
  `${['POST / HTTP/1.1', 'Host: x', ...headers].join('\r\n')}\r\n\r\n${body}`;

/** With the limits as they are when nobody says otherwise. */
const tooLarge: Readonly<Record<string, string>> = {
  'a header of 1 MiB': post([`Foo: ${'x'.repeat(1 << 20)}`]),
  'a name of 1 MiB': post([`${'x'.repeat(1 << 20)}: x`]),
  'a target of 1 MiB': `POST /${'x'.repeat(1 << 20)} HTTP/1.1\r\n\r\n`,
  'ten thousand headers': post(Array.from({ length: 10_000 }, (_, at) => `H${at}: x`)),
  'many headers, none of them long': post(Array.from({ length: 300 }, (_, at) => `H${at}: x`)),
  'a head without an end': `POST / HTTP/1.1\r\n${'Foo: bar\r\n'.repeat(20_000)}`,
  'a body of 1 TB that was announced': post(['Content-Length: 1000000000000']),
  'a chunk of 4 GiB that was announced': post(['Transfer-Encoding: chunked'], 'ffffffff\r\n'),
  'a trailer without an end': post(['Transfer-Encoding: chunked'], `0\r\n${'Foo: bar\r\n'.repeat(20_000)}`),
};

test.each(Object.entries(tooLarge))('%s is refused with a sentence, and others are served', async (_what, text) => {
  const world = newWorld();
  const { address } = await world.serve({ Hello: hello });
  const peer = await dial(address);
  peer.write(text);
  const heard = await peer.ended();
  expect(heard).toMatch(/^HTTP\/1\.1 413 Content Too Large\r\n[^]*\r\nConnection: close\r\n[^]*\r\n\r\n413 [^\r\n]+$/);
  expect(await world.client().call(call)).toEqual({ msg: 'Hello Ann' });
});

test('a body is taken up to the limit and not beyond, whether it has a length or comes in chunks', async () => {
  const world = newWorld(() => httpTransport({ maxBodyBytes: 1000 }));
  const { address } = await world.serve({ Hello: hello });
  const body = (length: number): string => `{"name":"${'x'.repeat(length - 11)}"}`;
  const chunked = (text: string): string =>
    post(
      [
        'Content-Type: application/json',
        'Micro-Endpoint: Greeter.Hello',
        'Transfer-Encoding: chunked',
        'Connection: close',
      ],
      `1\r\n${text[0]}\r\n${(text.length - 1).toString(16)}\r\n${text.slice(1)}\r\n0\r\n\r\n`,
    );
  const plain = (text: string): string => request('Greeter.Hello', text, ['Connection: close']);
  for (const form of [plain, chunked]) {
    const [fits, exceeds] = await Promise.all([dial(address), dial(address)]);
    fits.write(form(body(1000)));
    exceeds.write(form(body(1001)));
    expect(count(await fits.ended(), '200 OK')).toBe(1);
    expect(await exceeds.ended()).toMatch(/^HTTP\/1\.1 413 /);
  }
});

test.each([
  ['by its length', answerOf('x'.repeat(1001))],
  ['in chunks', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n${'x'.repeat(1001)}\r\n0\r\n\r\n`],
  ['up to the end of the connection', `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(1001)}`],
])('an answer beyond the limit, %s, is an error that says so', async (_how, answer) => {
  const peer = await hostile((socket) => void socket.write(answer));
  const client = newWorld(() => httpTransport({ maxBodyBytes: 1000 })).client();
  const error = await failure(client.call(call, { address: peer.address, retries: 0 }));
  expect(error).toMatchObject({
    id: 'go.micro.client.transport',
    code: 500,
    detail: expect.stringMatching(/larger than 1000/),
  });
});

test('an answer with more headers than anybody needs is an error that says so', async () => {
  const lines = Array.from({ length: 1000 }, (_, at) => `H${at}: x`);
  const peer = await hostile((socket) => void socket.write(answerOf('{}', lines)));
  const error = await failure(newWorld().client().call(call, { address: peer.address, retries: 0 }));
  expect(error).toMatchObject({ id: 'go.micro.client.transport', code: 500, detail: expect.stringMatching(/headers/) });
});

test('JSON that is deep, wide or repeats its names is answered or refused, and takes nothing with it', async () => {
  const world = newWorld();
  const { address } = await world.serve({ Hello: unary((request: unknown) => ({ kind: typeof request })) });
  const bodies = [
    '['.repeat(200_000),
    `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
    `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
    `[${'0,'.repeat(500_000)}0]`,
    `{${'"__proto__":{"polluted":true},'.repeat(1000)}"a":1}`,
    `{"name":"${'\\ud800'.repeat(50_000)}"}`,
    '9'.repeat(100_000),
    `"${'\\u0000'.repeat(100_000)}"`,
  ];
  for (const body of bodies) {
    const peer = await dial(address);
    peer.write(request('Greeter.Hello', body, ['Connection: close']));
    expect(count(await peer.ended(), '200 OK')).toBe(1);
  }
  expect(({} as Readonly<Record<string, unknown>>)['polluted']).toBeUndefined();
  expect(await world.client().call(call)).toEqual({ kind: 'object' });
});
