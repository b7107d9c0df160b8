import { sleep } from '../../async/sleep.ts';
import type { RegistryEvent, ServiceRecord } from '../registry.ts';
import { same } from '../versions.ts';
import { newCensus } from './census.ts';
import type { Nodes } from './question.ts';

/**
 * The nodes that watches know of. It tells what changes, and calls the roll now and then: a process that was killed just answers no more,
 * and what was announced while NATS was away was heard by nobody.
 */
export interface Roll {
  /** A node, alone in its record, that was announced to all. */
  announced(key: string, record: ServiceRecord): void;
  /** One that said goodbye. */
  departed(key: string, record: ServiceRecord): void;
  /** Calls the roll again and again until `signal` aborts. */
  call(signal: AbortSignal): Promise<void>;
  /** Who is wanted has changed: calls the roll soon. */
  again(): void;
  /** The connection is back. Others need a while longer: who does not answer yet is not missed. */
  excuse(): void;
  /** Nothing keeps what is known true any more. */
  forget(): void;
  /** The nodes there are of a service, or at all, if they are known. */
  expected(name: string | undefined): Nodes | undefined;
  /** Nodes that count as there, though they may not answer: they are excused. */
  excused(name: string | undefined): Nodes;
}

export interface RollOptions {
  /** Asks for one service, or all; nodes that said goodbye are not in the answers. */
  readonly ask: (name: string | undefined) => Promise<Nodes>;
  /** The services to keep up with; undefined means all. */
  readonly wanted: () => ReadonlySet<string> | undefined;
  readonly emit: (event: RegistryEvent) => void;
  readonly refreshMs: number;
  readonly onFailure: (error: unknown) => void;
}

const maxMissed = 2;
/** Services asked for at a time. */
const batch = 16;
/** More than these are asked for all together. */
const maxNames = 64;
/** In a large system each call means many answers: it is left in peace this much longer for each node, some 25 times what its answer costs. */
const restMs = 1;

export function newRoll({ ask, wanted, emit, refreshMs, onFailure }: RollOptions): Roll {
  const census = newCensus();
  /** The services that were asked for in full, when nothing was missed since. */
  let whole: ReadonlySet<string> | 'all' | undefined;
  let excusedUntil = 0;
  let nextFullAt = 0;
  let wishes = 0;
  let nap: AbortController | undefined;

  const isWanted = (name: string): boolean => wanted()?.has(name) !== false;

  const present = (key: string, record: ServiceRecord): void => {
    if (!isWanted(record.name)) return;
    const before = census.get(key)?.record;
    census.set(key, { record, missed: 0, spokeAt: performance.now() });
    if (before === undefined) emit({ action: 'create', service: record });
    else if (!same(before, record)) emit({ action: 'update', service: record });
  };

  const absent = (key: string, record: ServiceRecord): void => {
    census.delete(key);
    emit({ action: 'delete', service: record });
  };

  const askFor = async (names: readonly string[] | undefined, signal: AbortSignal): Promise<Nodes> => {
    if (names === undefined || names.length > maxNames) return await ask(undefined);
    const answers = new Map<string, ServiceRecord>();
    for (let first = 0; first < names.length && !signal.aborted; first += batch) {
      const nodes = await Promise.all(names.slice(first, first + batch).map(ask));
      for (const [key, record] of nodes.flatMap((each) => [...each])) answers.set(key, record);
    }
    return answers;
  };

  const compare = async (names: readonly string[] | undefined, signal: AbortSignal): Promise<void> => {
    const begunAt = performance.now();
    const answers = await askFor(names, signal);
    if (signal.aborted) return;
    // What a node announced meanwhile is newer than what it answered.
    for (const [key, record] of answers) if ((census.get(key)?.spokeAt ?? 0) < begunAt) present(key, record);
    const asked = new Set(names);
    for (const [key, { record, missed, spokeAt }] of census.entries()) {
      if (spokeAt >= begunAt || (names !== undefined && !asked.has(record.name))) continue;
      if (missed + 1 >= maxMissed && performance.now() >= excusedUntil) absent(key, record);
      else census.set(key, { record, missed: Math.min(missed + 1, maxMissed - 1), spokeAt });
    }
  };

  const callFully = async (signal: AbortSignal): Promise<void> => {
    const [wish, names] = [wishes, wanted()];
    await compare(names && [...names], signal);
    if (wish !== wishes || signal.aborted) return;
    whole = names ?? 'all';
    nextFullAt = performance.now() + Math.max(refreshMs, restMs * census.size);
  };

  const again = (): void => {
    const names = wanted();
    if (names !== undefined) census.keepOnly(names);
    whole = undefined;
    wishes += 1;
    nextFullAt = 0;
    nap?.abort();
  };

  return {
    announced: present,
    departed(key, record) {
      if (isWanted(record.name)) absent(key, census.get(key)?.record ?? record);
    },
    async call(signal) {
      const wake = (): void => nap?.abort();
      signal.addEventListener('abort', wake, { once: true });
      if (performance.now() >= excusedUntil) census.clear();
      again();
      while (!signal.aborted) {
        try {
          const suspects = census.suspects();
          const isDue = performance.now() >= nextFullAt || suspects.length === 0;
          await (isDue ? callFully(signal) : compare(suspects, signal));
        } catch (error) {
          if (!signal.aborted) onFailure(error);
        }
        if (signal.aborted) break;
        const shortMs = refreshMs / 5;
        const fullMs = Math.max(nextFullAt - performance.now(), shortMs);
        nap = new AbortController();
        await sleep(census.suspects().length > 0 ? Math.min(shortMs, fullMs) : fullMs, nap.signal);
      }
      signal.removeEventListener('abort', wake);
    },
    again,
    excuse() {
      excusedUntil = performance.now() + 2 * refreshMs;
      again();
    },
    forget() {
      census.clear();
      whole = undefined;
    },
    expected(name) {
      const isWhole = whole === 'all' || (name !== undefined && whole?.has(name) === true);
      return isWhole ? census.nodes(name) : undefined;
    },
    excused: (name) => (performance.now() < excusedUntil ? census.nodes(name) : new Map()),
  };
}
