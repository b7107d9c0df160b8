import { connect, type ClientHttp2Session } from 'node:http2';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { grpcServerProtocol } from '../../src/runtime/server/grpc/grpc.ts';
import { newServer } from '../../src/runtime/server/micro.ts';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { writeFrame } from '../../src/runtime/grpc/frame.ts';
import { grpcTransport } from '../../src/runtime/transport/grpc/grpc.ts';
import { writeMessage } from '../../src/runtime/transport/message.ts';
import { httpTransport } from '../../src/runtime/transport/http/http.ts';
import { newClient } from '../../src/runtime/client/micro.ts';
import { MicroError } from '../../src/runtime/errors.ts';
import { failure, hello } from '../runtime/world.ts';
import { until } from '../support/until.ts';
import { dial, hostile } from './wire.ts';

const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const servers = {
  'a gRPC server': (patienceMs: number) => ({
    protocol: grpcServerProtocol({ requestTimeoutMs: patienceMs }),
    transport: httpTransport(),
  }),
  'the grpc transport': (patienceMs: number) => ({ transport: grpcTransport({ headTimeoutMs: patienceMs }) }),
};

/** A frame of HTTP/2: its length of 24 bits, kind, flags, stream, and what is in it. */
const frame = (kind: number, flags: number, stream: number, content: Buffer = Buffer.alloc(0)): Buffer<ArrayBuffer> => {
  const head = Buffer.alloc(9);
  head.writeUIntBE(content.length, 0, 3);
  head[3] = kind;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, content]);
};
const settings = frame(4, 0, 0);

/** What ends a connection in HTTP/2. */
const broken: Readonly<Record<string, Buffer<ArrayBuffer>>> = {
  'data on a stream that was never opened': frame(0, 0, 9, Buffer.from('data')),
  'headers that cannot be unpacked': frame(1, 4, 1, Buffer.from('ffffffffff', 'hex')),
  'headers on a stream of an even number': frame(1, 4, 2, Buffer.from('82', 'hex')),
  'a window that is opened by nothing': frame(8, 0, 0, Buffer.alloc(4)),
  'a window beyond all bounds': frame(8, 0, 0, Buffer.from('7fffffff', 'hex')),
  'settings of five bytes': frame(4, 0, 0, Buffer.alloc(5)),
  'a ping of seven bytes': frame(6, 0, 0, Buffer.alloc(7)),
  'a frame of 16 MiB': Buffer.from('ffffff000000000001', 'hex'),
  'a continuation of nothing': frame(9, 4, 1, Buffer.from('82', 'hex')),
};

describe.each(Object.entries(servers))('%s', (_name, optionsOf) => {
  async function serve(patienceMs = 100): Promise<string> {
    const options = optionsOf(patienceMs);
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
    // Who gets no processor for a while has not fallen silent.
    const address = await serve(1_000);
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

  test('keeps who has said what he speaks, however quiet he is then, and not who says nothing', async () => {
    const address = await serve(1_000);
    const session: ClientHttp2Session = connect(`http://${address}`);
    onTestFinished(() => session.destroy());
    await once(session, 'remoteSettings');
    const silent = await dial(address);
    await silent.ended();
    const stream = session.request({ ':method': 'GET', ':path': '/nothing' }).on('error', () => {});
    await once(stream, 'response');
    expect(session.closed).toBe(false);
  });
});

test.each([
  'mucp',
  'grpc',
])('a client (%s) lets go of a server that breaks the rules, with whatever it breaks them', async (protocol) => {
  const one = async (bytes: Buffer): Promise<void> => {
    const peer = await hostile((socket) => {
      socket.write(socket.bytesWritten === 0 ? settings : bytes);
    });
    const client = newClient({ transport: grpcTransport() });
    onTestFinished(() => client.close());
    const nodes = [{ id: 'x', address: peer.address, metadata: { protocol } }];
    // Well beyond the silence that is taken for the end of the other side.
    const call = client.call({ service: 'greeter', endpoint: 'Greeter.Hello' }, { nodes, retries: 0, timeoutMs: 3000 });
    expect(await failure(call)).toBeInstanceOf(MicroError);
    await until(() => peer.connections.length > 0 && peer.connections.every(({ destroyed }) => destroyed));
  };
  await Promise.all(Object.values(broken).map(one));
});

test('a client of the grpc transport lets go of an idle connection whose server broke the rules and left', async () => {
  const head = Buffer.concat([Buffer.from([0x88, 0x5f, 16]), Buffer.from('application/grpc')]);
  const message = writeFrame(writeMessage({ 'Content-Type': 'application/json' }, '{"msg":"Hello"}'));
  let requests = 0;
  const peer = await hostile((socket, piece) => {
    if (socket.bytesWritten === 0) socket.write(settings);
    if (!piece.includes('Greeter.Hello')) return;
    requests += 1;
    socket.write(Buffer.concat([frame(1, 4, 1, head), frame(0, 0, 1, message)]));
  });
  const client = newClient({ transport: grpcTransport() });
  onTestFinished(() => client.close());
  const nodes = [{ id: 'x', address: peer.address, metadata: { protocol: 'mucp' } }];
  expect(await client.call({ service: 'greeter', endpoint: 'Greeter.Hello' }, { nodes })).toEqual({ msg: 'Hello' });
  const [socket] = peer.connections;
  socket?.end(frame(0, 0, 9, Buffer.from('data')));
  // As soon as the client has heard of it, or believes that all is well: either way it does not keep the connection.
  await until(() => socket?.writableFinished);
  await client.close();
  await until(() => socket?.destroyed);
  expect(requests).toBe(1);
});
