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
export const connect = (config: Config, log: FlushableLog): Promise<Runtime> => open(config, log, 'micro');

/** For a bot, a service of this name: what the registry says is kept up to date, and services that fail are spared. */
export async function connectBot(config: Config, name: string, log: FlushableLog): Promise<WatchedRuntime> {
  const [{ nodeRecorder }, { circuitBreaker }, { describeCircuits }] = await Promise.all([
    import('../runtime/wrappers/node-recorder.ts'),
    import('../runtime/wrappers/circuit-breaker.ts'),
    import('../commands/circuits.ts'),
  ]);
  const breaker = circuitBreaker({ log });
  let directory: Directory | undefined;
  const versionOf = (service: string, node: string): string | undefined =>
    directory?.services.get(service)?.find(({ nodes }) => nodes.some(({ id }) => id === node))?.version;
  const recorder = nodeRecorder({ versionOf });
  const runtime = await open(config, log, name, { onAnswer: recorder.onAnswer, wrappers: [breaker] });
  directory = await runtime.follow();
  return {
    ...runtime,
    answerer: (invocation) => recorder.take(invocation),
    circuits: () => describeCircuits(breaker.states()),
  };
}

async function open(
  config: Config,
  log: FlushableLog,
  name: string,
  watching?: Pick<ClientOptions, 'onAnswer' | 'wrappers'>,
): Promise<Runtime> {
  const [{ newClient }, drivers] = await Promise.all([import('../runtime/client/micro.ts'), import('./open.ts')]);
  const registry = await drivers.openRegistry(config, log);
  let followed: Promise<Directory> | undefined;
  const follow = (): Promise<Directory> => (followed ??= newDirectory(registry, log));
  const directory = watching === undefined ? undefined : await follow();
  const lookup: Lookup = (service) => directory?.lookup(service) ?? registry.getService(service);
  const opened = await drivers.openDrivers(config, registry, lookup, log).catch(async (error: unknown) => {
    await directory?.close();
    await registry.close();
    throw error;
  });
  const { timeoutMs, retries, poolSize, poolTtlMs } = config.client;
  const client = newClient({
    ...opened,
    ...watching,
    name,
    poolSize,
    poolTtlMs,
    defaults: { timeoutMs, retries },
    log,
  });
  const close = async (): Promise<void> => {
    await client.close();
    await opened.broker.disconnect();
    await (await followed)?.close();
    await registry.close();
  };
  return { ...opened, registry, client, follow, close };
}

async function newDirectory(registry: Registry, log: FlushableLog): Promise<Directory> {
  const [{ createDirectory }, { answers }] = await Promise.all([
    import('../discovery/directory/follow.ts'),
    import('../runtime/transport/answers.ts'),
  ]);
  return createDirectory(registry, { log, isAlive: ({ address }) => answers(address, aliveMs) });
}
