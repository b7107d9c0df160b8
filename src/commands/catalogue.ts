import { withResolvers } from '../async/queue.ts';
import { sleep } from '../async/sleep.ts';
import type { Directory } from '../discovery/directory.ts';
import { type Log, silent } from '../log/log.ts';
import type { Client } from '../runtime/client/client.ts';
import { type Command, CommandError } from './command.ts';
import { type Exchange, exchange, type Names } from './exchange.ts';
import { greedyNames, mergeCommands } from './merge.ts';
import { namesOf } from './name-index.ts';
import { newOffers } from './offers.ts';
import { paced } from './pace.ts';
import type { Problem } from './problem.ts';
import { reportOnce } from './report.ts';
import { type CommandSet, commandSet } from './set.ts';

export interface CatalogueOptions {
  /** What is followed. It stays its owner's to close. */
  readonly directory: Directory;
  /** Calls services. It should find them in the same directory: then a command that is shown can also be run. */
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
 * All commands there are: the bot's own, those added to it, and those of the services that run at the moment. It follows the directory
 * from the start. When the registry is lost, the last set stands, marked stale, until it is found again.
 */
export interface Catalogue {
  /** Replaced as a whole with each change, at most every 100 ms; a reader who keeps it keeps a consistent set. */
  readonly current: CommandSet;
  /** Resolves when the services that run were seen for the first time, or after 2 seconds, whichever comes first. */
  readonly ready: Promise<void>;
  /** Adds a command. It wins over a service's of the same name. Throws a `CommandError` (`already_registered`). */
  register(command: Command): void;
  /** Stops following the directory. May be called twice. */
  close(): Promise<void>;
}

const readyMs = 2000;
const restMs = 100;
/** When more services changed, to begin anew costs less. */
const maxExchanges = 32;

export function createCatalogue(options: CatalogueOptions): Catalogue {
  const { directory, client, namespace = 'go.micro.bot', self, log = silent } = options;
  const stop = new AbortController();
  const ready = withResolvers<void>();
  const report = reportOnce(log);
  const own = [...options.builtins(() => current)];
  let current = commandSet(own);
  let names: Names = { owners: new Map(), wanted: new Set(), greedy: new Set() };
  let conflicts: readonly Problem[] = [];

  const problems = (): readonly Problem[] => [...offers.problems(), ...conflicts];
  const rebuild = (): void => {
    const merged = mergeCommands(own, offers.commands(), names.owners);
    conflicts = merged.problems;
    const wanted = new Set(conflicts.map(({ name }) => name));
    names = { owners: merged.owners, wanted, greedy: greedyNames(own) };
    current = commandSet(merged.commands, isStale(directory), problems());
  };
  const replace = (exchanges: readonly Exchange[]): void => {
    if (exchanges.length > maxExchanges || !exchanges.every((each) => exchange(each, names))) rebuild();
    else {
      const [gone, come] = [exchanges.flatMap((each) => each.gone), exchanges.flatMap((each) => each.come)];
      current = current.exchange(gone, come, problems()).mark(isStale(directory));
    }
    report(current.problems);
  };
  const update = (): boolean => {
    const exchanges = offers.update();
    if (exchanges.length > 0) replace(exchanges);
    else if (current.stale !== isStale(directory)) current = current.mark(isStale(directory));
    return exchanges.length > 0;
  };
  const pace = paced(update, restMs);
  const offers = newOffers({ directory, client, namespace, self, log, onNews: () => pace.ask() });
  rebuild();

  const start = async (): Promise<void> => {
    void sleep(readyMs, stop.signal).then(() => ready.resolve());
    if (directory.services.size > 0) pace.now();
    await directory.ready;
    pace.now();
    await offers.asked();
    pace.now();
    ready.resolve();
  };
  const subscription = directory.onChange((names) => {
    offers.changed(names);
    pace.ask();
  });
  const end = (): void => {
    options.signal?.removeEventListener('abort', end);
    subscription.end();
    pace.end();
    offers.close();
    stop.abort();
  };
  options.signal?.addEventListener('abort', end, { once: true });
  if (options.signal?.aborted === true) end();
  void start();

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
      report(current.problems);
    },
    async close() {
      end();
    },
  };
}

/** Whether services may have changed since without our knowing. While a directory starts without trouble nobody has to be told. */
const isStale = ({ state }: Directory): boolean => state.kind !== 'connected' && state.error !== undefined;
