import { type Part, recordOf } from '../record-lazy.ts';
import type { RegistryEvent } from '../registry.ts';
import { WatchCancelled } from './failure.ts';
import type { Change } from './stream.ts';
import { entryOf, type ReadEntry } from './values.ts';

/** What a change means to those who watch; nothing when nobody can read the record. Throws `WatchCancelled` when etcd left out too much. */
export function eventsOf(change: Change, read: ReadEntry): readonly RegistryEvent[] {
  const { kind, pair, before } = change;
  switch (kind) {
    case 'put': {
      const part = read(entryOf(pair));
      if (part !== undefined) {
        const action = pair.create_revision === pair.mod_revision ? 'create' : 'update';
        return [{ action, service: recordOf(part) }];
      }
      // Somebody wrote garbage over a record: its node is in no list any more.
      return before === undefined ? [] : left(read(entryOf(before)));
    }
    case 'delete':
      if (before === undefined) throw new WatchCancelled('etcd has forgotten who left');
      return left(read(entryOf(before)));
    default:
      return kind satisfies never;
  }
}

const left = (part: Part | undefined): readonly RegistryEvent[] =>
  part === undefined ? [] : [{ action: 'delete', service: recordOf(part) }];
