import type { Log } from '../../log/log.ts';
import { newComplaints } from '../complaints.ts';
import { newRecordReader } from '../record-fast.ts';
import type { Part } from '../record-lazy.ts';

/** Where the value of a key is: in a list, a piece of etcd's answer. */
export interface Entry {
  key(): Buffer;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** The record under a key, or undefined when nobody can read it, which is logged once a key. */
export type ReadEntry = (entry: Entry) => Part | undefined;

export function newEntryReader(log: Log): ReadEntry {
  const read = newRecordReader();
  const complain = newComplaints(log);

  const report = (key: Buffer, reason: string): undefined => {
    const name = key.toString();
    complain(name, 'an unreadable record in etcd is left out', { key: name, reason });
  };

  return (entry) => {
    try {
      const part = read(entry.bytes, entry.start, entry.end);
      return part.nodes.length > 0 ? part : report(entry.key(), 'The service record names no node');
    } catch (error) {
      return report(entry.key(), error instanceof Error ? error.message : String(error));
    }
  };
}

/** A key that came alone. */
export const entryOf = ({ key, value }: { readonly key: Buffer; readonly value: Buffer }): Entry => ({
  key: () => key,
  bytes: value,
  start: 0,
  end: value.length,
});
