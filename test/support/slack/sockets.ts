import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { closedOr, type Connection, face, leave, type Socket, take } from './connection.ts';
import type { Fields } from './fields.ts';
import { newId } from './world.ts';

export interface SocketsOptions {
  readonly appId: string;
  /** Of one app. Slack allows ten. */
  readonly most: number;
  /** What hello announces, in seconds. */
  readonly approximateConnectionTimeS: number;
  /** How often Slack pings. */
  readonly pingMs: number;
}

/** What a test sees of the sockets and does to them. */
export interface Sockets {
  /** Those that had their hello and live. A half-open one does not count. */
  readonly open: number;
  /** How many had their hello since the start. */
  readonly opened: number;
  /** How often, and for how many milliseconds, there was none since the first hello. */
  readonly dark: { readonly times: number; readonly ms: number };
  /** Frames that came and acknowledge nothing. */
  readonly strays: readonly string[];
  /** False: a new socket gets no hello. */
  greet: boolean;
  /** `warning`, `refresh_requested`, then the end of the socket, oldest first. Resolves when that many are closed. */
  refresh(options?: RefreshOptions): Promise<void>;
  /** `link_disabled` to all of them, then the end. */
  disable(): void;
  /** Ends TCP connections without a word, oldest first; all by default. */
  cut(count?: number): void;
  /** The oldest ones answer no ping and send nothing more, while TCP stays open; all by default. */
  freeze(count?: number): void;
  /** Sends something to all of them, as it is. */
  raw(frame: string | Buffer): void;
}

export interface RefreshOptions {
  readonly count?: number;
  readonly warningMs?: number;
  readonly graceMs?: number;
}

export interface SocketServer extends Sockets {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** The next one in turn. */
  next(): Socket | undefined;
  /** Up to so many different ones. */
  some(count: number): readonly Socket[];
  stop(): void;
}

export function socketServer(options: SocketsOptions, now: () => number): SocketServer {
  const server = new WebSocketServer({ noServer: true, autoPong: false, maxPayload: 4 * 1024 * 1024 });
  const all: Connection[] = [];
  const connections = new Set<WebSocket>();
  const strays: string[] = [];
  const pings = new Set<NodeJS.Timeout>();
  let turn = 0;
  let opened = 0;
  let greet = true;
  const dark = { times: 0, ms: 0, since: undefined as number | undefined };

  const alive = (): readonly Connection[] => all.filter(({ frozen, socket }) => !frozen && socket.readyState === 1);
  const watchDarkness = (): void => {
    const none = alive().length === 0;
    if (none && dark.since === undefined && opened > 0) {
      dark.since = now();
      dark.times += 1;
    } else if (!none && dark.since !== undefined) {
      dark.ms += now() - dark.since;
      dark.since = undefined;
    }
  };

  const forget = (open: Connection): void => {
    const at = all.indexOf(open);
    if (at >= 0) all.splice(at, 1);
  };

  const admit = (socket: WebSocket, wire: Duplex): void => {
    connections.add(socket);
    socket.on('error', () => {});
    const open: Connection = { id: newId('S'), socket, wire, waiting: new Map(), frozen: false, silent: 0 };
    socket.on('ping', (data: Buffer) => {
      if (!open.frozen) socket.pong(data);
    });
    socket.on('message', (data: Buffer) => take(open, data.toString(), strays));
    socket.on('close', () => {
      connections.delete(socket);
      forget(open);
      for (const answer of open.waiting.values()) answer(undefined);
      open.waiting.clear();
      watchDarkness();
    });
    if (all.length >= options.most) {
      leave(open, 'too_many_websockets', debug(options));
      socket.close();
      return;
    }
    if (!greet) return;
    all.push(open);
    opened += 1;
    const hello = {
      type: 'hello',
      connection_info: { app_id: options.appId },
      num_connections: all.length,
      debug_info: debug(options),
    };
    socket.send(JSON.stringify(hello));
    watchDarkness();
    const ping = setInterval(() => {
      if (open.frozen) {
        // Slack notices, too: it sends nothing there any more.
        open.silent += 1;
        if (open.silent > 2) forget(open);
      } else if (socket.readyState === 1) socket.ping(`Ping from ${open.id}`);
    }, options.pingMs);
    pings.add(ping);
    socket.on('close', () => {
      clearInterval(ping);
      pings.delete(ping);
    });
  };

  return {
    get open() {
      return alive().length;
    },
    get opened() {
      return opened;
    },
    get dark() {
      const running = dark.since === undefined ? 0 : now() - dark.since;
      return { times: dark.times, ms: dark.ms + running };
    },
    strays,
    get greet() {
      return greet;
    },
    set greet(value) {
      greet = value;
    },
    async refresh({ count = 1, warningMs = 20, graceMs = 50 } = {}) {
      await Promise.all(
        all.slice(0, count).map(async (open) => {
          leave(open, 'warning', debug(options));
          await closedOr(open.socket, warningMs);
          leave(open, 'refresh_requested', debug(options));
          await closedOr(open.socket, graceMs);
          open.socket.close(1000);
          await closedOr(open.socket, 1_000);
          open.socket.terminate();
        }),
      );
    },
    disable() {
      for (const open of all.slice()) {
        leave(open, 'link_disabled', debug(options));
        open.socket.close();
      }
    },
    cut(count = all.length) {
      for (const open of all.slice(0, count)) open.socket.terminate();
    },
    freeze(count = all.length) {
      for (const open of alive().slice(0, count)) {
        open.frozen = true;
        open.socket.pause();
      }
      watchDarkness();
    },
    raw(frame) {
      for (const { socket } of alive()) socket.send(frame);
    },
    upgrade: (request, wire, head) => server.handleUpgrade(request, wire, head, (socket) => admit(socket, wire)),
    next() {
      if (all.length === 0) return undefined;
      turn = (turn + 1) % all.length;
      const open = all[turn];
      return open === undefined ? undefined : face(open);
    },
    some: (count) => all.slice(0, count).map(face),
    stop() {
      for (const ping of pings) clearInterval(ping);
      for (const socket of connections) socket.terminate();
    },
  };
}

const debug = (options: SocketsOptions): Fields => ({
  host: 'applink-1',
  approximate_connection_time: options.approximateConnectionTimeS,
});
