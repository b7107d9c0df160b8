import type { Config } from '../config/config.ts';
import type { Directory } from '../discovery/directory.ts';
import type { Registry } from '../discovery/registry.ts';
import type { FlushableLog } from '../log/pino.ts';
import type { Broker } from '../runtime/broker/broker.ts';
import type { Client } from '../runtime/client/client.ts';
import type { ClientOptions } from '../runtime/client/micro.ts';
import type { Codecs } from '../runtime/codec/codec.ts';
import type { Lookup } from '../runtime/selector/selector.ts';
import type { ServerProtocol } from '../runtime/server/protocol.ts';
import type { Transport } from '../runtime/transport/transport.ts';
import type { Answered } from '../runtime/wrappers/node-recorder.ts';

/** What calls go through: the drivers that were chosen, connected to each other. */
export interface Runtime {
  readonly registry: Registry;
  readonly transport: Transport;
  readonly broker: Broker;
  readonly codecs: Codecs;
  readonly client: Client;
  /** Follows the registry from the first time on that somebody asks for it. */
  follow(): Promise<Directory>;
  serverProtocol(): Promise<ServerProtocol>;
  close(): Promise<void>;
}

/** The runtime of a bot, which can tell how its calls go. */
export interface WatchedRuntime extends Runtime {
  /** The node that answered an invocation, once. */
  answerer(invocation: string): Answered | undefined;
  /** Lines about services that are spared at the moment, because they fail. */
  circuits(): readonly string[];
}

/** How long a node may take to show that it is there, when the registry has forgotten it. */
const aliveMs = 500;

/** For a single command: the registry is asked once. */
export async function connect(config: Config, log: FlushableLog): Promise<Runtime> {
  const source = await openSource(config, log);
  try {
    const lookup: Lookup = (service) => source.registry.getService(service);
    return await open({ config, source, name: 'micro', lookup, log });
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** The registry, which is asked from now on what there is. Its answers take their time, in which all the rest can be loaded. */
export async function askRegistry(config: Config, log: FlushableLog): Promise<Source> {
  const source = await openSource(config, log);
  await source.follow();
  return source;
}

/**
 * For a bot, a service of this name: what the registry says is kept up to date, and services that fail are spared. The registry is closed with it,
 * also when this fails.
 */
export async function connectBot(
  config: Config,
  name: string,
  source: Source,
  log: FlushableLog,
): Promise<WatchedRuntime> {
  try {
    const directory = await source.follow();
    const [{ nodeRecorder }, { circuitBreaker }, { describeCircuits }] = await Promise.all([
      import('../runtime/wrappers/node-recorder.ts'),
      import('../runtime/wrappers/circuit-breaker.ts'),
      import('../commands/circuits.ts'),
    ]);
    const breaker = circuitBreaker({ log });
    const versionOf = (service: string, node: string): string | undefined =>
      directory.services.get(service)?.find(({ nodes }) => nodes.some(({ id }) => id === node))?.version;
    const recorder = nodeRecorder({ versionOf });
    const lookup: Lookup = (service) => directory.lookup(service);
    const watching = { onAnswer: recorder.onAnswer, wrappers: [breaker] };
    const runtime = await open({ config, source, name, lookup, watching, log });
    return {
      ...runtime,
      answerer: (invocation) => recorder.take(invocation),
      circuits: () => describeCircuits(breaker.states()),
    };
  } catch (error) {
    await source.close();
    throw error;
  }
}

export type Source = Pick<Runtime, 'registry' | 'follow' | 'close'>;

async function openSource(config: Config, log: FlushableLog): Promise<Source> {
  const { openRegistry } = await import('./registries.ts');
  const registry = await openRegistry(config, log);
  let followed: Promise<Directory> | undefined;
  return {
    registry,
    follow: () => (followed ??= newDirectory(registry, log)),
    async close() {
      await (await followed)?.close();
      await registry.close();
    },
  };
}

interface Opening {
  readonly config: Config;
  readonly source: Source;
  readonly name: string;
  readonly lookup: Lookup;
  readonly watching?: Required<Pick<ClientOptions, 'onAnswer' | 'wrappers'>>;
  readonly log: FlushableLog;
}

async function open({ config, source, name, lookup, watching, log }: Opening): Promise<Runtime> {
  const [{ newClient }, { openDrivers }] = await Promise.all([
    import('../runtime/client/micro.ts'),
    import('./open.ts'),
  ]);
  const opened = await openDrivers(config, source.registry, lookup, log);
  const { timeoutMs, retries, poolSize, poolTtlMs } = config.client;
  const client = newClient({
    ...opened,
    ...watching,
    wrappers: [...(watching?.wrappers ?? []), ...opened.wrappers],
    name,
    poolSize,
    poolTtlMs,
    defaults: { timeoutMs, retries },
    log,
  });
  const close = async (): Promise<void> => {
    await client.close();
    await opened.broker.disconnect();
    await source.close();
  };
  return { ...opened, ...source, client, close };
}

async function newDirectory(registry: Registry, log: FlushableLog): Promise<Directory> {
  const [{ createDirectory }, { answers }] = await Promise.all([
    import('../discovery/directory/follow.ts'),
    import('../runtime/transport/answers.ts'),
  ]);
  return createDirectory(registry, { log, isAlive: ({ address }) => answers(address, aliveMs) });
}
