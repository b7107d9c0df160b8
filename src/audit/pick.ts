import type { AuditFilter, AuditRecord } from './audit.ts';
import { type Ended, invocationFits, recordFits } from './match.ts';
import { type Glance, glance, readRecord } from './record.ts';

/** Picks the newest records that fit out of all, whose lines it is given from the newest to the oldest. */
export interface Pick {
  /** False: no older record can matter any more. What is no record is passed over. */
  take(line: string): boolean;
  /** Oldest first. */
  result(): readonly AuditRecord[];
}

/** Of an invocation whose beginning has not come yet. */
interface Open {
  readonly seq: number;
  readonly at: string;
  readonly line: string;
}

/** Clocks are set back now and then: what is older than this before `since` was not after it. */
const clockSlackMs = 24 * 3_600_000;

export function createPick(filter: AuditFilter, most: number): Pick {
  /** Newest first. */
  const fitting: AuditRecord[] = [];
  const open = new Map<string, Open>();
  const oldest = filter.since === undefined ? undefined : filter.since - clockSlackMs;
  const isHopeless = createGuess(filter);

  const put = (record: AuditRecord): void => {
    let at = fitting.length;
    while (at > 0 && (fitting[at - 1]?.seq ?? 0) < record.seq) at -= 1;
    if (at >= most) return;
    fitting.splice(at, 0, record);
    if (fitting.length > most) fitting.pop();
  };

  const addInvocation = (id: string, line: string): void => {
    const end = open.get(id);
    open.delete(id);
    if (isHopeless(line)) return;
    const started = readRecord(line);
    if (started?.kind !== 'started') return;
    const ended = end === undefined ? undefined : endedOf(end.line);
    if (!invocationFits(filter, started, ended)) return;
    if (ended !== undefined) put(ended);
    put(started);
  };

  const add = ({ seq, at, kind, id }: Glance, line: string): void => {
    if (kind === 'ended' && id !== undefined) {
      open.set(id, { seq, at, line });
    } else if (kind === 'started' && id !== undefined) {
      addInvocation(id, line);
    } else if (!isHopeless(line)) {
      const record = readRecord(line);
      if ((record?.kind === 'denied' || record?.kind === 'note') && recordFits(filter, record)) put(record);
    }
  };

  /** An invocation whose beginning is further back may still fit. */
  const mayFit = ({ seq, at }: Open): boolean =>
    (fitting.length < most || seq > (fitting.at(-1)?.seq ?? 0)) && (oldest === undefined || Date.parse(at) >= oldest);

  const isDone = (at: string): boolean => {
    const isTooOld = oldest !== undefined && Date.parse(at) < oldest;
    if (fitting.length < most && !isTooOld) return false;
    for (const end of open.values()) if (mayFit(end)) return false;
    return true;
  };

  return {
    take(line) {
      const seen = glance(line);
      if (seen === undefined) return true;
      add(seen, line);
      return !isDone(seen.at);
    },
    result() {
      // Their beginnings are no longer kept.
      for (const { line } of open.values()) {
        const ended = endedOf(line);
        if (ended !== undefined && invocationFits(filter, undefined, ended)) put(ended);
      }
      open.clear();
      return fitting.toReversed();
    },
  };
}

/** True for the line of a beginning, a denial or a note that cannot fit: most are told so without being read. */
function createGuess({ person, command, room, service, id }: AuditFilter): (line: string) => boolean {
  const wanted = { person, command, room, service, id };
  const needles = Object.values(wanted)
    .filter((value) => value !== undefined)
    // With anything else in it, it may be written in several ways.
    .filter((value) => /^[\w.:@#-]+$/.test(value))
    .map((value) => `"${value}"`);
  return (line) => !needles.every((needle) => line.includes(needle));
}

const endedOf = (line: string): Ended | undefined => {
  const record = readRecord(line);
  return record?.kind === 'ended' ? record : undefined;
};
