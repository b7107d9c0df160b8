import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { Opened } from './cli/cli.ts';
import { onInterrupt } from './cli/interrupt.ts';
import { runCli } from './cli/run.ts';
import type { Catalogue } from './commands/catalogue.ts';
import type { CommandSet } from './commands/set.ts';
import { osUserName } from './cli/user.ts';
import type { Config } from './config/config.ts';
import { ConfigError } from './config/error.ts';
import type { Registry } from './discovery/registry.ts';
import type { Input } from './inputs/input.ts';
import { lazyLog } from './log/lazy.ts';
import type { FlushableLog } from './log/pino.ts';
import type { Client } from './runtime/client/client.ts';
import type { Lookup } from './runtime/selector/selector.ts';
import type { Strategy } from './runtime/selector/strategy.ts';
import type { Server } from './runtime/server/server.ts';
import type { Transport } from './runtime/transport/transport.ts';

// Every driver, by the name that chooses it. Each is loaded when it is chosen: `micro --help` needs none of them.

const registries: Drivers<(config: Config, log: FlushableLog) => Promise<Registry>> = {
  mdns: async ({ registry: { address, mdnsDomain } }, log) => {
    const { mdnsRegistry } = await import('./discovery/mdns/mdns.ts');
    return mdnsRegistry({ ...(address === undefined ? {} : { interface: address }), domain: mdnsDomain, log });
  },
  memory: async () => {
    const { memoryRegistry } = await import('./discovery/memory/memory.ts');
    return memoryRegistry();
  },
};

const transports: Drivers<() => Promise<Transport>> = {
  http: async () => (await import('./runtime/transport/http/http.ts')).httpTransport(),
  memory: async () => (await import('./runtime/transport/memory.ts')).memoryTransport(),
};

const random = async (): Promise<Strategy> => (await import('./runtime/selector/strategy.ts')).random;
const selectors: Drivers<() => Promise<Strategy>> = {
  default: random,
  cache: random,
  random,
  roundrobin: async () => (await import('./runtime/selector/strategy.ts')).roundRobin(),
};

const inputs: Drivers<(config: Config, commands: () => CommandSet, log: FlushableLog) => Promise<Input>> = {
  console: async ({ bot: { consoleHistory } }, commands, log) => {
    const [{ consoleInput }, { completeLine }] = await Promise.all([
      import('./inputs/console/console.ts'),
      import('./bot/complete.ts'),
    ]);
    return consoleInput({
      input: process.stdin,
      output: process.stdout,
      terminal: interactive(),
      user: osUserName(),
      complete: (line) => completeLine(commands(), line),
      greeting: `micro ${version()}: type "help". TAB completes, Ctrl-C stops what runs, Ctrl-D leaves.`,
      ...(consoleHistory === undefined ? {} : { historyFile: consoleHistory }),
      log,
    });
  },
};

type Drivers<T> = Readonly<Record<string, T>>;

function choose<T>(drivers: Drivers<T>, kind: string, name: string): T {
  const driver = Object.hasOwn(drivers, name) ? drivers[name] : undefined;
  if (driver === undefined) throw new ConfigError('unknown', `${kind} ${name} not found`);
  return driver;
}

const interactive = (): boolean => process.stdin.isTTY && process.stdout.isTTY;

const botName = 'go.micro.bot';

/** What calls go through: the drivers that were chosen, connected to each other. */
interface Runtime {
  readonly registry: Registry;
  readonly transport: Transport;
  readonly client: Client;
  close(): Promise<void>;
}

/** A bot keeps what the registry said up to date; a single command asks once. */
async function connect(config: Config, log: FlushableLog, face: 'bot' | 'cli'): Promise<Runtime> {
  const newRegistry = choose(registries, 'Registry', config.registry.driver);
  const newTransport = choose(transports, 'Transport', config.transport);
  const newStrategy = choose(selectors, 'Selector', config.selector);
  const [{ newClient }, { newSelector }, { serviceCache }, strategy, transport, registry] = await Promise.all([
    import('./runtime/client/micro.ts'),
    import('./runtime/selector/cached.ts'),
    import('./discovery/cached.ts'),
    newStrategy(),
    newTransport(),
    newRegistry(config, log),
  ]);
  const cache = face === 'bot' ? serviceCache(registry, { log }) : undefined;
  const lookup: Lookup = (name) => cache?.lookup(name) ?? registry.getService(name);
  const { timeoutMs, retries, poolSize, poolTtlMs } = config.client;
  const selector = newSelector({ lookup, strategy });
  const name = face === 'bot' ? (config.server.name ?? botName) : 'micro';
  const client = newClient({ name, transport, selector, poolSize, poolTtlMs, defaults: { timeoutMs, retries }, log });
  const close = async (): Promise<void> => {
    await client.close();
    await cache?.close();
    await registry.close();
  };
  return { registry, transport, client, close };
}

