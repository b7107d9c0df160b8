import { readFileSync } from 'node:fs';
import { exportLines } from '../../src/audit/export.ts';
import { readRecord } from '../../src/audit/record.ts';
import { verifyAudit } from '../../src/audit/verify.ts';

/** What the audit and the bot's own ledger tell of all runs so far, and where they differ. */
export interface Account {
  readonly faults: readonly string[];
  readonly records: number;
  /** Commands that were begun, as they wrote down themselves. */
  readonly begun: number;
  /** Ended as nobody knows. */
  readonly unknown: ReadonlySet<string>;
  /** Lines that were cut off by a kill. */
  readonly torn: number;
}

/** To be called when nobody writes. */
export async function account(path: string, ledger: string): Promise<Account> {
  const report = await verifyAudit(path);
  const faults = report.breaks.map(({ kind, file, line, seq }) => `${kind}: ${file}, line ${line}, record ${seq}`);
  if (!report.isWhole) faults.push('the audit is not whole');
  for (const { id } of report.unfinished) faults.push(`${id} has no end`);
  const started = new Set<string>();
  const ends = new Map<string, string>();
  let torn = 0;
  for await (const lines of exportLines(path, {})) {
    for (const line of lines) {
      const record = readRecord(line);
      if (record?.kind === 'started') {
        if (started.has(record.id)) faults.push(`${record.id} was started twice`);
        started.add(record.id);
      } else if (record?.kind === 'ended') {
        if (!started.has(record.id)) faults.push(`${record.id} ended and never started`);
        if (ends.has(record.id)) faults.push(`${record.id} ended as ${ends.get(record.id)} and as ${record.outcome}`);
        ends.set(record.id, record.outcome);
      } else if (record?.kind === 'note' && record.what === 'audit torn') {
        torn += 1;
      }
    }
  }
  const begun = readFileSync(ledger, 'utf8').split('\n').slice(0, -1);
  const seen = new Set<string>();
  for (const id of begun) {
    if (seen.has(id)) faults.push(`${id} ran twice`);
    if (!started.has(id)) faults.push(`${id} ran and has no record`);
    seen.add(id);
  }
  for (const [id, outcome] of ends) {
    if (outcome === 'done' && !seen.has(id)) faults.push(`${id} is recorded as done and never ran`);
  }
  const unknown = new Set([...ends].filter(([, outcome]) => outcome === 'unknown').map(([id]) => id));
  return { faults, records: report.records, begun: begun.length, unknown, torn };
}
