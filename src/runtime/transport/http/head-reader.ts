import { lengthOf } from './framing.ts';
import type { Head, Kind, Line } from './head.ts';
import { lineEnd, readHead, valueOf } from './head.ts';
import type { Limits } from './limits.ts';

/** Longer heads are not remembered: every open connection keeps one. */
const maxRememberedChars = 4096;

/** A run of lines that never changed so far, or one line whose value did. */
type Segment = { readonly kind: 'same'; readonly text: string } | { readonly kind: 'varying'; readonly line: Line };

/** The last head, cut into segments. */
interface Memory {
  readonly lines: readonly Line[];
  readonly varying: ReadonlySet<number>;
  readonly segments: readonly Segment[];
  /** Its headers are never handed out themselves. */
  readonly head: Head;
}

/**
 * Reads the heads of one connection. They are nearly always alike: the same names in the same order, and most values, too. So runs of
 * lines are compared with those that stood there before, and only what is known to vary is read.
 */
export class HeadReader {
  readonly #kind: Kind;
  readonly #limits: Limits;
  #memory: Memory | undefined;

  constructor(kind: Kind, limits: Limits) {
    this.#kind = kind;
    this.#limits = limits;
  }

  /** As `readHead`. */
  read(text: string, from: number, raw: boolean): Head | undefined {
    const alike = this.#memory === undefined ? undefined : this.#readAlike(this.#memory, text, from, raw);
    return alike ?? this.#readNew(text, from, raw);
  }

  /** Undefined when the head is not alike, or not complete: `readNew` has the last word then. */
  #readAlike({ segments, head }: Memory, text: string, from: number, raw: boolean): Head | undefined {
    let at = from;
    for (const segment of segments) {
      if (segment.kind === 'same') {
        if (!hasAt(text, segment.text, at)) return undefined;
        at += segment.text.length;
      } else {
        const { start, role, name, isKept } = segment.line;
        if (!hasAt(text, start, at)) return undefined;
        const end = lineEnd(text, at);
        if (end === -1) return undefined;
        const value = valueOf(text, at + start.length, end, raw);
        if (role === 'length') head.framing = lengthOf(value, this.#limits);
        else if (isKept) head.headers[name] = value;
        at = end + 2;
      }
    }
    const { headers, framing, status, isLast, expectsContinue } = head;
    return { headers: { ...headers }, framing, end: at, status, isLast, expectsContinue };
  }

  #readNew(text: string, from: number, raw: boolean): Head | undefined {
    const lines: Line[] = [];
    const head = readHead(text, from, raw, this.#kind, this.#limits, lines);
    if (head !== undefined) this.#memory = remember(text.slice(from, head.end), lines, head, this.#memory);
    return head;
  }
}

/** Comparing a slice is several times as fast as `startsWith`, which goes character by character. */
const hasAt = (text: string, part: string, at: number): boolean => text.slice(at, at + part.length) === part;

function remember(text: string, lines: readonly Line[], head: Head, last: Memory | undefined): Memory | undefined {
  const lengths = lines.filter((line) => line.role === 'length').length;
  if ((head.status !== 0 && head.status !== 200) || lengths > 1 || text.length > maxRememberedChars) return undefined;
  const varying = last === undefined ? new Set<number>() : differing(lines, last);
  return { lines, varying, segments: cut(text, lines, varying), head: { ...head, headers: { ...head.headers } } };
}

/** Which lines differ, now or earlier, from head to head. Only values that mean nothing but themselves may. */
function differing(lines: readonly Line[], last: Memory): ReadonlySet<number> {
  const isAlike = lines.length === last.lines.length && lines.every((line, at) => line.start === last.lines[at]?.start);
  if (!isAlike) return new Set();
  const changed = lines.flatMap(({ text, role }, at) => {
    const differs = last.varying.has(at) || text !== last.lines[at]?.text;
    return differs && (role === 'plain' || role === 'length') ? [at] : [];
  });
  return new Set(changed);
}

function cut(text: string, lines: readonly Line[], varying: ReadonlySet<number>): readonly Segment[] {
  const segments: Segment[] = [];
  let start = 0;
  let at = lineEnd(text, 0) + 2;
  for (const [index, line] of lines.entries()) {
    const end = at + line.text.length;
    if (varying.has(index)) {
      if (at > start) segments.push({ kind: 'same', text: text.slice(start, at) });
      segments.push({ kind: 'varying', line });
      start = end;
    }
    at = end;
  }
  segments.push({ kind: 'same', text: text.slice(start) });
  return segments;
}
