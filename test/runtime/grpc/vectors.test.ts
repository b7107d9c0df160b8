import { expect, it } from 'vitest';
import { MicroError, notFound } from '../../../src/runtime/errors.ts';
import { writeFrame } from '../../../src/runtime/grpc/frame.ts';
import { unary } from '../../../src/runtime/server/server.ts';
import { loadProto } from '../../../src/runtime/codec/proto-file.ts';
import { failure, hello } from '../world.ts';
import type { BareRequest } from './bare.ts';
import { ask, bareClient, bareServer, headers, reply } from './bare.ts';
import { greeter, open, serve } from './house.ts';

const jsonFrame = '000000000e7b226e616d65223a22626f62227d';
const details =
  'CAUSTXsiaWQiOiJnby5taWNyby5zcnYuZ3JlZXRlciIsImNvZGUiOjQwNCwiZGV0YWlsIjoibm9wZSIsInN0YXR1cyI6Ik5vdCBGb3VuZCJ9Gk4KIHR5cGUuZ29vZ2xlYXBpcy5jb20vZXJyb3JzLkVycm9yEioKFGdvLm1pY3JvLnNydi5ncmVldGVyEJQDGgRub3BlIglOb3QgRm91bmQ';
const text = '{"id":"go.micro.srv.greeter","code":404,"detail":"nope","status":"Not Found"}';
const ok = { 'grpc-status': '0', 'grpc-message': '' };

it('asks with the headers and bytes of a go-micro client', async () => {
  const seen: BareRequest[] = [];
  const { address } = await bareServer((stream, request) => {
    seen.push(request);
    reply(stream, writeFrame('{"msg":"Hello bob"}'), ok);
  });
  const answer = await open().call(
    { service: 'go.micro.srv.greeter', endpoint: 'Greeter.Hello', body: { name: 'bob' } },
    { address, metadata: { 'Foo-Bar': 'x', BAZ: 'y' }, timeoutMs: 50_000 },
  );
  expect(answer).toEqual({ msg: 'Hello bob' });
  const { head, body } = seen[0] ?? expect.fail('nothing was asked');
  expect(head).toMatchObject({
    ':method': 'POST',
    ':scheme': 'http',
    ':path': '/go.micro.srv.greeter.Greeter/Hello',
    ':authority': address,
    'content-type': 'application/grpc+json',
    'x-content-type': 'application/json',
    te: 'trailers',
    'foo-bar': 'x',
    baz: 'y',
    timeout: expect.stringMatching(/^4\d{4}000000$|^50000000000$/),
    'grpc-timeout': expect.stringMatching(/^4\d{4}m$|^50000m$/),
  });
  expect(body.toString('hex')).toBe(jsonFrame);
});

const person = (await loadProto('syntax = "proto3"; message Person { string name = 1; }')).schema('Person');

it.each([
  ['application/json', 'application/grpc+json', jsonFrame],
  ['application/grpc+json', 'application/grpc+json', jsonFrame],
  ['application/protobuf', 'application/grpc+proto', '00000000050a03626f62'],
  ['application/proto', 'application/grpc+proto', '00000000050a03626f62'],
  ['application/grpc', 'application/grpc+proto', '00000000050a03626f62'],
  ['application/grpc+proto', 'application/grpc+proto', '00000000050a03626f62'],
  ['application/octet-stream', 'application/grpc+proto', '00000000050a03626f62'],
])('writes %s as %s', async (contentType, wireType, hex) => {
  const seen: BareRequest[] = [];
  const { address } = await bareServer((stream, request) => {
    seen.push(request);
    reply(stream, request.body, ok);
  });
  const schemas = { requestSchema: person, responseSchema: person };
  const request = { ...greeter('Hello'), body: { name: 'bob' }, contentType, ...schemas };
  expect(await open().call(request, { address })).toEqual({ name: 'bob' });
  expect(seen[0]?.head).toMatchObject({ 'content-type': wireType, 'x-content-type': contentType });
  expect(seen[0]?.body.toString('hex')).toBe(hex);
});

it.each([
  'application/grpc+bytes',
  'application/octet-stream',
])('carries bytes as they are: %s', async (contentType) => {
  const { address } = await bareServer((stream, { body }) => reply(stream, body, ok));
  const body = Buffer.from([0, 255, 1, 10]);
  expect(await open().call({ ...greeter('Hello'), body, contentType }, { address })).toEqual(body);
});

it('sends raw bodies untouched, and gives answers back untouched', async () => {
  const { address } = await bareServer((stream, { body }) => reply(stream, body, ok));
  const client = open();
  const request = { ...greeter('Hello'), body: '{"n": 12345678901234567890}\n', raw: true };
  expect(String(await client.call(request, { address }))).toBe('{"n": 12345678901234567890}\n');
});

