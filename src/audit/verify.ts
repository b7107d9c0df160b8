import { type Break, createChain } from './chain.ts';
import { readUnmoved } from './files.ts';
import type { Head } from './line.ts';
import { linesOf } from './lines.ts';
import { readRecord } from './record.ts';
import type { Started } from './match.ts';
import { removedBefore } from './notes.ts';

/** What became of an audit. */
export interface AuditReport {
  readonly records: number;
  readonly first: { readonly seq: number; readonly at: string } | undefined;
  readonly last: (Head & { readonly at: string }) | undefined;
  readonly breaks: readonly Break[];
  /** A line at the very end that is not whole: the bot was cut off while it wrote, or writes it just now. */
  readonly torn: { readonly file: string; readonly line: number; readonly bytes: number } | undefined;
  /** Began and never ended: while the bot runs they may be running. At most 1,000 are named. */
  readonly unfinished: readonly Started[];
  /** Of the record with the hash that was to be found; undefined when there is none, or nothing was to be found. */
  readonly found: number | undefined;
  /** Nothing is wrong. */
  readonly isWhole: boolean;
}

const maxUnfinished = 1_000;

/**
 * Reads the audit at `path` with all its files and checks every record. `head` is a hash that was kept elsewhere: without one, nobody can
 * tell that the end was cut off, or that everything was written anew.
 */
export const verifyAudit = (path: string, head?: string): Promise<AuditReport> =>
  readUnmoved(path, async (files) => {
    const check = createCheck(head);
    for (const file of files) {
      for await (const { lines, torn } of linesOf(file)) {
        for (const { text, number } of lines) check.take(file, number, text);
        if (torn !== undefined) check.torn(file, torn.number, torn.bytes.length);
      }
    }
    return check.report(path);
  });

/** Makes a report of lines, which it is given oldest first. */
export interface Check {
  take(file: string, line: number, text: string): void;
  /** Records up to this one are not kept any more, and need not be. */
  forgotten(upTo: number): void;
  /** The file ends within a line. */
  torn(file: string, line: number, bytes: number): void;
  /** `newest`: the file that is written to. */
  report(newest: string): AuditReport;
}

export function createCheck(head?: string): Check {
  const chain = createChain();
  const running = new Map<string, string>();
  const ends: NonNullable<AuditReport['torn']>[] = [];
  let first: (NonNullable<AuditReport['first']> & { readonly file: string }) | undefined;
  let lastAt = '';
  let found: number | undefined;
  let removedTo = 0;

  const forgotten = (upTo: number): void => {
    removedTo = Math.max(removedTo, upTo);
  };

  /** What was there before the first record, and was not taken away by the bot. */
  const beheaded = (): readonly Break[] => {
    if (first === undefined || first.seq === 1 || removedTo >= first.seq - 1) return [];
    return [{ kind: 'missing', file: first.file, line: 1, seq: 1, count: first.seq - 1 }];
  };

  return {
    take(file, line, text) {
      const record = chain.take(file, line, text);
      if (record === undefined) return;
      const { seq, at, kind, id, hash } = record;
      first ??= { seq, at, file };
      lastAt = at;
      if (hash === head) found = seq;
      if (kind === 'note') forgotten(removedBefore(text));
      if (id === undefined) return;
      if (kind === 'started') running.set(id, text);
      else if (kind === 'ended') running.delete(id);
    },
    forgotten,
    torn: (file, line, bytes) => ends.push({ file, line, bytes }),
    report(newest) {
      // Only the file that is written to may end within a line.
      const torn = ends.find(({ file }) => file === newest);
      const cut = ends.filter(({ file }) => file !== newest);
      const breaks: readonly Break[] = [
        ...beheaded(),
        ...chain.breaks(),
        ...cut.map(({ file, line }): Break => ({ kind: 'unreadable', file, line, seq: 0, count: 1 })),
      ];
      return {
        records: chain.count,
        first: first === undefined ? undefined : { seq: first.seq, at: first.at },
        last: first === undefined ? undefined : { ...chain.head, at: lastAt },
        breaks,
        torn,
        unfinished: [...running.values()]
          .slice(0, maxUnfinished)
          .map(readRecord)
          .filter((each) => each?.kind === 'started'),
        found,
        isWhole: breaks.length === 0 && torn === undefined && (head === undefined || found !== undefined),
      };
    },
  };
}
