import { connect, type ClientHttp2Session } from 'node:http2';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { grpcServerProtocol } from '../../src/runtime/server/grpc/grpc.ts';
import { newServer } from '../../src/runtime/server/micro.ts';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { grpcTransport } from '../../src/runtime/transport/grpc/grpc.ts';
import { httpTransport } from '../../src/runtime/transport/http/http.ts';
import { hello } from '../runtime/world.ts';
import { until } from '../support/until.ts';
import { dial } from './wire.ts';

const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const patienceMs = 100;

const servers = {
  'a gRPC server': { protocol: grpcServerProtocol({ requestTimeoutMs: patienceMs }), transport: httpTransport() },
  'the grpc transport': { transport: grpcTransport({ headTimeoutMs: patienceMs }) },
};

/** A frame of HTTP/2: its length of 24 bits, kind, flags, stream, and what is in it. */
const frame = (kind: number, flags: number, stream: number, content = Buffer.alloc(0)): Buffer => {
  const head = Buffer.alloc(9);
  head.writeUIntBE(content.length, 0, 3);
  head[3] = kind;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, content]);
};
const settings = frame(4, 0, 0);

/** What ends a connection in HTTP/2. */
const broken: Readonly<Record<string, Buffer>> = {
  'data on a stream that was never opened': frame(0, 0, 1, Buffer.from('data')),
  'headers that cannot be unpacked': frame(1, 4, 1, Buffer.from('ffffffffff', 'hex')),
  'headers on a stream of an even number': frame(1, 4, 2, Buffer.from('82', 'hex')),
  'a window that is opened by nothing': frame(8, 0, 0, Buffer.alloc(4)),
  'a window beyond all bounds': frame(8, 0, 0, Buffer.from('7fffffff', 'hex')),
  'settings of five bytes': frame(4, 0, 0, Buffer.alloc(5)),
  'a ping of seven bytes': frame(6, 0, 0, Buffer.alloc(7)),
  'a frame of 16 MiB': Buffer.from('ffffff000000000001', 'hex'),
  'a continuation of nothing': frame(9, 4, 1, Buffer.from('82', 'hex')),
};

describe.each(Object.entries(servers))('%s', (_name, options) => {
  async function serve(): Promise<string> {
    const server = newServer({ name: 'greeter', address: '127.0.0.1:0', registry: memoryRegistry(), ...options });
    server.handle({ name: 'Greeter', methods: { Hello: hello } });
    onTestFinished(() => server.stop({ graceMs: 0 }));
    await server.start();
    return server.address;
  }

  test.each(
    Object.entries(broken),
  )('lets go of who breaks the rules with %s, also when he holds on', async (_what, bytes) => {
    const peer = await dial(await serve());
    peer.write(Buffer.concat([Buffer.from(preface), settings, bytes]));
    await peer.ended();
  });

  test('lets go of who has closed his half after he broke them', async () => {
    const peer = await dial(await serve());
    peer.write(Buffer.concat([Buffer.from(preface), settings, frame(0, 0, 1, Buffer.from('data'))]));
    peer.socket.end();
    await peer.ended();
  });

  test('closes a request that was refused and never comes to its end', async () => {
    const address = await serve();
    const session: ClientHttp2Session = connect(`http://${address}`);
    onTestFinished(() => session.destroy());
    const requests = [
      { ':method': 'POST', ':path': '/greeter.Greeter/Hello', 'content-type': 'text/html' },
      { ':method': 'GET', ':path': '/greeter.Greeter/Hello', 'content-type': 'application/grpc' },
      { ':method': 'POST', ':path': '/nothing', 'content-type': 'application/grpc' },
    ];
    for (const headers of requests) {
      const stream = session.request(headers, { endStream: false }).on('error', () => {});
      await once(stream, 'response');
      await once(stream.resume(), 'close');
    }
    expect(session.closed).toBe(false);
  });

  test('keeps who was asked whether he is there, and is', async () => {
    const session: ClientHttp2Session = connect(`http://${await serve()}`);
    onTestFinished(() => session.destroy());
    let asked = 0;
    session.on('ping', () => (asked += 1));
    await once(session, 'remoteSettings');
    for (const round of [1, 2, 3]) {
      const stream = session
        .request({ ':method': 'GET', ':path': '/nothing' })
        .on('error', () => {})
        .resume();
      await once(stream, 'close');
      await until(() => asked >= round);
    }
    expect(session.closed).toBe(false);
  });
});
