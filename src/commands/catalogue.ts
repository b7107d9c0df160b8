import { withResolvers } from '../async/queue.ts';
import { sleep } from '../async/sleep.ts';
import { supervise } from '../async/supervise.ts';
import type { Registry } from '../discovery/registry.ts';
import { type Log, silent } from '../log/log.ts';
import type { Client } from '../runtime/client/client.ts';
import { type Command, CommandError } from './command.ts';
import { endpointCommands } from './endpoints.ts';
import { askHelps } from './helps.ts';
import { withLastKnown } from './last-known.ts';
import { mergeCommands, type Problem } from './merge.ts';
import { namespaceCommands, namespaceVersions } from './namespaces.ts';
import { reportOnce } from './report.ts';
import { readServices, type Services } from './services.ts';
import { type CommandSet, commandSet, namesOf } from './set.ts';
import { watchServices } from './watch.ts';

export interface CatalogueOptions {
  readonly registry: Registry;
  readonly client: Client;
  /** Services named `<namespace>.<word>` are commands. Default `go.micro.bot`. */
  readonly namespace?: string;
  /** The bot's own service name: it is no command. */
  readonly self?: string;
  /** The bot's own commands; they may look at the current set, to tell about it. */
  readonly builtins: (commands: () => CommandSet) => readonly Command[];
  readonly log?: Log;
  /** Ends it, as `close` does. */
  readonly signal?: AbortSignal;
}

/**
 * All commands there are: the bot's own, those added to it, and those of the services that run at the moment. It follows the registry
 * from the start. When the registry is lost, the last set stands, marked stale, until it is found again.
 */
export interface Catalogue {
  /** Replaced as a whole with each change; a reader who keeps it keeps a consistent set. */
  readonly current: CommandSet;
  /** Resolves when the services that run were seen for the first time, or after 2 seconds, whichever comes first. */
  readonly ready: Promise<void>;
  /** Adds a command. It wins over a service's of the same name. Throws a `CommandError` (`already_registered`). */
  register(command: Command): void;
  /** Stops following the registry. May be called twice. */
  close(): Promise<void>;
}

const readyMs = 2000;

export function createCatalogue(options: CatalogueOptions): Catalogue {
  const { registry, namespace = 'go.micro.bot', self, log = silent } = options;
  const client = withLastKnown(options.client, () => (lostAt === undefined ? undefined : services));
  const ready = withResolvers<void>();
  const report = reportOnce(log);
  const own = [...options.builtins(() => current)];
  let services: Services = new Map();
  let declared: readonly Command[] = [];
  let declaredProblems: readonly Problem[] = [];
  let lostAt: number | undefined;
  let current = commandSet(own);

  const rebuild = (): void => {
    const fromServices = [...namespaceCommands(services, { namespace, self, client, helps }), ...declared];
    const { commands, problems } = mergeCommands(own, fromServices, current.commands);
    current = commandSet(commands, lostAt !== undefined);
    report([...declaredProblems, ...problems]);
  };
  const helps = askHelps({ client, log, onAnswer: rebuild });

  const look = async (signal: AbortSignal): Promise<void> => {
    const seen = await readServices(registry, services);
    const { commands, problems } = await endpointCommands(seen, client);
    if (signal.aborted) return;
    [services, declared, declaredProblems] = [seen, commands, problems];
    if (lostAt !== undefined) log.info('the registry is back', { lostMs: Date.now() - lostAt });
    lostAt = undefined;
    void helps.want(namespaceVersions(services, namespace, self)).then(ready.resolve);
    rebuild();
  };

  const onFailure = (error: unknown, delayMs: number): void => {
    if (lostAt !== undefined) return;
    lostAt = Date.now();
    log.warn('the registry is out of reach, its commands stay as they were', { error, delayMs });
    current = commandSet(current.commands, true);
  };

  const follow = (signal: AbortSignal, healthy: () => void): Promise<void> =>
    watchServices({ registry, signal, look: (inner) => look(inner).then(healthy) });
  const run = async (): Promise<void> => {
    if (options.signal?.aborted === true) stop.abort();
    options.signal?.addEventListener('abort', end, { once: true });
    void sleep(readyMs, stop.signal).then(() => ready.resolve());
    await supervise(follow, { signal: stop.signal, onFailure, maxDelayMs: 5000 });
    options.signal?.removeEventListener('abort', end);
    helps.close();
  };
  const stop = new AbortController();
  const end = (): void => stop.abort();
  const running = run();

  return {
    get current() {
      return current;
    },
    ready: ready.promise,
    register(command) {
      const taken = new Set(own.flatMap(namesOf));
      const name = namesOf(command).find((each) => taken.has(each));
      if (name !== undefined) throw new CommandError('already_registered', `${name} already registered`);
      own.push(command);
      rebuild();
    },
    async close() {
      stop.abort();
      await running;
    },
  };
}
