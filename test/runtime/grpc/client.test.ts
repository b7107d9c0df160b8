import type { Metadata, sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import type { IncomingHttpHeaders } from 'node:http2';
import { describe, expect, it } from 'vitest';
import { newContext } from '../../../src/runtime/context.ts';
import { writeFrame } from '../../../src/runtime/grpc/frame.ts';
import { until } from '../../support/until.ts';
import { failure } from '../world.ts';
import { bareServer, reply, silentPort } from './bare.ts';
import { greeter, open } from './house.ts';
import { libraryServer } from './library.ts';

type Call = ServerUnaryCall<Buffer, Buffer>;
type Done = sendUnaryData<Buffer>;

const echo = (call: Call, done: Done): void => done(null, call.request);
const ok = { 'grpc-status': '0', 'grpc-message': '' };

/** Answers everything, and keeps the heads. */
async function lookingServer(): Promise<{ readonly address: string; readonly seen: readonly IncomingHttpHeaders[] }> {
  const seen: IncomingHttpHeaders[] = [];
  const { address } = await bareServer((stream, { head }) => {
    seen.push(head);
    reply(stream, writeFrame('{}'), ok);
  });
  return { address, seen };
}

describe('a client that asks another library', () => {
  it('gets an answer, whatever the size', async () => {
    const { address } = await libraryServer({ Echo: echo });
    const client = open();
    for (const length of [0, 1, 20_000, 3_000_000]) {
      const body = { text: 'x'.repeat(length) };
      expect(await client.call({ ...greeter('Echo'), body }, { address })).toEqual(body);
    }
  });

  it('asks many things at a time', async () => {
    const { address } = await libraryServer({ Echo: echo });
    const client = open();
    const bodies = Array.from({ length: 350 }, (_, index) => ({ index }));
    const answers = bodies.map((body) => client.call({ ...greeter('Echo'), body }, { address }));
    expect(await Promise.all(answers)).toEqual(bodies);
  });

  it('sends metadata along: its own, and that of the call it is made for', async () => {
    let seen: Metadata | undefined;
    const { address } = await libraryServer({
      Look(call: Call, done: Done) {
        seen = call.metadata;
        done(null, call.request);
      },
    });
    const context = newContext({ metadata: { 'Trace-Id': 't1', Host: 'x', 'Content-Length': '3', Timeout: '1' } });
    const metadata = {
      'Foo-Bar': 'x',
      'Key-Bin': Buffer.from([0, 254]).toString('base64'),
      'Content-Type': 'text/plain',
      Te: 'gzip',
      Connection: 'close',
      ':path': '/other',
      'Grpc-Timeout': '1n',
    };
    await open({}, { name: 'me' }).call(greeter('Look'), { address, context, metadata });
    expect(seen?.getMap()).toMatchObject({
      'trace-id': 't1',
      'foo-bar': 'x',
      'key-bin': Buffer.from([0, 254]),
      'micro-from-service': 'me',
    });
    for (const name of ['host', 'connection', 'content-length']) expect(seen?.get(name)).toEqual([]);
  });

  it.each([
    ['its own name', {}, 'me'],
    ['its own name, whatever else it says', { Other: 'micro-from-service' }, 'me'],
    ['whom the metadata names', { 'Micro-From-Service': 'somebody' }, 'somebody'],
  ])('says who calls, once: %s', async (_, metadata, name) => {
    const { address, seen } = await lookingServer();
    const client = open({}, { name: 'me' });
    await client.call(greeter('Look'), { address });
    await client.call(greeter('Look'), { address, metadata });
    expect(seen.map((head) => head['micro-from-service'])).toEqual(['me', name]);
  });

  it('prefers the metadata of a call to that of the call it is made for, whatever the case of the names', async () => {
    const { address, seen } = await lookingServer();
    const context = newContext({ metadata: { 'Trace-Id': 't1', Tenant: 'a' } });
    await open().call(greeter('Look'), { address, context, metadata: { 'TRACE-ID': 't2' } });
    expect(seen[0]).toMatchObject({ 'trace-id': 't2', tenant: 'a' });
  });

  it('asks by the name that a node has', async () => {
    const { address, seen } = await lookingServer();
    const byName = address.replace('127.0.0.1', 'localhost');
    const client = open();
    for (const each of [address, byName, byName.replace('l', 'ⓛ')])
      await client.call(greeter('Look'), { address: each });
    expect(seen.map((head) => head[':authority'])).toEqual([address, byName, byName]);
  });

  it('sends text of any language as its bytes', async () => {
    let value: string | undefined;
    const { address } = await bareServer((stream, { head }) => {
      value = String(head['who']);
      reply(stream, writeFrame('{}'), ok);
    });
    await open().call(greeter('Look'), { address, metadata: { Who: ' Zoë ' } });
    expect(Buffer.from(value ?? '', 'latin1').toString()).toBe('Zoë');
  });

  it.each([
    ['a line break in a value', { a: 'b\r\nc: d' }],
    ['a bell in a value', { a: '\x07' }],
    ['a name with a space', { 'a b': 'c' }],
    ['bytes that are no base64', { 'a-bin': 'ä' }],
  ])('refuses metadata with %s, once and for all', async (_, metadata) => {
    let asked = 0;
    const { address } = await bareServer((stream) => {
      asked += 1;
      reply(stream, writeFrame('{}'), ok);
    });
    const error = await failure(open().call(greeter('Look'), { address, metadata, retries: 3 }));
    expect(error).toMatchObject({ id: 'go.micro.client.transport', code: 400 });
    expect(asked).toBe(0);
  });

  it('calls off what takes too long, and what nobody wants any more', async () => {
    const calls: Call[] = [];
    const { address } = await libraryServer({ Hang: (call: Call) => void calls.push(call) });
    const client = open();
    const late = await failure(client.call(greeter('Hang'), { address, timeoutMs: 100, retries: 0 }));
    expect(late).toMatchObject({ id: 'go.micro.client', code: 408 });
    await until(() => calls[0]?.cancelled);
    const stop = new AbortController();
    const unwanted = failure(client.call(greeter('Hang'), { address, signal: stop.signal }));
    await until(() => calls.length === 2);
    stop.abort();
    expect(await unwanted).toMatchObject({ code: 408, detail: 'call timeout: context canceled' });
    await until(() => calls[1]?.cancelled);
  });

  it("hands a server's deadline on", async () => {
    let deadline: Date | number | undefined;
    const { address } = await libraryServer({
      Look(call: Call, done: Done) {
        deadline = call.getDeadline();
        done(null, call.request);
      },
    });
    await open().call(greeter('Look'), { address, timeoutMs: 60_000 });
    expect(Number(deadline)).toBeGreaterThan(Date.now() + 30_000);
  });

  it('ends its calls when it is closed, also those that wait for a connection', async () => {
    const calls: Call[] = [];
    const { address } = await libraryServer({ Hang: (call: Call) => void calls.push(call) });
    const client = open();
    const running = failure(client.call(greeter('Hang'), { address }));
    await until(() => calls.length === 1);
    const silent = await silentPort();
    const waiting = failure(client.call(greeter('Hang'), { address: silent.address, retries: 9 }));
    await until(() => silent.connections === 1);
    await client.close();
    for (const error of [await running, await waiting]) {
      expect(error).toMatchObject({ id: 'go.micro.client', detail: 'the client is closed' });
    }
    await until(() => calls[0]?.cancelled);
  });
});

describe('a client, answered oddly', () => {
  it.each([
    ['two messages', Buffer.concat([writeFrame('{}'), writeFrame('{}')]), ok, 'more than one message'],
    ['no message', undefined, ok, 'no message'],
    ['half a message', writeFrame('{"name":"bob"}').subarray(0, 9), ok, 'unexpected EOF'],
    ['no status', writeFrame('{}'), { other: 'x' }, 'without a status'],
    ['what is no JSON', writeFrame('{"a'), ok, 'unexpected EOF'],
  ])('takes %s for an error', async (_, body, trailers, text) => {
    const { address } = await bareServer((stream) => reply(stream, body, trailers));
    const error = await failure(open().call(greeter('Hello'), { address, retries: 0 }));
    expect(error).toMatchObject({ code: 500, detail: expect.stringContaining(text) });
  });

  it.each([
    [401, 401],
    [403, 403],
    [404, 501],
    [415, 500],
    [503, 503],
  ])('makes of HTTP status %i code %i', async (status, code) => {
    const { address } = await bareServer((stream) => {
      stream.respond({ ':status': status, 'content-type': 'text/html' });
      stream.end('<h1>no</h1>');
    });
    const error = await failure(open().call(greeter('Hello'), { address, retries: 0 }));
    expect(error).toMatchObject({ id: 'go.micro.client', code, detail: expect.stringContaining(String(status)) });
  });

  it('reads the status of an answer that came before everything was sent', async () => {
    const { address } = await libraryServer({ Echo: echo });
    const body = { text: 'x'.repeat(4_000_000) };
    const error = await failure(open().call({ ...greeter('Nope'), body }, { address, retries: 0 }));
    expect(error).toMatchObject({ code: 501 });
  });
});
