import { plainRecord } from '../record-plain.ts';
import type { Names } from './names.ts';
import type { Packet } from './packet.ts';
import { type Sighting, sightings } from './sighting.ts';
import type { Parse } from './text.ts';

/**
 * Reads packets. Records as go-micro writes them are read at once; others are checked by a library that takes a tenth of a second to load, which
 * happens when the first of them arrives.
 */
export interface Reader {
  /** The nodes that a packet speaks of. Those that have to wait for the library go to `later`. */
  read(packet: Packet, later: (nodes: readonly Sighting[]) => void): readonly Sighting[];
  /** Resolves when nothing waits any more. */
  allRead(): Promise<void>;
}

/** `onGarbage` hears of each record that cannot be read. */
export function newReader(names: Names, onGarbage: (instance: string, error: unknown) => void): Reader {
  let parse: Parse | undefined;
  let loading: Promise<void> | undefined;

  const load = async (): Promise<void> => {
    try {
      parse = (await import('../record.ts')).parseRecord;
    } catch (error) {
      parse = () => {
        throw error;
      };
    }
  };

  const read: Reader['read'] = (packet, later) => {
    const check = parse;
    if (check !== undefined) return sightings(packet, names, (json) => plainRecord(json) ?? check(json), onGarbage);
    const waiting = new Set<string>();
    const nodes = sightings(packet, names, plainOnly, (instance, error) => {
      if (error === notYet) waiting.add(instance);
      else onGarbage(instance, error);
    });
    if (waiting.size > 0) {
      loading ??= load();
      void loading.then(() => later(read(packet, later).filter(({ instance }) => waiting.has(instance))));
    }
    return nodes;
  };

  return { read, allRead: async () => await loading };
}

const notYet = new Error('the library is not loaded');

const plainOnly: Parse = (json) => {
  const record = plainRecord(json);
  if (record === undefined) throw notYet;
  return record;
};
