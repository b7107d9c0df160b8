import { readFileSync } from 'node:fs';
import { both } from './async/both.ts';
import { inTime } from './async/in-time.ts';
import type { Opened } from './cli/cli.ts';
import { onInterrupt } from './cli/interrupt.ts';
import { endWhenOverdue } from './cli/overdue.ts';
import { runCli } from './cli/run.ts';
import type { Catalogue } from './commands/catalogue.ts';
import type { Rehearsal } from './commands/rehearsal.ts';
import type { CommandSet } from './commands/set.ts';
import { osUserName } from './cli/user.ts';
import type { Config } from './config/config.ts';
import { ConfigError } from './config/error.ts';
import type { Control } from './control/control.ts';
import type { Directory } from './discovery/directory.ts';
import { type CatalogueDeps, openCatalogue } from './drivers/catalogue.ts';
import type { Drivers } from './drivers/choose.ts';
import type { ControlDeps, OpenedControl } from './drivers/control.ts';
import type { Host } from './drivers/host.ts';
import { askRegistry, connect, connectBot, type Runtime } from './drivers/connect.ts';
import { type FindInput, type NewInput, networks } from './drivers/inputs.ts';
import { botName, newBotService } from './drivers/service.ts';
import { builtIn, fromPackage } from './drivers/choose.ts';
import { besidePrompt } from './inputs/console/beside.ts';
import type { Input } from './inputs/input.ts';
import { lazyLog } from './log/lazy.ts';
import type { FlushableLog } from './log/pino.ts';

// Drivers are named in src/drivers and here, and each is loaded when it is chosen: `micro --help` needs none of them.
const inputs: Drivers<FindInput> = {
  console:
    async () =>
    async ({ config, commands, log }) => {
      const [{ consoleInput }, { completeLine }] = await Promise.all([
        import('./inputs/console/console.ts'),
        import('./bot/complete.ts'),
      ]);
      const { consoleHistory } = config.bot;
      return consoleInput({
        input: process.stdin,
        output: process.stdout,
        terminal: interactive(),
        user: osUserName(),
        complete: (line) => completeLine(commands(), line),
        greeting: `micro ${version()}: type "help". TAB completes, Ctrl-C stops what runs, Ctrl-D leaves.`,
        ...(consoleHistory === undefined ? {} : { historyFile: consoleHistory }),
        beside,
        log,
      });
    },
  ...networks,
};

async function findInput(name: string, config: Config): Promise<NewInput> {
  const own = builtIn(inputs, name);
  if (own !== undefined) return own(config);
  const make = await fromPackage<Input>('input', name, Object.keys(inputs));
  return async ({ log }) => make({ addresses: [], registry: undefined, log });
}

const interactive = (): boolean => process.stdin.isTTY && process.stdout.isTTY;

/** The log of a bot whose console has a prompt on the same terminal. */
const beside = besidePrompt(process.stderr);

async function openCommands(config: Config): Promise<Opened> {
  const log = lazyLog({ ...config.log, level: config.log.level ?? 'error' });
  const runtime = await connect(config, log);
  const [{ builtins }, { commandSet }, { verify }, { manifestCommand }, { auditCliCommands }] = await Promise.all([
    import('./commands/builtins.ts'),
    import('./commands/set.ts'),
    import('./commands/verify.ts'),
    import('./drivers/slack.ts'),
    import('./audit/cli.ts'),
  ]);
  const shared = builtins({ ...runtime, commands: () => commandSet(commands) });
  const manifest = manifestCommand(() => currentSet(config, runtime, log));
  const verifying = verify({ rehearse: (signal) => rehearse(config, runtime, log, signal) });
  const commands = [...shared, manifest, verifying, ...auditCliCommands(config.bot.control.auditFile ?? '')];
  const close = async (): Promise<void> => {
    await runtime.close();
    await log.flush();
  };
  return { commands, close };
}

/** The commands of the bot and of the services that run, once. */
async function currentSet(config: Config, runtime: Runtime, log: FlushableLog): Promise<CommandSet> {
  const catalogue = await openCatalogue({ config, runtime, inputs: () => [], version: version(), log });
  try {
    await catalogue.ready;
    return catalogue.current;
  } finally {
    await catalogue.close();
  }
}

/** A bot for lines that are only tried. */
async function rehearse(config: Config, runtime: Runtime, log: FlushableLog, signal: AbortSignal): Promise<Rehearsal> {
  const [{ openRehearsal }, { whereabouts }, directory] = await Promise.all([
    import('./drivers/rehearsal.ts'),
    import('./commands/whereabouts.ts'),
    runtime.follow(),
  ]);
  const deps: CatalogueDeps = { config, runtime, inputs: () => [], version: version(), log };
  const catalogue = (control: Control): Promise<Catalogue> => openCatalogue(deps, control);
  return openRehearsal({ where: whereabouts(runtime.registry, directory), catalogue, log }, signal);
}

