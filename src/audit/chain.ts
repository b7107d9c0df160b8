import { type Head, intactHash, noHead } from './line.ts';
import { type Glance, glance } from './record.ts';

export type BreakKind =
  /** A record is not what was written. */
  | 'changed'
  /** Records were taken out. */
  | 'missing'
  /** A record is there that does not belong there. */
  | 'inserted'
  /** A record stands elsewhere than where it was written. */
  | 'moved'
  /** A line is no record. */
  | 'unreadable'
  /** Questions do not find a record: what the database notes about it besides is not there. */
  | 'unindexed';

/** A place where the audit is not what the bot wrote. */
export interface Break {
  readonly kind: BreakKind;
  readonly file: string;
  readonly line: number;
  /** Of the record at that place; of the first that is missing; 0 when there is none. */
  readonly seq: number;
  /** How many records, when several in a row are missing. */
  readonly count: number;
}

/** Records from `from` to `to` have not been seen so far. */
interface Gap {
  readonly from: number;
  readonly to: number;
  readonly file: string;
  readonly line: number;
}

interface Place {
  readonly file: string;
  readonly line: number;
}

/** Follows the hash chain through all lines, oldest first. */
export interface Chain {
  /** What the line is; undefined when it is no record. */
  take(file: string, line: number, text: string): Glance | undefined;
  /** The end of the chain so far. */
  readonly head: Head;
  /** Records that were read. */
  readonly count: number;
  /** What is wrong, once all lines were taken. */
  breaks(): readonly Break[];
}

/** So many of each sort are told at most. */
export const maxBreaks = 1_000;
/** So many of those that did not fit are remembered, because a later record may tell that another did not. */
const maxStrays = 64;

/** A record that was ahead of its turn, and where the chain was before. */
interface Jump {
  readonly before: Head;
  readonly last: Place;
  readonly gap: Gap;
}

/** `before`: the record that the first line is chained to. Absent: whatever it names, unless it says that it is the first of all. */
export function createChain(before?: Head): Chain {
  let head = before;
  let last: Place = { file: '', line: 0 };
  let count = 0;
  let breaks: Break[] = [];
  let gaps: Gap[] = [];
  /** By their hash. */
  const strays = new Map<string, Break>();
  let jump: Jump | undefined;
  /** Lines that are no records, since the last that was one. */
  let unreadable = 0;

  const tell = (kind: BreakKind, { file, line }: Place, seq: number): Break | undefined => {
    const again = breaks.at(-1);
    if (breaks.length >= maxBreaks || (again?.file === file && again.line === line)) return undefined;
    const told: Break = { kind, file, line, seq, count: 1 };
    breaks.push(told);
    return told;
  };

  /** True when the record was missing so far. */
  const fillGap = (seq: number): boolean => {
    const gap = gaps.find(({ from, to }) => seq >= from && seq <= to);
    if (gap === undefined) return false;
    const { from, to } = gap;
    const left = [
      { ...gap, to: seq - 1 },
      { ...gap, from: seq + 1 },
    ].filter((each) => each.from <= each.to && each.from >= from && each.to <= to);
    gaps = gaps.flatMap((each) => (each === gap ? left : [each]));
    return true;
  };

  /** The chain goes on from before the record that was ahead of its turn: it did not belong there. */
  const undoJump = ({ seq, previous }: Glance, made: Jump): Head | undefined => {
    if (seq !== made.before.seq + 1 || previous !== made.before.hash) return undefined;
    gaps = gaps.filter((gap) => gap !== made.gap);
    tell('inserted', last, head?.seq ?? 0);
    last = made.last;
    return made.before;
  };

  /** The chain goes on from a record that was taken for a stray: then the one that stands before it is. */
  const turnsOut = ({ seq, previous }: Glance): boolean => {
    const stray = strays.get(previous);
    if (stray?.seq !== seq - 1) return false;
    strays.delete(previous);
    breaks = breaks.map((each) => (each === stray ? { ...stray, ...last } : each));
    return true;
  };

  const follow = (record: Glance, place: Place, from: Head): void => {
    const made = jump;
    jump = undefined;
    const current = (made === undefined ? undefined : undoJump(record, made)) ?? from;
    const { seq, previous, hash } = record;
    if (seq <= current.seq) {
      const isMoved = fillGap(seq);
      const stray = tell(isMoved ? 'moved' : 'inserted', place, seq);
      if (!isMoved && stray !== undefined && strays.size < maxStrays) strays.set(hash, stray);
      return;
    }
    const absent = seq - current.seq - 1;
    if (absent > 0 && absent !== unreadable && gaps.length < maxBreaks) {
      const gap = { from: current.seq + 1, to: seq - 1, ...place };
      gaps.push(gap);
      jump = { before: current, last, gap };
    } else if (absent === 0 && previous !== current.hash && !turnsOut(record)) {
      // The record itself is as it was written: the one before it is another than it was.
      tell('changed', last, current.seq);
    }
    head = { seq, hash };
    last = place;
  };

  return {
    take(file, line, text) {
      const record = glance(text);
      const place: Place = { file, line };
      if (record === undefined) {
        tell('unreadable', place, 0);
        unreadable += 1;
        return undefined;
      }
      count += 1;
      const isIntact = intactHash(text) !== undefined;
      if (!isIntact) tell('changed', place, head === undefined ? record.seq : head.seq + 1);
      const isFirst = head === undefined;
      // What was changed may say anything of itself: where it stands is what counts.
      if (head !== undefined)
        follow(isIntact ? record : { ...record, seq: head.seq + 1, previous: head.hash }, place, head);
      else if (record.seq === 1 && record.previous !== noHead.hash) tell('changed', place, 1);
      if (isFirst) {
        head = { seq: record.seq, hash: record.hash };
        last = place;
      }
      unreadable = 0;
      return record;
    },
    get head() {
      return head ?? noHead;
    },
    get count() {
      return count;
    },
    breaks() {
      const told = breaks.map((each) =>
        each.kind === 'inserted' && fillGap(each.seq) ? { ...each, kind: 'moved' as const } : each,
      );
      const missing = gaps.map(
        ({ from, to, file, line }): Break => ({ kind: 'missing', file, line, seq: from, count: to - from + 1 }),
      );
      return [...told, ...missing];
    },
  };
}
