import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { frameKind, preface } from '../../src/runtime/http2/frame.ts';
import { HpackDecoder } from '../../src/runtime/http2/hpack/decoder.ts';
import { until } from './until.ts';

/** A frame of HTTP/2 as it came. */
export interface Frame {
  readonly kind: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
  /** What a HEADERS frame says. */
  readonly fields: readonly string[];
}

/** One side of a connection that says what a test tells it to, right or wrong. */
export interface RawPeer {
  readonly socket: Socket;
  readonly frames: readonly Frame[];
  /** The other side has closed the connection, or broken it. */
  readonly isGone: boolean;
  send(...frames: readonly Buffer[]): void;
  /** Waits for a frame of this kind, of this stream if one is given. */
  frame(kind: number, stream?: number): Promise<Frame>;
  /** Waits for the first head of a stream: names and values in turn. */
  head(stream: number): Promise<readonly string[]>;
  /** Waits for the error code with which the other side ends the connection. */
  goaway(): Promise<number>;
  /** Waits for the error code with which the other side breaks a stream off. */
  rstStream(stream: number): Promise<number>;
}

export function frame(kind: number, flags: number, stream: number, payload: Buffer = empty): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = kind;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

const empty = Buffer.alloc(0);

export const numbers = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32BE(value, 4 * index));
  return bytes;
};

/** A SETTINGS frame; the names are their numbers. */
export function settings(pairs: Readonly<Record<number, number>> = {}): Buffer {
  const entries = Object.entries(pairs);
  const bytes = Buffer.alloc(6 * entries.length);
  entries.forEach(([name, value], index) => {
    bytes.writeUInt16BE(Number(name), 6 * index);
    bytes.writeUInt32BE(value, 6 * index + 2);
  });
  return frame(frameKind.settings, 0, 0, bytes);
}

export const settingsAck: Buffer = frame(frameKind.settings, 1, 0);

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  const length = [Math.min(bytes.length, 127)];
  for (let rest = bytes.length - 127; rest >= 0; rest = rest > 127 ? rest >>> 7 : -1) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
  }
  return Buffer.concat([Buffer.from(length), bytes]);
}

/** A block of fields, names and values in turn, which touches no table and is checked by nobody. */
export const block = (...fields: readonly string[]): Buffer =>
  Buffer.concat(
    fields.map((each, index) => (index % 2 === 0 ? Buffer.concat([Buffer.from([0]), text(each)]) : text(each))),
  );

export const request: Buffer = block(':method', 'POST', ':scheme', 'http', ':path', '/a', ':authority', 'b');
export const answer: Buffer = block(':status', '200');

/** The end of a stream, and of a head, as flags of HEADERS. */
export const endStream = 1;
export const endHeaders = 4;

export const headers = (stream: number, fields: Buffer, flags: number = endHeaders): Buffer =>
  frame(frameKind.headers, flags, stream, fields);
export const data = (stream: number, payload: Buffer | string, flags = 0): Buffer =>
  frame(frameKind.data, flags, stream, Buffer.from(payload));
export const rstStream = (stream: number, code: number): Buffer => frame(frameKind.rstStream, 0, stream, numbers(code));
export const windowUpdate = (stream: number, bytes: number): Buffer =>
  frame(frameKind.windowUpdate, 0, stream, numbers(bytes));

/** Connects to a server, until the test ends. It has said the preface and settings. */
export async function rawClient(port: number, opening: readonly Buffer[] = [preface, settings()]): Promise<RawPeer> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const peer = rawPeer(socket);
  peer.send(...opening);
  return peer;
}

/** Listens for one client, until the test ends. */
export async function rawServer(): Promise<{ readonly port: number; readonly peer: Promise<RawPeer> }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const peer = once(server, 'connection').then(([socket]: Socket[]) => {
    if (socket === undefined) throw new Error('nobody came');
    return rawPeer(socket, preface.length);
  });
  return { port: (server.address() as AddressInfo).port, peer };
}

function rawPeer(socket: Socket, skipped = 0): RawPeer {
  const frames: Frame[] = [];
  const decoder = new HpackDecoder((fields) => fields, { maxHeadBytes: 1_000_000, maxFields: 10_000 });
  let held: Buffer = empty;
  let toSkip = skipped;
  let isGone = false;
  socket.on('error', () => {});
  socket.on('end', () => {
    isGone = true;
  });
  socket.on('close', () => {
    isGone = true;
  });
  socket.on('data', (chunk: Buffer) => {
    held = Buffer.concat([held, chunk]);
    if (held.length < toSkip) return;
    held = held.subarray(toSkip);
    toSkip = 0;
    for (;;) {
      const end = held.length < 9 ? Infinity : 9 + held.readUIntBE(0, 3);
      if (end > held.length) return;
      const [kind = 0, flags = 0] = held.subarray(3, 5);
      const payload = held.subarray(9, end);
      const fields = kind === frameKind.headers ? decoder.decode(payload) : [];
      frames.push({ kind, flags, stream: held.readUInt32BE(5), payload, fields });
      held = held.subarray(end);
    }
  });
  onTestFinished(() => void socket.destroy());
  const find = (kind: number, stream?: number): Promise<Frame> =>
    until(() => frames.find((each) => each.kind === kind && (stream === undefined || each.stream === stream)));
  return {
    socket,
    frames,
    get isGone() {
      return isGone;
    },
    send(...parts) {
      socket.write(Buffer.concat(parts));
    },
    frame: find,
    head: async (stream) => (await find(frameKind.headers, stream)).fields,
    goaway: async () => (await find(frameKind.goaway)).payload.readUInt32BE(4),
    rstStream: async (stream) => (await find(frameKind.rstStream, stream)).payload.readUInt32BE(0),
  };
}
