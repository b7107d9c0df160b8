import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { patience } from '../patience.ts';
import { type Fields, fieldsOf, json, textOf } from './fields.ts';

/** One connection of the app, as Slack sees it. */
export interface Socket {
  readonly id: string;
  /** Sends an envelope and gives its acknowledgement; undefined when the socket is gone or the time is up. */
  deliver(envelope: Fields, withinMs: number): Promise<Acknowledgement | undefined>;
}

export interface Acknowledgement {
  readonly payload: Fields | undefined;
}

export interface Connection {
  readonly id: string;
  readonly socket: WebSocket;
  /** What the socket writes to. */
  readonly wire: Duplex;
  readonly waiting: Map<string, (acknowledgement: Acknowledgement | undefined) => void>;
  /** Nothing comes out of it any more, and nothing that comes is read. */
  frozen: boolean;
  /** Pings that were not answered. */
  silent: number;
}

export const face = (connection: Connection): Socket => ({
  id: connection.id,
  deliver: (envelope, withinMs) => deliver(connection, envelope, withinMs),
});

/** Reads a frame: an acknowledgement, or nothing Slack waits for. */
export function take(connection: Connection, text: string, strays: string[]): void {
  const frame = fieldsOf(json(text));
  const id = textOf(frame['envelope_id']);
  const answer = connection.waiting.get(id);
  if (answer === undefined) {
    strays.push(text);
    return;
  }
  connection.waiting.delete(id);
  const payload = fieldsOf(frame['payload']);
  answer({ payload: Object.keys(payload).length === 0 ? undefined : payload });
}

/** Says that the connection will end, and why. */
export function leave(connection: Connection, reason: string, about: Fields): void {
  if (connection.frozen) return;
  connection.socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: about }), () => {});
}

function deliver(connection: Connection, envelope: Fields, withinMs: number): Promise<Acknowledgement | undefined> {
  const { frozen, socket, wire, waiting } = connection;
  return new Promise((resolve) => {
    const id = textOf(envelope['envelope_id']);
    const give = (acknowledgement: Acknowledgement | undefined): void => {
      calm();
      waiting.delete(id);
      resolve(acknowledgement);
    };
    const calm = patience(withinMs, () => give(undefined));
    waiting.set(id, give);
    if (frozen) return;
    atOnce(wire);
    socket.send(JSON.stringify(envelope), () => {});
  });
}

/** What is sent in one turn goes out in one piece: thousands of messages a second would else keep a processor busy with writing. */
function atOnce(wire: Duplex): void {
  if (wire.writableCorked > 0) return;
  wire.cork();
  process.nextTick(() => wire.uncork());
}

/** Resolves when it is closed, or after that many milliseconds. */
export const closedOr = (socket: WebSocket, ms: number): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      calm();
      socket.off('close', done);
      resolve();
    };
    const calm = patience(ms, done);
    socket.once('close', done);
    if (socket.readyState === socket.CLOSED) done();
  });
