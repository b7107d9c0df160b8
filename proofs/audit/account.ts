import { readFileSync } from 'node:fs';
import { openReader } from '../../src/audit/open-reader.ts';
import { readRecord } from '../../src/audit/record.ts';
import type { Books } from './books.ts';
import { openKept } from './keeping.ts';

/** What the audit and the bot's own ledger tell of all runs so far, and where they differ. */
export interface Account {
  readonly faults: readonly string[];
  /** The number of the newest record. */
  readonly records: number;
  /** Commands that were begun, as they wrote down themselves. */
  readonly begun: number;
  /** So many ended as nobody knows. */
  readonly unknown: number;
  /** Lines that were cut off by a kill. */
  readonly torn: number;
  /** So many of the oldest records were not kept. */
  readonly removed: number;
}

/** Keeps accounts of an audit that is killed again and again. What is not kept any more was seen before. */
export interface Accountant {
  /** Opens it as the bot does, and then reads all of it as anybody can. To be called when nobody writes. */
  account(): Promise<Account>;
}

export function createAccountant(books: Books): Accountant {
  const { place, ledger, secret } = books;
  /** By the number of the record. */
  const started = new Map<string, number>();
  const ends = new Map<string, { readonly seq: number; readonly outcome: string }>();
  /** What they say, by the number of the record. */
  const notes = new Map<number, string>();

  const take = (line: string, faults: string[]): void => {
    if (line.includes(secret)) faults.push(`a secret: ${line}`);
    const record = readRecord(line);
    switch (record?.kind) {
      case 'started':
        if ((started.get(record.id) ?? record.seq) !== record.seq) faults.push(`${record.id} was started twice`);
        started.set(record.id, record.seq);
        return;
      case 'ended': {
        const { id, outcome, seq } = record;
        const before = ends.get(id);
        if (!started.has(id)) faults.push(`${id} ended and never started`);
        if ((before?.seq ?? seq) !== seq) faults.push(`${id} ended as ${before?.outcome} and as ${outcome}`);
        ends.set(id, { seq, outcome });
        return;
      }
      case 'note':
        notes.set(record.seq, record.what);
        return;
      case 'denied':
        faults.push(`${record.id} was denied`);
        return;
      case undefined:
        faults.push(`no record: ${line}`);
        return;
      default:
        record satisfies never;
    }
  };

  return {
    async account() {
      const faults: string[] = [];
      const audit = await openKept(books);
      const { unfinished } = audit;
      await audit.close();
      const reader = await openReader(place);
      const report = await reader.verify();
      for await (const lines of reader.export({})) for (const line of lines) take(line, faults);
      await reader.close();
      faults.push(...report.breaks.map(({ kind, line, seq }) => `${kind}: line ${line}, record ${seq}`));
      if (!report.isWhole) faults.push('the audit is not whole');
      for (const { id } of report.unfinished) faults.push(`${id} has no end`);
      for (const { id } of unfinished) {
        if (ends.get(id)?.outcome !== 'unknown') faults.push(`${id} was running and is not unknown`);
      }
      if (books.bytes().some((bytes) => bytes.includes(secret))) faults.push('a secret stands in a file');
      const begun = readFileSync(ledger, 'utf8').split('\n').slice(0, -1);
      const seen = new Set(begun);
      if (seen.size < begun.length) faults.push(`${begun.length - seen.size} ran twice`);
      for (const id of seen) if (!started.has(id)) faults.push(`${id} ran and has no record`);
      for (const id of started.keys()) if (!ends.has(id)) faults.push(`${id} began and has no end`);
      for (const [id, { outcome }] of ends) {
        if (outcome === 'done' && !seen.has(id)) faults.push(`${id} is recorded as done and never ran`);
      }
      return {
        faults,
        records: report.last?.seq ?? 0,
        begun: begun.length,
        unknown: [...ends.values()].filter(({ outcome }) => outcome === 'unknown').length,
        torn: [...notes.values()].filter((what) => what === 'audit torn').length,
        removed: (report.first?.seq ?? 1) - 1,
      };
    },
  };
}
