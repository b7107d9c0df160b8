import { connect as connectHttp2 } from 'node:http2';
import { describe, expect, onTestFinished, test } from 'vitest';
import { writeFrame } from '../../../../src/runtime/grpc/frame.ts';
import { grpcTransport } from '../../../../src/runtime/transport/grpc/grpc.ts';
import { writeMessage } from '../../../../src/runtime/transport/message.ts';
import type { Socket } from '../../../../src/runtime/transport/transport.ts';
import { hostile } from '../../../faults/wire.ts';
import { authority } from '../../../support/tls.ts';
import { until } from '../../../support/until.ts';
import { collector, echo } from '../collector.ts';

const method = '/go.micro.transport.grpc.Transport/Stream';
const block = writeFrame(writeMessage({}, 'x'.repeat(8 * 1024)));

/** A frame of HTTP/2: kind, stream, and what is in it. */
const frame = (kind: number, stream: number, content: Buffer = Buffer.alloc(0), flags = 0): Buffer => {
  const head = Buffer.alloc(9);
  head.writeUIntBE(content.length, 0, 3);
  head[3] = kind;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, content]);
};
const settings = frame(4, 0);
const numbers = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, at) => bytes.writeUInt32BE(value, 4 * at));
  return bytes;
};
const [reset, goaway] = [3, 7];

/** How a socket ends whose other side answers the request for a stream with these bytes. */
async function endingAfter(bytes: Buffer, then: 'stays' | 'leaves' = 'stays'): Promise<unknown> {
  const peer = await hostile((socket, piece) => {
    if (socket.bytesWritten === 0) socket.write(settings);
    if (!piece.includes('/go.micro.transport')) return;
    if (then === 'stays') socket.write(bytes);
    else socket.end(bytes);
  });
  const seen = collector();
  await grpcTransport().dial(peer.address, seen);
  const error = await seen.ended();
  await until(() => peer.connections.every(({ destroyed }) => destroyed));
  return error;
}

describe('our client, when the other side', () => {
  test.each([
    ['refuses the stream', frame(reset, 1, numbers(7)), 'unreachable'],
    ['goes away and has not looked at it', frame(goaway, 0, numbers(0, 0)), 'unreachable'],
    ['breaks the stream off', frame(reset, 1, numbers(2)), 'reset'],
    ['breaks the rules', frame(0, 9, Buffer.from('data')), 'reset'],
    ['goes away for our fault, having looked at it', frame(goaway, 0, numbers(1, 1)), 'reset'],
  ])('%s, tells so and closes', async (_what, bytes, code) => {
    const then = code === 'reset' && bytes[3] === goaway ? 'leaves' : 'stays';
    expect(await endingAfter(bytes, then)).toMatchObject({ name: 'TransportError', code });
  });

  test('cancels the stream, takes it for an end in order', async () => {
    expect(await endingAfter(frame(reset, 1, numbers(8)))).toBeUndefined();
  });

  test('leaves without a word, takes it for an end in order', async () => {
    expect(await endingAfter(Buffer.alloc(0), 'leaves')).toBeUndefined();
  });

  test('resets the connection before it has said anything, cannot reach it', async () => {
    const peer = await hostile((socket) => void socket.resetAndDestroy());
    await expect(grpcTransport().dial(peer.address, collector())).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('says farewell with its first words, cannot reach it', async () => {
    const peer = await hostile((socket) => {
      if (socket.bytesWritten === 0) socket.write(Buffer.concat([settings, frame(goaway, 0, numbers(0, 0))]));
    });
    await expect(grpcTransport().dial(peer.address, collector())).rejects.toMatchObject({ code: 'unreachable' });
    await until(() => peer.connections.every(({ destroyed }) => destroyed));
  });
});

describe('our server', () => {
  test('tells who has no certificate that it wants one', async () => {
    const { ca, server, client } = authority();
    const demanding = grpcTransport({ tls: { ...server, ca, requestClientCert: true } });
    const listener = await demanding.listen('127.0.0.1:0', echo);
    onTestFinished(() => listener.close());
    const dial = grpcTransport({ tls: { ca } }).dial(listener.address, collector());
    await expect(dial).rejects.toMatchObject({ code: 'invalid' });
    await expect(dial).rejects.toThrow('ended TLS: ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
    const seen = collector();
    const socket = await grpcTransport({ tls: { ca, ...client } }).dial(listener.address, seen);
    socket.send({}, 'hello');
    expect(await seen.received(1)).toEqual(['hello']);
    socket.close();
  });

  test.each([
    'resets its stream',
    'leaves',
  ])('tells a receiver that pauses for good, though much waits for it, when the client %s', async (way) => {
    const accepted: Socket[] = [];
    const seen = collector(() => accepted[0]?.pause());
    const listener = await grpcTransport({ heldTimeoutMs: 50 }).listen('127.0.0.1:0', (socket) => {
      accepted.push(socket);
      return seen;
    });
    const session = connectHttp2(`http://${listener.address}`);
    onTestFinished(async () => {
      session.destroy();
      await listener.close();
    });
    const stream = session
      .request({ ':method': 'POST', ':path': method, 'content-type': 'application/grpc' })
      .on('error', () => {});
    for (let at = 0; at < 32; at += 1) stream.write(block);
    await new Promise((resolve) => stream.write(block, resolve));
    await seen.received(1);
    if (way === 'leaves') session.destroy();
    else stream.close(8);
    expect(await seen.ended()).toBeUndefined();
    expect(seen.messages).toHaveLength(1);
  });

  test('ends a stream whose client says at once that it says nothing', async () => {
    const seen = collector();
    const listener = await grpcTransport().listen('127.0.0.1:0', () => seen);
    const session = connectHttp2(`http://${listener.address}`);
    onTestFinished(async () => {
      session.destroy();
      await listener.close();
    });
    const head = { ':method': 'POST', ':path': method, 'content-type': 'application/grpc' };
    const stream = session.request(head, { endStream: true });
    let status: unknown;
    stream.on('trailers', (trailers: Readonly<Record<string, unknown>>) => {
      status = trailers['grpc-status'];
    });
    stream.resume();
    expect(await until(() => status)).toBe('0');
    expect(await seen.ended()).toBeUndefined();
  });

  test('has no connection left when its clients have closed theirs', async () => {
    const listener = await grpcTransport().listen('127.0.0.1:0', echo);
    onTestFinished(() => listener.close());
    const sockets = (): number =>
      process.getActiveResourcesInfo().filter((kind) => /TCPSocketWrap|TCPSERVER/.test(kind)).length;
    const before = sockets();
    const seen = await Promise.all(
      Array.from({ length: 20 }, async (_, at) => {
        const answers = collector();
        const socket = await grpcTransport().dial(listener.address, answers);
        socket.send({}, `${at}`);
        await answers.received(1);
        if (at % 2 === 0) socket.close();
        else socket.destroy();
        return answers.ended();
      }),
    );
    expect(seen.every((error) => error === undefined)).toBe(true);
    await until(() => sockets() <= before);
  });
});