async function runBot(config: Config): Promise<number> {
  const chosen = await Promise.all([...new Set(config.bot.inputs)].map((name) => findInput(name, config)));
  if (chosen.length === 0) throw new ConfigError('invalid', 'no inputs specified');
  const { tls } = config.transport;
  if (tls !== undefined && tls.cert === undefined && !tls.selfSigned) {
    throw new ConfigError(
      'invalid',
      'a bot that encrypts needs transport_cert and transport_key, or transport_self_signed',
    );
  }
  using interrupt = onInterrupt();
  const onTerminal = config.bot.inputs.includes('console') && interactive();
  const destination = onTerminal && process.stderr.isTTY ? beside.stream : process.stderr;
  const log = lazyLog({ ...config.log, destination, level: config.log.level ?? (onTerminal ? 'warn' : 'info') });
  process.once('uncaughtException', (error) => void crash(log, error));
  interrupt.signal.addEventListener('abort', () => endWhenOverdue(log, longestLeaveMs), { once: true });
  try {
    return await beBot(config, chosen, interrupt.signal, log);
  } finally {
    endWhenOverdue(log);
  }
}

/** Until `signal` aborts, or all inputs have ended. */
async function beBot(
  config: Config,
  chosen: readonly NewInput[],
  signal: AbortSignal,
  log: FlushableLog,
): Promise<number> {
  let listening: readonly Input[] = [];
  const current = (): readonly Input[] => listening;
  const source = await askRegistry(config, log);
  const opening = controlOf({
    config: config.bot.control,
    commands: () => catalogue.current,
    inputs: current,
    circuits: () => runtime.circuits(),
    log,
  });
  const [control, runtime] = await both(opening, connectBot(config, config.server.name ?? botName, source, log));
  const catalogue = await openCatalogue({ config, runtime, inputs: current, version: version(), log }, control);
  try {
    const service = await newBotService({ config, runtime, version: version(), log });
    // Gone from the registry before anything else ends.
    const leave = (): void => void service.stop().catch((error: unknown) => log.error('leaving failed', { error }));
    signal.addEventListener('abort', leave, { once: true });
    try {
      const host: Host = {
        config,
        directory: await runtime.follow(),
        client: runtime.client,
        taken: control.taken,
        commands: () => catalogue.current,
        version: version(),
        log,
      };
      // While the registry answers, the rest is loaded.
      const [{ createBot }, made] = await Promise.all([
        import('./bot/bot.ts'),
        Promise.all(chosen.map((make) => make(host))),
        service.start(),
        catalogue.ready,
      ]);
      await seen(host.directory, service.name);
      listening = made;
      const bot = createBot({
        ...control.bot,
        answerer: (invocation) => runtime.answerer(invocation),
        inputs: listening,
        commands: () => catalogue.current,
        log,
      });
      log.info('ready', {
        service: service.name,
        id: service.id,
        address: service.address,
        inputs: listening.map(({ name }) => name),
      });
      await bot.run(signal);
      return 0;
    } finally {
      await service.stop();
      log.info('left');
    }
  } finally {
    await catalogue.close();
    await control.close();
    await runtime.close();
    await log.flush();
  }
}

/** Far more than all that has a limit of its own takes together. */
const longestLeaveMs = 30_000;

async function controlOf(deps: ControlDeps): Promise<OpenedControl> {
  const { openControl } = await import('./drivers/control.ts');
  return openControl(deps);
}

/** What nobody caught is told by the log, which keeps secrets out of the stack; node's own message does not. */
async function crash(log: FlushableLog, error: Error): Promise<void> {
  log.error('crashed', { error });
  await log.flush();
  process.exit(1);
}

/** The first question may be who is there: the bot itself registered while the directory was read, and may be missing in it. */
async function seen(directory: Directory, name: string): Promise<void> {
  if (directory.state.kind !== 'connected') return;
  const looked = Promise.resolve(directory.lookup(name));
  // That the registry is lost just now is told by who follows it.
  await inTime(looked, longestLookMs, () => []).catch(() => {});
}

const longestLookMs = 500;

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Nobody reads any more: what is left to say is dropped.
  if (error.code === 'EPIPE') return;
  process.stderr.write(`the answer could not be written: ${error.message}\n`);
  process.exit(1);
});
// There is nobody else to tell, and a bot is not to end because its log is full.
process.stderr.on('error', () => {});

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