it.each([
  ['', 'Greeter.Hello', '/Greeter/Hello'],
  ['a.b', 'Greeter.Hello', '/a.b.Greeter/Hello'],
  ['a.b', '/any.Thing/At.All', '/any.Thing/At.All'],
  ['a.b', 'Greeter', '/Greeter'],
  ['a.b', 'x.Greeter.Hello', '/x.Greeter.Hello'],
])('addresses %s and %s as %s', async (service, endpoint, path) => {
  const { address } = await bareServer((stream, { head }) => {
    reply(stream, writeFrame(JSON.stringify({ path: head[':path'] })), ok);
  });
  expect(await open().call({ service, endpoint }, { address })).toEqual({ path });
});

it.each([
  ['Type.Method that cannot be a path', { ...greeter('Hel lo') }, 400],
  ['unknown content type', { ...greeter('Hello'), contentType: 'text/html' }, 500],
])('refuses to ask: %s', async (_, request, code) => {
  const { address } = await bareServer((stream) => reply(stream, writeFrame('{}'), ok));
  const error = await failure(open().call(request, { address }));
  expect(error).toMatchObject({ id: 'go.micro.client', code });
});

it.each([
  ['details', { 'grpc-status': '5', 'grpc-message': 'text', 'grpc-status-details-bin': details }],
  ['JSON in the message', { 'grpc-status': '5', 'grpc-message': text }],
  ['escaped JSON', { 'grpc-status': '5', 'grpc-message': text.replace('nope', '%6eope') }],
  [
    'JSON, when the details are of another type',
    { 'grpc-status': '5', 'grpc-message': text, 'grpc-status-details-bin': 'CAUaFgoUdHlwZS9nb29nbGUuUmV0cnlJbmZv' },
  ],
  ['JSON, when the details are broken', { 'grpc-status': '5', 'grpc-message': text, 'grpc-status-details-bin': 'GgU' }],
])('reads an error from %s', async (_, trailers) => {
  const { address } = await bareServer((stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc+json', ...trailers }, { endStream: true });
  });
  const error = await failure(open().call(greeter('Hello'), { address, retries: 0 }));
  expect(error).toBeInstanceOf(MicroError);
  expect(error).toMatchObject({ id: 'go.micro.srv.greeter', code: 404, detail: 'nope', status: 'Not Found' });
});

it.each([
  ['2', 500],
  ['3', 400],
  ['4', 408],
  ['5', 404],
  ['6', 409],
  ['7', 403],
  ['8', 500],
  ['9', 412],
  ['12', 501],
  ['13', 500],
  ['14', 503],
  ['16', 401],
  ['x', 500],
])('makes of status %s without a micro error code %i', async (status, code) => {
  const { address } = await bareServer((stream) => {
    reply(stream, undefined, { 'grpc-status': status, 'grpc-message': 'na%C3%AFve {' });
  });
  const error = await failure(open().call(greeter('Hello'), { address, retries: 0 }));
  expect(error).toMatchObject({ id: 'go.micro.client', code, detail: 'naïve {' });
});

it('answers with the head, bytes and trailers of a go-micro server', async () => {
  const { address } = await serve({ Hello: hello });
  const session = await bareClient(address);
  const answer = await ask(session, headers('/any.pkg.Greeter/Hello'), Buffer.from(jsonFrame, 'hex'));
  expect(answer.head).toMatchObject({ ':status': 200, 'content-type': 'application/grpc+json' });
  expect(answer.body.toString('hex')).toBe(writeFrame('{"msg":"Hello bob"}').toString('hex'));
  expect(Object.entries(answer.trailers ?? {})).toEqual(Object.entries(ok));
  expect(answer.rstCode).toBe(0);
});

it('answers an error without a message with trailers only, byte for byte', async () => {
  const fails = unary(() => {
    throw notFound('go.micro.srv.greeter', 'nope');
  });
  const { address } = await serve({ Fail: fails });
  const answer = await ask(await bareClient(address), headers('/Greeter/Fail'), Buffer.from(jsonFrame, 'hex'));
  expect(answer.trailers).toBeUndefined();
  expect(answer.head).toMatchObject({
    ':status': 200,
    'content-type': 'application/grpc+json',
    'grpc-status': '5',
    'grpc-message': text,
    'grpc-status-details-bin': details,
  });
});

it.each([
  [400, '3'],
  [401, '16'],
  [403, '7'],
  [404, '5'],
  [405, '2'],
  [408, '4'],
  [409, '6'],
  [412, '9'],
  [429, '2'],
  [500, '13'],
  [501, '12'],
  [503, '14'],
  [504, '2'],
])('makes of code %i status %s', async (code, status) => {
  const fails = unary(() => {
    throw new MicroError('x', code, '50% naïve\n');
  });
  const { address } = await serve({ Fail: fails });
  const { head } = await ask(await bareClient(address), headers('/Greeter/Fail'), writeFrame('{}'));
  expect(head).toMatchObject({ 'grpc-status': status });
  expect(head?.['grpc-message']).toContain(`"code":${code},"detail":"50%25 na%C3%AFve\\n"`);
  // The other side reads from it what was thrown.
  const error = await failure(open().call(greeter('Fail'), { address, retries: 0 }));
  expect(error).toMatchObject({ id: 'x', code, detail: '50% naïve\n' });
});
