import { withResolvers } from '../../async/queue.ts';
import { difference } from './difference.ts';
import type { Emit, View } from './follows.ts';
import { pause } from './pause.ts';
import type { Critical, Health, Names, Questions } from './questions.ts';

/** Short questions of one watch at the same time. */
const atOnce = 12;
/** A list of names carries all their tags, and shall not be sent for nothing. */
const namesWaitMs = 60_000;

/**
 * All services, seen by two questions that Consul answers when something changes: the list of services, which changes with every node that
 * comes, goes or is told otherwise, and the checks that fail. The first tells which services are new or gone, the second which are
 * concerned; for what else can change all of them are looked at. To wait for news of each service would take a connection each, of which an agent has
 * two hundred.
 */
export function viewOfAll(questions: Questions, waitMs: number): View {
  const services = new Map<string, Health>();
  const reading = new Map<string, Promise<void>>();
  let names: Names | undefined;
  let critical: Critical | undefined;

  const read = async (name: string, index: number | undefined, emit: Emit, signal: AbortSignal): Promise<void> => {
    const now = await questions.health(name, { index, signal });
    signal.throwIfAborted();
    if (now === undefined) return;
    const before = services.get(name);
    if (now.hosts.size === 0) services.delete(name);
    else services.set(name, now);
    for (const event of difference(before?.records, now.records)) emit(event);
  };

  /** One after the other for each service: an older answer must not come last. */
  const readInTurn = async (name: string, emit: Emit, signal: AbortSignal): Promise<void> => {
    for (let busy = reading.get(name); busy !== undefined; busy = reading.get(name)) await busy.catch(() => {});
    const now = read(name, services.get(name)?.index, emit, signal).finally(() => reading.delete(name));
    reading.set(name, now);
    await now;
  };

  const followNames = async (emit: Emit, bell: Bell, signal: AbortSignal): Promise<never> => {
    for (;;) {
      const now = await questions.names({ index: names?.index, waitMs: Math.max(waitMs, namesWaitMs), signal });
      signal.throwIfAborted();
      if (now === undefined) continue;
      const startedAt = performance.now();
      const isNews = (name: string): boolean => services.has(name) !== now.names.has(name);
      const news = [...new Set([...services.keys(), ...now.names])].filter(isNews);
      await each(news, (name) => readInTurn(name, emit, signal));
      names = now;
      bell.ring();
      await pause(performance.now() - startedAt, signal);
    }
  };

  /** What the list does not tell. */
  const followRest = async (emit: Emit, bell: Bell, signal: AbortSignal): Promise<never> => {
    for (;;) {
      await bell.rung();
      const startedAt = performance.now();
      await each(services.keys(), (name) => readInTurn(name, emit, signal));
      await pause(performance.now() - startedAt, signal);
    }
  };

  const followCritical = async (emit: Emit, signal: AbortSignal): Promise<never> => {
    for (;;) {
      const now = await questions.critical({ index: critical?.index, waitMs, signal });
      signal.throwIfAborted();
      if (now === undefined) continue;
      const startedAt = performance.now();
      await each(concerned(critical, now, services), (name) => readInTurn(name, emit, signal));
      critical = now;
      await pause(performance.now() - startedAt, signal);
    }
  };

  return {
    async look(emit, signal) {
      // Before the services: what happens while they are read is news.
      const [listed, failed] = await Promise.all([questions.names({ signal }), questions.critical({ signal })]);
      const known = new Set([...services.keys(), ...(listed?.names ?? [])]);
      // Without regard to what is known: where Consul was set up anew its indexes mean nothing.
      await each(known, (name) => read(name, undefined, emit, signal));
      names = listed;
      critical = failed;
    },
    async follow(emit, signal) {
      // One that hears of nothing any more must not hear what is for the next.
      const bell = newBell();
      return Promise.race([
        followNames(emit, bell, signal),
        followRest(emit, bell, signal),
        followCritical(emit, signal),
      ]);
    },
  };
}

/** Some service may have changed. Rings once for whoever waits next. */
interface Bell {
  ring(): void;
  rung(): Promise<void>;
}

function newBell(): Bell {
  let next = withResolvers<void>();
  return {
    ring: () => next.resolve(),
    async rung() {
      await next.promise;
      next = withResolvers();
    },
  };
}

async function each(names: Iterable<string>, work: (name: string) => Promise<void>): Promise<void> {
  const rest = [...names].values();
  const some = async (): Promise<void> => {
    for (const name of rest) await work(name);
  };
  await Promise.all(Array.from({ length: atOnce }, some));
}

/** The services of which a check began or ceased to fail. */
function concerned(
  before: Critical | undefined,
  now: Critical,
  services: ReadonlyMap<string, Health>,
): ReadonlySet<string> {
  const names = new Set<string>();
  const was: Critical['checks'] = before?.checks ?? new Map();
  const changed = [
    ...[...now.checks].filter(([key]) => !was.has(key)),
    ...[...was].filter(([key]) => !now.checks.has(key)),
  ];
  for (const [, { service, host }] of changed) {
    if (services.has(service)) names.add(service);
    if (service === '') for (const [name, { hosts }] of services) if (hosts.has(host)) names.add(name);
  }
  return names;
}
