import { difference } from './difference.ts';
import type { Follow } from './follows.ts';
import { breathe } from './pace.ts';
import type { Critical, Health, Names, Questions } from './questions.ts';

/** Short questions of one watch at the same time. */
const atOnce = 12;
/** A list of names carries all their tags, and shall not be sent for nothing. */
const namesWaitMs = 60_000;

/**
 * Follows all services by two questions that Consul answers when something changes: the list of services, which changes with every node that
 * comes, goes or is told otherwise, and the checks that fail. The second tells which services are concerned; the first does not, so all of
 * them are looked at, those that are new or gone first. To wait for news of each service would take a connection each, of which an agent has
 * two hundred.
 */
export const followAll =
  (questions: Questions, waitMs: number): Follow =>
  async ({ emit, signal }) => {
    const services = new Map<string, Health>();
    const reading = new Map<string, Promise<void>>();
    let isFollowing = false;

    const read = async (name: string): Promise<void> => {
      const known = services.get(name);
      const now = await questions.health(name, { index: known?.index, signal });
      signal.throwIfAborted();
      if (now === undefined) return;
      if (now.hosts.size === 0) services.delete(name);
      else services.set(name, now);
      if (isFollowing) for (const event of difference(known?.records ?? new Map(), now.records)) emit(event);
    };

    /** One after the other for each service: an older answer must not come last. */
    const look = async (name: string): Promise<void> => {
      for (let busy = reading.get(name); busy !== undefined; busy = reading.get(name)) await busy;
      const now = read(name).finally(() => reading.delete(name));
      reading.set(name, now);
      await now;
    };

    const lookAt = async (names: Iterable<string>): Promise<void> => {
      const rest = [...names].values();
      const some = async (): Promise<void> => {
        for (const name of rest) await look(name);
      };
      await Promise.all(Array.from({ length: atOnce }, some));
    };

    const followNames = async (first: Names | undefined): Promise<never> => {
      for (let index = first?.index; ; ) {
        const now = await questions.names({ index, waitMs: Math.max(waitMs, namesWaitMs), signal });
        signal.throwIfAborted();
        if (now === undefined) continue;
        index = now.index;
        const startedAt = performance.now();
        const isNews = (name: string): boolean => services.has(name) !== now.names.has(name);
        const all = new Set([...services.keys(), ...now.names]);
        await lookAt([...all].toSorted((a, b) => Number(isNews(b)) - Number(isNews(a))));
        await breathe(performance.now() - startedAt, signal);
      }
    };

    const followCritical = async (first: Critical | undefined): Promise<never> => {
      for (let before = first; ; ) {
        const now = await questions.critical({ index: before?.index, waitMs, signal });
        signal.throwIfAborted();
        if (now === undefined) continue;
        const startedAt = performance.now();
        await lookAt(concerned(before, now, services));
        before = now;
        await breathe(performance.now() - startedAt, signal);
      }
    };

    // Before the services: what happens while they are read is news.
    const [names, critical] = await Promise.all([questions.names({ signal }), questions.critical({ signal })]);
    await lookAt(names?.names ?? []);
    isFollowing = true;
    const over = Promise.all([followNames(names), followCritical(critical)]) as Promise<never>;
    return { over };
  };

/** The services of which a check began or ceased to fail. */
function concerned(
  before: Critical | undefined,
  now: Critical,
  services: ReadonlyMap<string, Health>,
): ReadonlySet<string> {
  const names = new Set<string>();
  const was = before?.checks ?? new Map();
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
