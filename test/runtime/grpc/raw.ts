import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';

/*
 * HTTP/2 by hand, for what no library would send.
 */

export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export const types = { data: 0, headers: 1, rst: 3, settings: 4, ping: 6, goaway: 7, windowUpdate: 8 } as const;

const endStream = 1;
const endHeaders = 4;

export function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** The head of a unary call of `Greeter.Hello`, its names and values written out in full. */
export function call(stream: number, path = '/Greeter/Hello'): Buffer {
  const fields = [
    [':method', 'POST'],
    [':scheme', 'http'],
    [':authority', 'x'],
    [':path', path],
    ['content-type', 'application/grpc+json'],
    ['te', 'trailers'],
  ];
  const block = Buffer.concat(fields.flatMap(([name = '', value = '']) => [Buffer.of(0), text(name), text(value)]));
  return frame(types.headers, endHeaders, stream, block);
}

export const message = (stream: number, body: Buffer): Buffer => frame(types.data, endStream, stream, body);

export const reset = (stream: number): Buffer => frame(types.rst, 0, stream, Buffer.of(0, 0, 0, 8));

const text = (value: string): Buffer => Buffer.concat([Buffer.of(value.length), Buffer.from(value)]);

export interface RawPeer {
  readonly socket: Socket;
  /** Everything that came. */
  readonly received: Buffer;
  readonly closed: Promise<unknown>;
  /** The code of the last GOAWAY, if one came. */
  readonly goaway: number | undefined;
}

/** A bare TCP connection; it ends with the test. */
export async function rawPeer(address: string): Promise<RawPeer> {
  const [host = '', port = ''] = address.split(':');
  const socket = connect({ host, port: Number(port) });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  let received = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
  });
  return {
    socket,
    closed,
    get received() {
      return received;
    },
    get goaway() {
      let code: number | undefined;
      for (let at = 0; at + 9 <= received.length; at += 9 + received.readUIntBE(at, 3)) {
        if (received[at + 3] === types.goaway && at + 17 <= received.length) code = received.readUInt32BE(at + 13);
      }
      return code;
    },
  };
}
