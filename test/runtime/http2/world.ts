import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { http2Client } from '../../../src/runtime/http2/client.ts';
import type {
  Connection,
  ConnectionOwner,
  Ending,
  Fields,
  Head,
  Limits,
  Stream,
  StreamReceiver,
} from '../../../src/runtime/http2/http2.ts';
import { http2Server } from '../../../src/runtime/http2/server.ts';

export const limits: Limits = {
  streamWindowBytes: 65_535,
  connectionWindowBytes: 65_535,
  maxStreams: 100,
  maxHeadBytes: 16_384,
  maxFields: 64,
  maxWaitingBytes: 1024 * 1024,
};

/** What was told about one stream, in order. */
export type Told =
  | readonly [what: 'head', head: Head]
  | readonly ['data', text: string]
  | readonly ['end' | 'drain']
  | readonly ['aborted' | 'closed', Ending];

/** A receiver that keeps what it is told. */
export interface Record extends StreamReceiver {
  readonly told: readonly Told[];
  readonly text: string;
  readonly closing: Ending | undefined;
}

export function record(onEnd: () => void = () => {}): Record {
  const told: Told[] = [];
  const end = (ends: boolean): void => {
    if (!ends) return;
    told.push(['end']);
    onEnd();
  };
  return {
    told,
    get text() {
      return told.map(([what, value]) => (what === 'data' ? value : '')).join('');
    },
    get closing() {
      const last = told.at(-1);
      return last?.[0] === 'closed' ? last[1] : undefined;
    },
    head(head, ends) {
      told.push(['head', head]);
      end(ends);
    },
    data(bytes, ends) {
      told.push(['data', bytes.toString('latin1')]);
      end(ends);
    },
    drain: () => void told.push(['drain']),
    aborted: (ending) => void told.push(['aborted', ending]),
    closed: (ending) => void told.push(['closed', ending]),
  };
}

/** A stream that somebody opened on a server. */
export interface Opened extends Record {
  readonly stream: Stream;
  readonly first: Head;
}

/** One side of a connection and what its owner was told. */
export interface Side {
  readonly connection: Connection;
  readonly opened: readonly Opened[];
  readonly owner: readonly string[];
  /** Whether it is over, and why. */
  readonly isClosed: boolean;
  readonly error: Error | undefined;
}

const ok: Fields = [':status', '200', 'content-type', 'text/plain'];
const trailers: Fields = ['grpc-status', '0'];

/** Answers a request with its own bytes. */
export function echo({ stream, text }: Opened): void {
  stream.send(ok, undefined, false);
  stream.write(Buffer.from(text, 'latin1'), false);
  stream.send(trailers, undefined, true);
}

export interface Serving {
  readonly limits?: Partial<Limits>;
  /** When a head comes. */
  readonly begin?: (opened: Opened) => void;
  /** When a request is complete. Default: `echo`. */
  readonly answer?: (opened: Opened) => void;
}

export interface Server {
  readonly port: number;
  /** By the order in which they came. */
  readonly sides: readonly Side[];
}

/** Serves HTTP/2 until the test ends. */
export async function serve({ limits: some, begin = () => {}, answer = echo }: Serving = {}): Promise<Server> {
  const sides: Side[] = [];
  const server = createServer((socket) => {
    sides.push(side(socket, http2Server, { ...limits, ...some }, begin, answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, sides };
}

/** Connects to a server with HTTP/2, until the test ends. */
export async function dial(port: number, some: Partial<Limits> = {}): Promise<Side> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return side(
    socket,
    http2Client,
    { ...limits, ...some },
    () => {},
    () => {},
  );
}

function side(
  socket: Socket,
  speak: (socket: Socket, owner: ConnectionOwner, limits: Limits) => Connection,
  given: Limits,
  begin: (opened: Opened) => void,
  answer: (opened: Opened) => void,
): Side {
  const opened: Opened[] = [];
  const owner: string[] = [];
  let isClosed = false;
  let error: Error | undefined;
  const connection = speak(
    socket,
    {
      stream(stream, first, ends) {
        const receiver = record(() => answer(one));
        const one: Opened = Object.defineProperties(
          { stream, first },
          Object.getOwnPropertyDescriptors(receiver),
        ) as Opened;
        opened.push(one);
        begin(one);
        if (ends) answer(one);
        return one;
      },
      opened: () => void owner.push('opened'),
      limited: (maxStreams) => void owner.push(`limited ${maxStreams}`),
      retired: () => void owner.push('retired'),
      closed(reason) {
        owner.push('closed');
        isClosed = true;
        error = reason;
      },
    },
    given,
  );
  onTestFinished(() => connection.destroy());
  return {
    connection,
    opened,
    owner,
    get isClosed() {
      return isClosed;
    },
    get error() {
      return error;
    },
  };
}
