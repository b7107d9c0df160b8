import { type Resolvers, withResolvers } from '../async/queue.ts';
import type { Log } from '../log/log.ts';
import { AuditError, type AuditEvent } from './audit.ts';
import { numberOf } from './inspect.ts';
import { type Head, recordLine } from './line.ts';
import { continued, meddled, outageOver, removed } from './notes.ts';
import type { Store } from './store.ts';

export interface WriterOptions {
  readonly store: Store;
  /** The last record there is. */
  readonly head: Head;
  readonly lastId: number;
  /** Ids of what began and has not ended. */
  readonly running: Iterable<string>;
  readonly log: Log;
  readonly now: () => number;
}

/** Writes events down as records, all that come in one turn of the event loop with one write. */
export interface Writer {
  write(event: AuditEvent): Promise<void>;
  readonly head: Head;
  readonly outage: { readonly since: number; readonly reason: string } | undefined;
  /** Writes what waits, takes nothing more. */
  close(): Promise<void>;
}

interface Entry {
  readonly event: AuditEvent;
  readonly at: number;
}

interface Batch extends Resolvers<void> {
  readonly entries: Entry[];
}

/** More than this would hold up everything else for too long. */
const maxBatch = 512;
/** What waits for a slow disk takes memory. Ends of what began are taken beyond it: there can't be many. */
const maxWaiting = 20_000;
const syncMs = 1_000;
/** Nobody knows by then whether the disk is there. */
const slowMs = 10_000;
const minRetryMs = 100;
const maxRetryMs = 5_000;

