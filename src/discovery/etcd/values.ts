import type { Log } from '../../log/log.ts';
import { newRecordReader } from '../record-fast.ts';
import type { ServiceRecord } from '../registry.ts';

/** What is under a key. */
export interface Pair {
  readonly key: Buffer;
  readonly value: Buffer;
}

/** The record under a key, or undefined when nobody can read it, which is logged once a key. */
export type ReadPair = (pair: Pair) => ServiceRecord | undefined;

/** Keys remembered as garbage. */
const maxGarbage = 1000;

export function newPairReader(log: Log): ReadPair {
  const read = newRecordReader();
  const garbage = new Set<string>();

  const report = (key: Buffer, reason: string): undefined => {
    const name = key.toString();
    if (garbage.has(name) || garbage.size >= maxGarbage) return;
    garbage.add(name);
    log.warn('an unreadable record in etcd is left out', { key: name, reason });
  };

  return ({ key, value }) => {
    try {
      const record = read(value);
      return record.nodes.length > 0 ? record : report(key, 'The service record names no node');
    } catch (error) {
      return report(key, error instanceof Error ? error.message : String(error));
    }
  };
}
