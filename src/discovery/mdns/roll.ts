import { sleep } from '../../async/sleep.ts';
import type { RegistryEvent, ServiceRecord } from '../registry.ts';
import { same } from '../versions.ts';
import type { Lookup } from './lookup.ts';
import type { Sighting } from './sighting.ts';

/** The nodes that a watch knows of. It tells what changes, and calls the roll to find who is gone without a goodbye. */
export interface Roll {
  /** What a node said to everybody. */
  announced(sighting: Sighting): void;
  /** What a node answered to a question. */
  answered(sighting: Sighting): void;
  /** Starts with nobody known and calls the roll again and again until `signal` aborts. */
  call(signal: AbortSignal): Promise<void>;
}

export interface RollOptions {
  readonly lookup: Lookup;
  /** The services to keep up with; undefined means all. */
  readonly wanted: () => ReadonlySet<string> | undefined;
  readonly emit: (event: RegistryEvent) => void;
  readonly refreshMs: number;
  /** The network could not be asked: nobody counts as missing then. */
  readonly onFailure: (error: unknown) => void;
}

interface Known {
  readonly record: ServiceRecord;
  /** Calls in a row that it did not answer. */
  readonly missed: number;
}

const maxMissed = 3;
/** Services asked for at a time: the answers have to fit into a socket's buffer. */
const batch = 16;
/** An answer that was on its way when its node said something else to everybody must not undo that. */
const overtakenMs = 1000;

export function newRoll({ lookup, wanted, emit, refreshMs, onFailure }: RollOptions): Roll {
  const known = new Map<string, Known>();
  /** When an instance last spoke to everybody, if that is not long ago. */
  const spoke = new Map<string, number>();

  const present = ({ instance, record }: Sighting): void => {
    if (wanted()?.has(record.name) === false) return;
    const before = known.get(instance)?.record;
    known.set(instance, { record, missed: 0 });
    if (before === undefined) emit({ action: 'create', service: record });
    else if (!same(before, record)) emit({ action: 'update', service: record });
  };

  const absent = (instance: string, record: ServiceRecord): void => {
    known.delete(instance);
    if (wanted()?.has(record.name) === false) return;
    emit({ action: 'delete', service: record });
  };

  const missing = (asked: ReadonlySet<string>, there: ReadonlySet<string>): void => {
    for (const [instance, { record, missed }] of known) {
      if (!asked.has(record.name) || there.has(instance)) continue;
      if (missed + 1 >= maxMissed) absent(instance, record);
      else known.set(instance, { record, missed: missed + 1 });
    }
  };

  const callOnce = async (signal: AbortSignal): Promise<void> => {
    const names =
      wanted() ?? new Set([...(await lookup.services(true)), ...[...known.values()].map(({ record }) => record.name)]);
    const services = [...names];
    for (let first = 0; first < services.length && !signal.aborted; first += batch) {
      const asked = services.slice(first, first + batch);
      const found = await lookup.nodes(asked);
      if (!signal.aborted) missing(new Set(asked), new Set(found.map(({ instance }) => instance)));
    }
  };

  const forgetWhoSpoke = (): void => {
    for (const [instance, at] of spoke) if (Date.now() - at > overtakenMs) spoke.delete(instance);
  };

  return {
    announced(sighting) {
      const { instance, record, gone } = sighting;
      spoke.set(instance, Date.now());
      if (gone) absent(instance, known.get(instance)?.record ?? record);
      else present(sighting);
    },
    answered(sighting) {
      const { instance, gone } = sighting;
      if (!gone && Date.now() - (spoke.get(instance) ?? 0) > overtakenMs) present(sighting);
    },
    async call(signal) {
      known.clear();
      spoke.clear();
      while (!signal.aborted) {
        await callOnce(signal).catch(onFailure);
        forgetWhoSpoke();
        const suspects = [...known.values()].some(({ missed }) => missed > 0);
        await sleep(suspects ? refreshMs / 10 : refreshMs, signal);
      }
    },
  };
}
