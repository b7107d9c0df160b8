import { randomUUID } from 'node:crypto';
import { sleep } from '../../async/sleep.ts';
import type { Metadata, Registry } from '../../discovery/registry.ts';
import type { Log } from '../../log/log.ts';
import { silent } from '../../log/log.ts';
import type { Codecs } from '../codec/codec.ts';
import { defaultCodecs } from '../codec/defaults.ts';
import type { Listener, Transport } from '../transport/transport.ts';
import { advertisedAddress } from './advertise.ts';
import { stopping } from './call.ts';
import { ServerConnection } from './mucp/connection.ts';
import { Core } from './core.ts';
import { debugHandler } from './debug.ts';
import { recordOf } from './record.ts';
import { Registration } from './registration.ts';
import { newRouter } from './router.ts';
import type { HandlerWrapper, Server } from './server.ts';
import { ServerStats } from './stats.ts';

export interface ServerOptions {
  readonly transport: Transport;
  readonly registry: Registry;
  /** Default `go.micro.server`. */
  readonly name?: string;
  /** Default `latest`. */
  readonly version?: string;
  /** Default: a random UUID. The node's id is `<name>-<id>`. */
  readonly id?: string;
  /** Where to listen, default `:0`. */
  readonly address?: string;
  /** What others are told instead, with or without a port. */
  readonly advertise?: string;
  /** Node metadata beside what the server sets itself. */
  readonly metadata?: Metadata;
  /** Default: json and protobuf. */
  readonly codecs?: Codecs;
  /** Milliseconds, default 60,000; 0: until the server stops. Must exceed the interval. */
  readonly registerTtlMs?: number;
  /** Milliseconds, default 30,000. */
  readonly registerIntervalMs?: number;
  /** Throws while the service should not be found. Asked before each registration. */
  readonly registerCheck?: () => Promise<void> | void;
  readonly wrappers?: readonly HandlerWrapper[];
  /** The broker others find in the node's metadata. Default `http`. */
  readonly brokerName?: string;
  readonly log?: Log;
}

/** How long peers may take to read their last answers before their connections are cut, in milliseconds. */
const lingerMs = 1000;

/** A server that speaks mucp, go-micro's own protocol, over any transport. Throws when the options contradict each other. */
export function newServer(options: ServerOptions): Server {
  const { transport, registry, name = 'go.micro.server', version = 'latest', id = randomUUID() } = options;
  const { codecs = defaultCodecs, registerTtlMs = 60_000, registerIntervalMs = 30_000, log = silent } = options;
  if (registerTtlMs > 0 && !(registerIntervalMs > 0 && registerTtlMs > registerIntervalMs)) {
    throw new Error(
      `the time to live of a registration (${registerTtlMs} ms) must exceed the interval it is repeated in (${registerIntervalMs} ms)`,
    );
  }
  const stats = new ServerStats();
  const router = newRouter(options.wrappers ?? []);
  const core = new Core({ name, codecs, router, stats, log });
  const connections = new Set<ServerConnection>();
  router.add(debugHandler(stats));
  const metadata: Metadata = {
    ...options.metadata,
    broker: options.brokerName ?? 'http',
    protocol: 'mucp',
    registry: registry.name,
    server: 'mucp',
    transport: transport.name,
  };

  let address = '';
  let listener: Listener | undefined;
  let registration: Registration | undefined;
  let starting: Promise<void> | undefined;
  let stopped: Promise<void> | undefined;
  let onEmpty = (): void => {};

  const server: Server = {
    name,
    id,
    get address() {
      return address;
    },
    get record() {
      return recordOf({ name, version, nodeId: `${name}-${id}`, address, metadata, handlers: router.handlers });
    },
    handle(handler) {
      if (starting !== undefined) throw new Error(`${handler.name} must be handled before the server is started`);
      router.add(handler);
    },
    start() {
      starting ??= start();
      return starting;
    },
    stop({ graceMs = 5000 } = {}) {
      stopped ??= stop(graceMs);
      return stopped;
    },
  };
  return server;

  async function start(): Promise<void> {
    if (stopped !== undefined) throw new Error('a server that was stopped cannot be started again');
    listener = await transport.listen(options.address ?? ':0', (socket) => {
      const connection = new ServerConnection(core, socket, (closed) => {
        connections.delete(closed);
        if (connections.size === 0) onEmpty();
      });
      connections.add(connection);
      return connection;
    });
    stats.observe();
    try {
      address = advertisedAddress(listener.address, options.advertise);
      const { record } = server;
      const timing = { ttlMs: registerTtlMs, intervalMs: registerIntervalMs };
      registration = new Registration({ registry, record, ...timing, check: options.registerCheck, log });
      await registration.start();
    } catch (error) {
      await listener.close();
      for (const connection of connections) connection.destroy();
      stats.stop();
      throw error;
    }
    log.info('serving', { service: name, node: `${name}-${id}`, address });
  }

  /** Nobody new finds us first, then nobody new gets in, then who is in gets an answer. */
  async function stop(graceMs: number): Promise<void> {
    if (starting === undefined) return;
    try {
      await starting;
    } catch {
      return;
    }
    await registration?.stop(Math.max(graceMs, lingerMs));
    core.draining = true;
    for (const connection of connections) connection.retire();
    const closing = listener?.close();
    await within(graceMs, core.idle());
    for (const connection of connections) {
      connection.abort(stopping(name));
      connection.close();
    }
    await within(lingerMs, empty());
    for (const connection of connections) connection.destroy();
    await closing;
    stats.stop();
    log.info('stopped', { service: name, node: `${name}-${id}` });
  }

  function empty(): Promise<void> {
    if (connections.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      onEmpty = resolve;
    });
  }
}

/** Waits for `work`, but no longer than `ms`. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  const over = new AbortController();
  await Promise.race([work, sleep(ms, over.signal)]);
  over.abort();
}
