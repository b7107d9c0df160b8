import { AuditError } from '../audit.ts';
import { glance } from '../record.ts';
import type { Store } from '../store.ts';
import { type Database, openDatabase, readable } from './database.ts';
import { claim, identityOf, logBytes, lookInto, noteSynced, syncLogs, tryRoom } from './directory.ts';
import { keysOf } from './deletion.ts';
import type { Indexed, Operation } from './indexed.ts';
import type { KeyRange } from './key.ts';
import { placeOf, recordKey } from './key.ts';
import { createRetention, type RetentionOptions } from './retention.ts';

/** The database that is written to. */
export interface LevelStore extends Store {
  /** Reads in the database, also while it cannot be written. Once more, when it was opened anew meanwhile. */
  reading<T>(work: (db: Database) => Promise<T>): Promise<T>;
}

export interface LevelStoreOptions extends RetentionOptions {
  readonly directory: string;
  /** Open, and an audit's. */
  readonly db: Database;
  readonly indexed: Indexed;
  /** The place of the newest record. */
  readonly last: number;
}

/** So often is read anew what was interrupted. */
const maxTries = 3;
/** Beside what is in no table yet: lists and notes of its own. */
const ownBytes = 65_536;
/** Keys behind this are far more than there will be places. */
const farAway = recordKey(Number.MAX_SAFE_INTEGER);

const none = { upTo: 0, operations: [] };

export async function openLevelStore({
  directory,
  indexed,
  keep,
  maxBytes,
  ...from
}: LevelStoreOptions): Promise<LevelStore> {
  let { db, last } = from;
  let identity = await identityOf(directory);
  let retention = await createRetention(db, { keep, maxBytes });
  /** Behind a write that failed, LevelDB may put what comes next where it will not be found again: it has to be opened anew first. */
  let isDirty = false;
  let isClosed = false;
  let opening: Promise<void> | undefined;

  const open = async (): Promise<void> => {
    // When it cannot be opened again, nobody can read either: it stays open until there is room.
    await tryRoom(directory, 2 * (await logBytes(directory)) + ownBytes);
    await db.close();
    db = await openDatabase(directory);
    await cutBack();
    isDirty = false;
  };
  const reopen = (): Promise<void> =>
    (opening ??= open().finally(() => {
      opening = undefined;
    }));

  /** What nobody was told to be written is not to be there. */
  const cutBack = async (): Promise<void> => {
    const range: KeyRange = { gte: recordKey(last + 1), lt: farAway };
    const found = await db.iterator(range).all();
    if (found.length === 0) return;
    const lines = found.filter(([key], index) => placeOf(key) === last + 1 + index).map(([, line]) => line);
    const odd = found.slice(lines.length).map(([key]): Operation => ({ type: 'del', key }));
    await db.batch([...indexed.undo(lines, last), ...odd]);
  };

  /** Somebody took the directory away: what is written to it now would be found by nobody. */
  let isLost = false;

  /** We go on in the directory that is there now: in a new database, or in ours, when it came back. */
  const moveOver = async (): Promise<void> => {
    const found = await lookInto(directory);
    if (found === 'nothing') await claim(directory);
    else if ((await identityOf(directory)) !== identity) {
      throw new AuditError('broken', `another audit stands in ${directory} now: nothing is written to it`);
    }
    await db.close();
    db = await openDatabase(directory);
    identity = await identityOf(directory);
    retention = await createRetention(db, { keep, maxBytes });
    isLost = false;
    isDirty = false;
  };

  /** One block at a time goes, so that nobody waits long for it. What cannot be read stays. */
  const deletion = async (): Promise<{ readonly upTo: number; readonly operations: readonly Operation[] }> => {
    const { due } = retention;
    if (due === undefined) return { upTo: 0, operations: [] };
    const keys = await keysOf(db, due, last).catch((): readonly string[] => []);
    return { upTo: due.last, operations: [...keys].map((key): Operation => ({ type: 'del', key })) };
  };

  /** LevelDB itself would give the room back at some time or other. */
  const giveRoom = (upTo: number): void => {
    db.compactRange(recordKey(0), recordKey(upTo)).catch(() => {});
  };

  /** One after the other: what is noted last is to be the newest. */
  const syncAll = async (before: Promise<void> | undefined): Promise<void> => {
    await before?.catch(() => {});
    const place = last;
    await syncLogs(directory);
    if (!isLost) await noteSynced(directory, place);
  };
  let syncing: Promise<void> | undefined;

  return {
    async append(text) {
      if (isLost) await moveOver();
      // There may be no room for more than what was to be written.
      const isSpare = !isDirty && db.status === 'open';
      if (!isSpare) await reopen();
      const { upTo, operations } = isSpare ? await deletion() : none;
      const lines = text.split('\n').slice(0, -1);
      const change = indexed.add(lines, last, upTo);
      isDirty = true;
      await db.batch([...operations, ...change.operations]).catch((error: unknown) => {
        throw readable(directory, error);
      });
      isDirty = false;
      change.done();
      last += lines.length;
      if (upTo > 0) retention.deleted();
      retention.released();
      retention.add(change.blocks);
      if (upTo > 0 && retention.due === undefined) giveRoom(upTo);
    },
    sync: () => (syncing = syncAll(syncing)),
    async look() {
      const now = await identityOf(directory);
      if (now === identity && now !== undefined) return undefined;
      isLost = true;
      return now === undefined ? 'removed' : 'replaced';
    },
    get isFull() {
      return retention.isOver && !isDirty && !isLost && db.status === 'open';
    },
    async rotate() {
      const upTo = retention.excess.at(-1)?.last;
      if (upTo === undefined) return [];
      const seq = glance((await db.get(recordKey(upTo))) ?? '')?.seq ?? upTo;
      retention.release();
      return [{ file: directory, upTo: seq }];
    },
    async reading(work) {
      for (let tries = 1; ; tries += 1) {
        await opening?.catch(() => {});
        if (isClosed) throw new AuditError('unavailable', 'the audit cannot be read: it is closed');
        if (db.status !== 'open') await reopen();
        const used = db;
        try {
          return await work(used);
        } catch (error) {
          const isInterrupted = (used !== db || used.status !== 'open') && !isClosed;
          if (!isInterrupted || tries >= maxTries) throw readable(directory, error);
        }
      }
    },
    async close() {
      isClosed = true;
      await opening?.catch(() => {});
      await syncing?.catch(() => {});
      await db.close();
    },
  };
}
