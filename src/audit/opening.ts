import type { Log } from '../log/log.ts';
import type { Lock } from '../state/lock.ts';
import { AuditError, type AuditEvent } from './audit.ts';
import type { Found } from './inspect.ts';
import type { KeptAudit } from './kept.ts';
import type { Started } from './match.ts';
import { broken, continued, torn } from './notes.ts';
import type { Store } from './store.ts';
import { createWriter } from './writer.ts';

/** What an audit is gone on with. */
export interface Opening<S extends Store> extends Pick<KeptAudit, 'find' | 'verify'> {
  readonly found: Found;
  /** Closed with the audit, or when it cannot be begun. */
  readonly store: S;
  /** More to be written down at first. */
  readonly also?: readonly AuditEvent[];
  /** Released when the audit was closed; when it cannot be begun, it stays its owner's. */
  readonly lock: Lock;
  /** For people: the file, or the directory. */
  readonly path: string;
  readonly log: Log;
  readonly now: () => number;
}

/** Goes on with what was found: says what is wrong, and writes down that what ran when the bot went down has ended as `unknown`. */
export async function goOn<S extends Store>(opening: Opening<S>): Promise<KeptAudit> {
  const { found, store, also = [], lock, path, log, now, find, verify } = opening;
  tell(found, path, log);
  const writer = createWriter({ ...found, running: found.running.keys(), store, log, now });
  try {
    await Promise.all([...also, ...firstEvents(found)].map((event) => writer.write(event)));
  } catch (error) {
    await writer.close().catch(() => {});
    await store.close();
    throw error;
  }
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    try {
      await writer.close();
    } finally {
      await store.close();
      await lock.release();
    }
  };
  return {
    unfinished: [...found.running.values()].filter((each): each is Started => each !== undefined),
    lastId: found.lastId,
    get head() {
      return writer.head;
    },
    get outage() {
      return writer.outage;
    },
    write: (event) => writer.write(event),
    find,
    verify,
    close: () => (closing ??= close()),
  };
}

/** Somebody else has the audit at `path`. */
export const inUse = (path: string, pid: number | undefined): AuditError =>
  new AuditError('in_use', `${path} is written to by ${pid === undefined ? 'another process' : `the process ${pid}`}`);

/** Whatever goes wrong is an `AuditError`. */
export async function orUnavailable<T>(work: () => Promise<T>, path: string): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AuditError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AuditError('unavailable', `${path} cannot be used as the audit: ${reason}`, { cause: error });
  }
}

function firstEvents(found: Found): readonly AuditEvent[] {
  return [
    ...(found.isNext ? [continued(found.running.keys(), found.lastId)] : []),
    ...(found.torn === undefined ? [] : [torn(found.torn.kept, found.torn.bytes)]),
    ...found.breaks.map(broken),
    ...[...found.running.keys()].map((id): AuditEvent => ({ kind: 'ended', id, outcome: 'unknown', durationMs: 0 })),
  ];
}

function tell({ torn: aside, breaks, running }: Found, path: string, log: Log): void {
  if (aside !== undefined) log.warn('the last line of the audit was not whole: it was put aside', { ...aside });
  for (const { kind, line, seq } of breaks.slice(0, 10)) {
    log.error('somebody changed the audit', { path, how: kind, line, seq });
  }
  if (running.size > 0) {
    log.warn('it is not known what became of what ran when the bot went down', { ids: [...running.keys()].join(' ') });
  }
}
