import { AuditError } from './audit.ts';
import type { KeptAudit } from './kept.ts';
import { type Line, noHead, recordLine } from './line.ts';
import { createPick } from './pick.ts';
import { createCheck } from './verify.ts';

export interface MemoryAuditOptions {
  /** How many records are remembered; the oldest are forgotten first. Default 10,000. */
  readonly most?: number;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** An audit that lasts as long as this process: for programs that keep none, and for tests. */
export function memoryAudit(options: MemoryAuditOptions = {}): KeptAudit {
  const { most = 10_000, now = Date.now } = options;
  let lines: Line[] = [];
  let head: Line = { ...noHead, text: '' };
  let isClosed = false;
  return {
    unfinished: [],
    lastId: 0,
    get head() {
      return { seq: head.seq, hash: head.hash };
    },
    async write(event) {
      if (isClosed) throw new AuditError('unavailable', 'the audit cannot be written: it is closed');
      head = recordLine(event, head, new Date(now()).toISOString());
      lines.push(head);
      // Not at each record: that would move all of them each time.
      if (lines.length >= 2 * most) lines = lines.slice(-most);
    },
    async find(filter, count) {
      const pick = createPick(filter, count);
      for (let index = lines.length - 1; index >= Math.max(0, lines.length - most); index -= 1) {
        if (!pick.take(lines[index]?.text ?? '')) break;
      }
      return pick.result();
    },
    async verify(hash) {
      const check = createCheck(hash);
      const kept = lines.slice(-most);
      const forgotten = (kept[0]?.seq ?? 1) - 1;
      check.forgotten(forgotten);
      for (const { text, seq } of kept) check.take('memory', seq, text);
      return check.report('memory');
    },
    async close() {
      isClosed = true;
    },
  };
}
