import type { Log } from '../../../log/log.ts';
import { readWanted, type Wanted, writeWanted } from './address.ts';

/** Where the list of rooms survives a restart. An entry is an address, with a password after `?` where there is one. */
export interface Keep {
  load(): Promise<readonly string[]>;
  /** The whole list. */
  save(rooms: readonly string[]): Promise<void>;
}

/** The rooms that we were asked into, besides those of the configuration. */
export interface Kept {
  /** What was kept before; empty after the first success. */
  load(): Promise<readonly Wanted[]>;
  add(wanted: Wanted): void;
  remove(jid: string): void;
}

export function createKept(keep: Keep | undefined, log: Log): Kept {
  const rooms = new Map<string, Wanted>();
  /** Left while it was not known what had been kept. */
  const removed = new Set<string>();
  let loading: Promise<readonly Wanted[]> | undefined;
  let isLoaded = false;
  let isSaving = false;
  let isDirty = false;

  const save = async (): Promise<void> => {
    isDirty = true;
    // What could not be read must not be written over.
    if (keep === undefined || !isLoaded || isSaving) return;
    isSaving = true;
    while (isDirty) {
      isDirty = false;
      try {
        await keep.save([...rooms.values()].map(writeWanted));
      } catch (error) {
        log.warn('the list of rooms was not saved: after a restart we are not in all of them', { error });
      }
    }
    isSaving = false;
  };

  const load = async (): Promise<readonly Wanted[]> => {
    if (keep === undefined || isLoaded) return [];
    const lines = await keep.load();
    const before = lines.map((line) => readWanted(line, undefined)).filter((wanted) => wanted !== undefined);
    const found = before.filter(({ jid }) => !removed.has(jid) && !rooms.has(jid));
    const isChanged = found.length < lines.length || rooms.size > 0;
    for (const wanted of found) rooms.set(wanted.jid, wanted);
    isLoaded = true;
    removed.clear();
    if (isChanged) void save();
    return found;
  };

  return {
    async load() {
      loading ??= load();
      try {
        return await loading;
      } catch (error) {
        log.warn('the list of rooms could not be read: for now we are only in those of the configuration', { error });
        return [];
      } finally {
        loading = undefined;
      }
    },
    add(wanted) {
      const known = rooms.get(wanted.jid);
      if (known !== undefined && known.password === wanted.password) return;
      removed.delete(wanted.jid);
      rooms.set(wanted.jid, wanted);
      void save();
    },
    remove(jid) {
      if (!isLoaded) removed.add(jid);
      if (rooms.delete(jid)) void save();
    },
  };
}