async function openCommands(config: Config): Promise<Opened> {
  const log = lazyLog({ ...config.log, level: config.log.level ?? 'error' });
  const runtime = await connect(config, log, 'cli');
  const [{ builtins }, { commandSet }] = await Promise.all([
    import('./commands/builtins.ts'),
    import('./commands/set.ts'),
  ]);
  const commands = builtins({ ...runtime, commands: () => commandSet(commands) });
  const close = async (): Promise<void> => {
    await runtime.close();
    await log.flush();
  };
  return { commands, close };
}

async function runBot(config: Config): Promise<number> {
  const chosen = [...new Set(config.bot.inputs)].map((name) => choose(inputs, 'input', name));
  if (chosen.length === 0) throw new ConfigError('invalid', 'no inputs specified');
  using interrupt = onInterrupt();
  const onTerminal = config.bot.inputs.includes('console') && interactive();
  const log = lazyLog({ ...config.log, level: config.log.level ?? (onTerminal ? 'warn' : 'info') });
  process.once('uncaughtException', (error) => void crash(log, error));

  const runtime = await connect(config, log, 'bot');
  const catalogue = await newCatalogue(config, runtime, log);
  const service = await newBotService(config, runtime, log);
  // Gone from the registry before anything else ends.
  const leave = (): void => void service.stop().catch((error: unknown) => log.error('leaving failed', { error }));
  interrupt.signal.addEventListener('abort', leave, { once: true });
  try {
    // While the registry answers, the rest is loaded.
    const [{ createBot }, listening] = await Promise.all([
      import('./bot/bot.ts'),
      Promise.all(chosen.map((make) => make(config, () => catalogue.current, log))),
      service.start(),
      catalogue.ready,
    ]);
    const bot = createBot({ inputs: listening, commands: () => catalogue.current, log });
    log.info('ready', {
      service: service.name,
      id: service.id,
      address: service.address,
      inputs: listening.map(({ name }) => name),
    });
    await bot.run(interrupt.signal);
    return 0;
  } finally {
    await service.stop();
    await catalogue.close();
    await runtime.close();
    log.info('left');
    await log.flush();
  }
}

async function newCatalogue(config: Config, { registry, client }: Runtime, log: FlushableLog): Promise<Catalogue> {
  const [{ createCatalogue }, { builtins }] = await Promise.all([
    import('./commands/catalogue.ts'),
    import('./commands/builtins.ts'),
  ]);
  return createCatalogue({
    registry,
    client,
    namespace: config.bot.namespace,
    self: config.server.name ?? botName,
    builtins: (commands) => builtins({ registry, client, commands }),
    log,
  });
}

/** What nobody caught is told by the log, which keeps secrets out of the stack; node's own message does not. */
async function crash(log: FlushableLog, error: Error): Promise<void> {
  log.error('crashed', { error });
  await log.flush();
  process.exit(1);
}

/** The bot is a service like any other: it is listed, and answers `health` and `stats`. */
async function newBotService(config: Config, { registry, transport }: Runtime, log: FlushableLog): Promise<Server> {
  const { newServer } = await import('./runtime/server/micro.ts');
  const { name = botName, version: given, id, advertise, address, ...rest } = config.server;
  // Who finds us through one interface only shall reach us there.
  const where = config.registry.address ?? '';
  return newServer({
    ...rest,
    address: address === ':0' && isIP(where) !== 0 ? `${where}:0` : address,
    name,
    version: given ?? version(),
    ...(id === undefined ? {} : { id }),
    ...(advertise === undefined ? {} : { advertise }),
    registry,
    transport,
    log,
  });
}

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}

// Nobody reads any more: what is left to say is dropped.
const ignoreBrokenPipe = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE') throw error;
};
process.stdout.on('error', ignoreBrokenPipe);
process.stderr.on('error', ignoreBrokenPipe);

const code = await runCli({
  argv: process.argv.slice(2),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  version,
  open: openCommands,
  bot: runBot,
});
process.exitCode = code;
// Interrupted: a command that does not care must not keep the process.
if (code > 128) process.exit();
