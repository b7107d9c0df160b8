import { once } from 'node:events';
import type { ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import { connect, createServer } from 'node:http2';
import { createServer as createTcpServer, connect as connectTcp } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { FrameReader, writeFrame } from '../../../../src/runtime/grpc/frame.ts';
import type { GrpcTransportOptions } from '../../../../src/runtime/transport/grpc/grpc.ts';
import { grpcTransport } from '../../../../src/runtime/transport/grpc/grpc.ts';
import { readMessage, writeMessage } from '../../../../src/runtime/transport/message.ts';
import type { Socket } from '../../../../src/runtime/transport/transport.ts';
import { until } from '../../../support/until.ts';
import type { Collector } from '../collector.ts';
import { collector, echo } from '../collector.ts';
import { raw } from '../http/raw.ts';

const current = '/go.micro.transport.grpc.Transport/Stream';
const old = '/go.micro.grpc.transport.Transport/Stream';

interface Asked {
  readonly stream: ClientHttp2Stream;
  readonly seen: Collector;
  readonly response: () => IncomingHttpHeaders | undefined;
  readonly trailers: () => IncomingHttpHeaders | undefined;
  readonly messages: () => readonly string[];
}

/** A stream of a bare HTTP/2 client to a server of ours. */
async function asking(headers: Record<string, string> = {}, options: GrpcTransportOptions = {}): Promise<Asked> {
  const seen = collector();
  const listener = await grpcTransport(options).listen('127.0.0.1:0', (socket) => ({
    ...seen,
    message(message) {
      seen.message(message);
      socket.send(message.headers, message.body);
    },
  }));
  const session = connect(`http://${listener.address}`);
  onTestFinished(async () => {
    session.destroy();
    await listener.close();
  });
  const stream = session.request({
    ':method': 'POST',
    ':path': current,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  const reader = new FrameReader();
  const messages: string[] = [];
  let response: IncomingHttpHeaders | undefined;
  let trailers: IncomingHttpHeaders | undefined;
  stream.on('error', () => {});
  stream.on('response', (got) => {
    response = got;
  });
  stream.on('trailers', (got: IncomingHttpHeaders) => {
    trailers = got;
  });
  stream.on('data', (chunk: Buffer) => {
    reader.push(chunk);
    for (let frame = reader.next(); frame !== undefined; frame = reader.next())
      messages.push(readMessage(frame).body.toString());
  });
  return { stream, seen, response: () => response, trailers: () => trailers, messages: () => messages };
}

const message = (text: string): Buffer => writeFrame(writeMessage({ 'Micro-Id': '1' }, text));

describe('our server', () => {
  test.each([current, old])('serves %s', async (path) => {
    const { stream, messages, response, trailers } = await asking({
      ':path': path,
      'content-type': 'application/grpc+proto',
    });
    stream.write(message('hello'));
    await until(() => messages().length === 1);
    expect(messages()).toEqual(['hello']);
    expect(response()).toMatchObject({ ':status': 200, 'content-type': 'application/grpc' });
    stream.end();
    expect(await until(() => trailers())).toMatchObject({ 'grpc-status': '0' });
  });

  test('serves a method of its own choice, too', async () => {
    const { stream, messages } = await asking({ ':path': '/x.Y/Z' }, { method: '/x.Y/Z' });
    stream.write(message('hello'));
    await until(() => messages().length === 1);
  });

  test('reads messages byte by byte', async () => {
    const { stream, messages } = await asking();
    for (const byte of Buffer.concat([message('one'), message('two')])) stream.write(Uint8Array.of(byte));
    await until(() => messages().length === 2);
    expect(messages()).toEqual(['one', 'two']);
  });

  test.each([
    [
      'an unknown method',
      { ':path': '/greeter.Say/Hello' },
      { ':status': 200, 'grpc-status': '12', 'grpc-message': 'unknown method /greeter.Say/Hello' },
    ],
    ['another content type', { 'content-type': 'application/json' }, { ':status': 415 }],
    ['content that is nearly gRPC', { 'content-type': 'application/grpcish' }, { ':status': 415 }],
    ['a GET', { ':method': 'GET' }, { ':status': 405 }],
  ])('refuses %s', async (_what, headers, expected) => {
    const { seen, response } = await asking(headers);
    expect(await until(() => response())).toMatchObject(expected);
    expect([seen.messages, seen.closings]).toEqual([[], []]);
  });

  test.each([
    ['a message that is too large', writeFrame(Buffer.alloc(1001)), 'too_large', '8'],
    ['a length of 4 GiB', Buffer.from('00ffffffff', 'hex'), 'too_large', '8'],
    ['a compressed message', Buffer.from('010000000161', 'hex'), 'invalid', '13'],
    ['a message that is no protobuf', writeFrame(Buffer.from('0a05', 'hex')), 'invalid', '13'],
  ])('refuses %s', async (_what, bytes, code, status) => {
    const { stream, seen, trailers } = await asking({}, { maxMessageBytes: 1000 });
    stream.write(Buffer.concat([message('good'), bytes, message('late')]));
    expect(await until(() => trailers())).toMatchObject({ 'grpc-status': status });
    expect(await seen.ended()).toMatchObject({ code });
    expect(seen.texts()).toEqual(['good']);
  });

  test('gives up on a message that trickles', async () => {
    const { stream, seen, trailers } = await asking({}, { bodyWindowMs: 50, minBodyBytes: 100 });
    stream.write(message('good'));
    stream.write(Buffer.from('000000ffff', 'hex'));
    const timer = setInterval(() => stream.writable && stream.write('x'), 5);
    expect(await seen.ended().finally(() => clearInterval(timer))).toMatchObject({ code: 'timeout' });
    expect(await until(() => trailers())).toMatchObject({ 'grpc-status': '4' });
  });

  test('a stream that ends in the middle of a message is a reset', async () => {
    const { stream, seen } = await asking();
    stream.end(Buffer.concat([message('good'), message('half').subarray(0, 8)]));
    expect(await seen.ended()).toMatchObject({ code: 'reset' });
    expect(seen.texts()).toEqual(['good']);
  });

  test('a client that goes, as those of Go do, ends in order', async () => {
    const { stream, seen } = await asking();
    stream.write(message('good'));
    await seen.received(1);
    stream.session?.destroy();
    expect(await seen.ended()).toBeUndefined();
  });

  test('drops who says nothing, or what is no HTTP/2', async () => {
    const listener = await grpcTransport({ headTimeoutMs: 100 }).listen('127.0.0.1:0', echo);
    onTestFinished(() => listener.close());
    const port = Number(listener.address.split(':')[1]);
    const silent = raw(connectTcp(port, '127.0.0.1'));
    const other = raw(connectTcp(port, '127.0.0.1'));
    other.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
    await Promise.all([silent.ended(), other.ended()]);
  });

  test('takes no new stream on a connection whose listener has closed', async () => {
    const sockets: Socket[] = [];
    const listener = await grpcTransport().listen('127.0.0.1:0', (socket) => {
      sockets.push(socket);
      return echo(socket);
    });
    const session = connect(`http://${listener.address}`);
    session.on('error', () => {});
    onTestFinished(() => session.destroy());
    const ask = (): ClientHttp2Stream =>
      session
        .request({ ':method': 'POST', ':path': current, 'content-type': 'application/grpc' })
        .on('error', () => {});
    ask();
    await until(() => sockets.length === 1);
    await listener.close();
    await until(() => session.closed);
    expect(sockets).toHaveLength(1);
  });
});

describe('our client', () => {
  async function port(server: Server): Promise<string> {
    server.listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test.each([
    [undefined, current],
    [old, old],
  ])('asks for the method %s', async (method, expected) => {
    const server = createServer();
    const asked: IncomingHttpHeaders[] = [];
    server.on('stream', (stream, headers) => {
      asked.push(headers);
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
      stream.on('error', () => {});
    });
    const socket = await grpcTransport(method === undefined ? {} : { method }).dial(await port(server), collector());
    onTestFinished(() => socket.destroy());
    expect(await until(() => asked[0])).toMatchObject({
      ':method': 'POST',
      ':path': expected,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
  });

  test('learns that the other side does not know the method', async () => {
    const listener = await grpcTransport().listen('127.0.0.1:0', echo);
    onTestFinished(() => listener.close());
    const seen = collector();
    await grpcTransport({ method: '/a.B/C' }).dial(listener.address, seen);
    const error = await seen.ended();
    expect(error).toMatchObject({ code: 'invalid' });
    expect(error?.message).toBe('the other side does not serve /a.B/C: it says "unknown method /a.B/C"');
  });

  test.each([
    ['8', 'too_large'],
    ['14', 'reset'],
  ])('is told the status %s as %s', async (status, code) => {
    const server = createServer();
    server.on('stream', (stream) => {
      stream.on('error', () => {});
      stream.respond(
        { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': status, 'grpc-message': 'a%20b' },
        { endStream: true },
      );
    });
    const seen = collector();
    await grpcTransport().dial(await port(server), seen);
    expect(await seen.ended()).toMatchObject({ code, message: `the other side ended with gRPC status ${status}: a b` });
  });

  test('a server that is none of gRPC', async () => {
    const server = createServer();
    server.on('stream', (stream) => {
      stream.on('error', () => {});
      stream.respond({ ':status': 404 });
    });
    const seen = collector();
    await grpcTransport().dial(await port(server), seen);
    expect(await seen.ended()).toMatchObject({
      code: 'invalid',
      message: 'the other side is no gRPC server: it answered 404',
    });
  });

  test('a server of HTTP/1.1 is told apart', async () => {
    const address = await port(
      createTcpServer((net) => net.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n').on('error', () => {})),
    );
    const dial = grpcTransport().dial(address, collector());
    await expect(dial).rejects.toMatchObject({ code: 'invalid' });
    await expect(dial).rejects.toThrow('does not speak HTTP/2');
  });

  test('a server that says nothing does not hold it up', async () => {
    const address = await port(createTcpServer((net) => net.on('error', () => {})));
    const dial = grpcTransport().dial(address, collector(), { timeoutMs: 50 });
    await expect(dial).rejects.toMatchObject({ code: 'timeout' });
  });

  test('a server that hangs up at once is unreachable', async () => {
    const address = await port(
      createTcpServer((net) =>
        net
          .on('error', () => {})
          .resume()
          .end(),
      ),
    );
    await expect(grpcTransport().dial(address, collector())).rejects.toMatchObject({ code: 'unreachable' });
  });
});
