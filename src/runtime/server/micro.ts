import { randomUUID } from 'node:crypto';
import { sleep } from '../../async/sleep.ts';
import type { Metadata, Registry } from '../../discovery/registry.ts';
import type { Log } from '../../log/log.ts';
import { silent } from '../../log/log.ts';
import type { Broker } from '../broker/broker.ts';
import type { Codecs } from '../codec/codec.ts';
import { defaultCodecs } from '../codec/defaults.ts';
import type { Transport } from '../transport/transport.ts';
import { advertisedAddress } from './advertise.ts';
import { stopping } from './call.ts';
import { Core } from './core.ts';
import { debugHandler } from './debug.ts';
import { mucpServerProtocol } from './mucp/mucp.ts';
import type { ServerProtocol, Serving } from './protocol.ts';
import { recordOf } from './record.ts';
import { Registration } from './registration.ts';
import { newRouter } from './router.ts';
import type { HandlerWrapper, Server, SubscriberWrapper } from './server.ts';
import { ServerStats } from './stats.ts';
import { Subscribers } from './subscribers.ts';

export interface ServerOptions {
  /** What mucp travels on. */
  readonly transport: Transport;
  /** Default: mucp over `transport`. */
  readonly protocol?: ServerProtocol;
  readonly registry: Registry;
  /** Where events come from. It is the caller's: connected when somebody subscribes, and not disconnected. */
  readonly broker?: Broker;
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
  /** Default: all that need no further package. */
  readonly codecs?: Codecs;
  /** Milliseconds, default 60,000; 0: until the server stops. Must exceed the interval. */
  readonly registerTtlMs?: number;
  /** Milliseconds, default 30,000. */
  readonly registerIntervalMs?: number;
  /** Throws while the service should not be found. Asked before each registration. */
  readonly registerCheck?: () => Promise<void> | void;
  /** Starts also when the registry does not take the registration, which is tried again until it does. Default false. */
  readonly startsUnregistered?: boolean;
  readonly wrappers?: readonly HandlerWrapper[];
  readonly subscriberWrappers?: readonly SubscriberWrapper[];
  readonly log?: Log;
}

/** How long peers may at least take to read their last answers before their connections are cut, in milliseconds. */
const lingerMs = 1000;

/** A server of handlers and subscribers. Throws when the options contradict each other. */
export function newServer(options: ServerOptions): Server {
  const { transport, registry, broker, name = 'go.micro.server', version = 'latest', id = randomUUID() } = options;
  const { codecs = defaultCodecs, registerTtlMs = 60_000, registerIntervalMs = 30_000, log = silent } = options;
  if (registerTtlMs > 0 && !(registerIntervalMs > 0 && registerTtlMs > registerIntervalMs)) {
    throw new Error(
      `the time to live of a registration (${registerTtlMs} ms) must exceed the interval it is repeated in (${registerIntervalMs} ms)`,
    );
  }
  const protocol = options.protocol ?? mucpServerProtocol(transport);
  const stats = new ServerStats();
  const router = newRouter(options.wrappers ?? []);
  const subscribers = new Subscribers({
    broker,
    codecs,
    wrappers: options.subscriberWrappers ?? [],
    log,
    begin: () => core.begin(),
    end: (failed) => {
      if (failed) stats.errors += 1;
      core.end();
    },
  });
  const core: Core = new Core({ name, codecs, router, subscribers, stats, log });
  router.add(debugHandler(stats));
  const metadata: Metadata = {
    ...options.metadata,
    ...protocol.metadata,
    // Go's servers always have a broker, and peers look at its name; http is theirs when nobody chose another.
    broker: broker?.name ?? 'http',
    protocol: protocol.name,
    registry: registry.name,
    server: protocol.name,
    transport: protocol.transport,
  };

  let address = '';
  let serving: Serving | undefined;
  let registration: Registration | undefined;
  let starting: Promise<void> | undefined;
  let stopped: Promise<void> | undefined;

  const refuseWhenStarted = (what: string): void => {
    if (starting !== undefined) throw new Error(`${what} before the server is started`);
  };

  const server: Server = {
    name,
    id,
    get address() {
      return address;
    },
    get record() {
      const nodeId = `${name}-${id}`;
      return recordOf({
        name,
        version,
        nodeId,
        address,
        metadata,
        handlers: router.handlers,
        subscribers: subscribers.all,
      });
    },
    handle(handler) {
      refuseWhenStarted(`${handler.name} must be handled`);
      router.add(handler);
    },
    subscribe(subscriber) {
      refuseWhenStarted(`${subscriber.topic} must be subscribed to`);
      subscribers.add(subscriber);
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
    serving = await protocol.listen(options.address ?? ':0', core);
    stats.observe();
    try {
      address = advertisedAddress(serving.address, options.advertise);
      await subscribers.connect();
      const { record } = server;
      const timing = { ttlMs: registerTtlMs, intervalMs: registerIntervalMs };
      registration = new Registration({
        registry,
        record,
        ...timing,
        check: options.registerCheck,
        isPatient: options.startsUnregistered === true,
        log,
      });
      await registration.start();
      if (stopped !== undefined) throw new Error('the server was stopped while it was starting');
      await subscribers.start();
    } catch (error) {
      await registration?.stop(lingerMs);
      serving.retire();
      serving.destroy();
      await serving.close();
      stats.stop();
      throw error;
    }
    log.info('serving', { service: name, node: `${name}-${id}`, address });
  }

  /** Nobody new finds us first, then nobody new gets in, then who is in gets an answer. */
  async function stop(graceMs: number): Promise<void> {
    if (starting === undefined) return;
    try {
      // A registry that does not answer must not keep us from leaving.
      await within(graceMs, starting);
    } catch {
      return;
    }
    await registration?.stop(Math.max(graceMs, lingerMs));
    await within(graceMs, subscribers.stop());
    core.draining = true;
    serving?.retire();
    const end = performance.now() + graceMs;
    await within(graceMs, core.idle());
    subscribers.abort(stopping(name));
    serving?.abort(stopping(name));
    // Who reads his answer slowly has as long as a call that still runs.
    await within(Math.max(lingerMs, end - performance.now()), serving?.close() ?? Promise.resolve());
    serving?.destroy();
    stats.stop();
    log.info('stopped', { service: name, node: `${name}-${id}` });
  }
}

/** Waits for `work`, but no longer than `ms`. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  const over = new AbortController();
  await Promise.race([work, sleep(ms, over.signal)]);
  over.abort();
}