export function createWriter({ store, log, now, ...from }: WriterOptions): Writer {
  let { head, lastId } = from;
  const running = new Set(from.running);
  const queue: Batch[] = [];
  let waiting = 0;
  let work: Promise<void> | undefined;
  let isClosed = false;
  let isLookDue = false;
  let syncTimer: NodeJS.Timeout | undefined;
  let syncing: Promise<void> | undefined;
  let outage: Writer['outage'];
  let retryTimer: NodeJS.Timeout | undefined;
  let retryMs = minRetryMs;
  let retryAt = 0;
  /** Ends that could not be written down. What began must end in the audit. */
  let kept: Entry[] = [];
  let lost = 0;
  /** What the audit has to say about itself before the next record. */
  let due: AuditEvent[] = [];
  let isRotationBroken = false;
  const isoOf = createIso();

  const unavailable = (reason: string, cause?: unknown): AuditError =>
    new AuditError('unavailable', `the audit cannot be written: ${reason}`, { cause });

  const refuse = (entry: Entry): void => {
    if (entry.event.kind === 'ended' && running.has(entry.event.id)) kept.push(entry);
    else lost += 1;
  };

  const fail = (batch: Batch, error: unknown): void => {
    const reason = error instanceof Error ? error.message : String(error);
    for (const entry of batch.entries) refuse(entry);
    if (outage === undefined) {
      outage = { since: now(), reason };
      retryMs = minRetryMs;
      log.error('nothing can be recorded in the audit: what changes something is refused', { error });
    }
    retryAt = performance.now() + retryMs;
    clearTimeout(retryTimer);
    if (!isClosed) retryTimer = setTimeout(again, retryMs).unref();
    retryMs = Math.min(retryMs * 2, maxRetryMs);
    batch.reject(unavailable(reason, error));
  };

  const recovered = (before: NonNullable<Writer['outage']>): void => {
    log.info('the audit is written again', { since: isoOf(before.since), lost });
    outage = undefined;
    kept = [];
    lost = 0;
    clearTimeout(retryTimer);
  };

  /** Looks after the file before something is written to it. */
  const attend = async (): Promise<void> => {
    if (isLookDue) {
      isLookDue = false;
      const how = await store.look();
      if (how !== undefined) {
        log.error('somebody else changed the file of the audit', { how });
        due.push(meddled(how));
      }
    }
    if (store.isFull) await rotate();
  };

  const rotate = async (): Promise<void> => {
    try {
      const gone = await store.rotate();
      isRotationBroken = false;
      due.push(continued(running, lastId), ...gone.map(({ file, upTo }) => removed(file, upTo)));
    } catch (error) {
      if (!isRotationBroken) log.error('the full file of the audit cannot be put aside: it grows on', { error });
      isRotationBroken = true;
    }
  };

  const commit = async (batch: Batch): Promise<void> => {
    const before = outage;
    try {
      await attend();
      const at = now();
      const over = before === undefined ? [] : [outageOver(isoOf(before.since), before.reason, lost)];
      const notes = [...due, ...over].map((event): Entry => ({ event, at }));
      const entries = notes.length + kept.length === 0 ? batch.entries : [...notes, ...kept, ...batch.entries];
      if (entries.length > 0) {
        let [text, end] = ['', head];
        for (const entry of entries) {
          const line = recordLine(entry.event, end, isoOf(entry.at));
          text += line.text + '\n';
          end = line;
        }
        await store.append(text);
        head = { seq: end.seq, hash: end.hash };
        due = [];
        for (const { event } of entries) note(event);
        syncTimer ??= setTimeout(sync, syncMs).unref();
      }
      if (before !== undefined) recovered(before);
      batch.resolve();
    } catch (error) {
      fail(batch, error);
    }
  };

  const note = (event: AuditEvent): void => {
    if (event.kind === 'started') running.add(event.id);
    else if (event.kind === 'ended') running.delete(event.id);
    if (event.kind === 'started' || event.kind === 'denied') lastId = Math.max(lastId, numberOf(event.id));
  };

  const sync = (): void => {
    syncTimer = undefined;
    // A disk that hangs takes one of the few threads that all files share, not all of them.
    if (syncing !== undefined) return;
    isLookDue = true;
    syncing = syncNow();
    again();
  };

  const syncNow = async (): Promise<void> => {
    const slow = setTimeout(
      () => log.error('the disk of the audit does not answer', { forMs: slowMs }),
      slowMs,
    ).unref();
    const before = head;
    try {
      await store.sync();
    } catch (error) {
      if (!isClosed) fail(newBatch(), error);
    }
    clearTimeout(slow);
    syncing = undefined;
    // What came meanwhile wants to be there, too.
    if (head !== before && !isClosed) syncTimer ??= setTimeout(sync, syncMs).unref();
  };

  /** Lets the writer look after what is due, also when nobody writes. */
  const again = (): void => {
    if (queue.length === 0) queue.push(newBatch());
    begin();
  };

  const begin = (): void => {
    work ??= new Promise<void>((resolve) => setImmediate(resolve)).then(async () => {
      for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
        waiting -= batch.entries.length;
        await commit(batch);
        // What is written because of it comes into the next one together.
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
      work = undefined;
    });
  };

  return {
    write(event) {
      const entry: Entry = { event, at: now() };
      if (isClosed) return Promise.reject(unavailable('it is closed'));
      if (outage !== undefined && performance.now() < retryAt) {
        refuse(entry);
        return Promise.reject(unavailable(outage.reason));
      }
      if (waiting >= maxWaiting && event.kind !== 'ended') {
        return Promise.reject(unavailable(`${maxWaiting} records wait already`));
      }
      let batch = queue.at(-1);
      if (batch === undefined || batch.entries.length >= maxBatch) {
        batch = newBatch();
        queue.push(batch);
      }
      batch.entries.push(entry);
      waiting += 1;
      begin();
      return batch.promise;
    },
    get head() {
      return head;
    },
    get outage() {
      return outage;
    },
    async close() {
      isClosed = true;
      if (outage !== undefined) again();
      await work;
      clearTimeout(syncTimer);
      clearTimeout(retryTimer);
      if (outage === undefined) await store.sync();
    },
  };
}

function newBatch(): Batch {
  const made = { entries: [], ...withResolvers<void>() };
  // Whoever wrote hears of it; nobody else has to.
  made.promise.catch(() => {});
  return made;
}

/** RFC 3339, in UTC. Many records have the same millisecond. */
function createIso(): (epochMs: number) => string {
  let last = Number.NaN;
  let text = '';
  return (epochMs) => {
    if (epochMs !== last) {
      last = epochMs;
      text = new Date(epochMs).toISOString();
    }
    return text;
  };
}
