import type { RegistryEvent, ServiceRecord } from '../registry.ts';
import { WatchCancelled } from './failure.ts';
import type { Change } from './stream.ts';
import { entryOf, type ReadEntry } from './values.ts';

/** What a change means to those who watch; nothing when nobody can read the record. Throws `WatchCancelled` when etcd left out too much. */
export function eventsOf(change: Change, read: ReadEntry): readonly RegistryEvent[] {
  const { kind, pair, before } = change;
  switch (kind) {
    case 'put': {
      const service = read(entryOf(pair));
      if (service !== undefined) {
        return [{ action: pair.create_revision === pair.mod_revision ? 'create' : 'update', service }];
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

const left = (service: ServiceRecord | undefined): readonly RegistryEvent[] =>
  service === undefined ? [] : [{ action: 'delete', service }];
