import type { AuditEvent, AuditRecord } from './audit.ts';
import type { Break } from './chain.ts';
import { readRecord } from './record.ts';

// What the audit writes down about itself. Its person is empty: nobody did it.

type Note = AuditEvent & { readonly kind: 'note' };

const note = (what: string, details: Readonly<Record<string, string>>): Note => ({
  kind: 'note',
  what,
  person: '',
  details,
});

const continuedAs = 'audit continued';
const removedAs = 'audit file removed';
const brokenAs = 'audit broken';

/** The first record of a file that is not the first: so that whoever reads the file alone knows what it must not forget. */
export const continued = (running: Iterable<string>, lastId: number): Note =>
  note(continuedAs, { running: [...running].join(' '), lastId: String(lastId) });

/** What a file goes on with; undefined when the line is another record. */
export function readContinued(
  line: string,
): { readonly running: readonly string[]; readonly lastId: number } | undefined {
  const details = detailsOf(line, continuedAs);
  if (details === undefined) return undefined;
  return { running: (details['running'] ?? '').split(' ').filter(Boolean), lastId: Number(details['lastId']) || 0 };
}

/** Files that the bot was told to keep no longer; `upTo` is the last record in them. */
export const removed = (file: string, upTo: number): Note => note(removedAs, { file, upTo: String(upTo) });

/** Up to which record the bot itself took files away, as far as this line tells. */
export const removedBefore = (line: string): number => Number(detailsOf(line, removedAs)?.['upTo']) || 0;

/** Up to which record the bot took records away, as far as this one tells. */
export const removedTo = (record: AuditRecord): number =>
  record.kind === 'note' && record.what === removedAs && record.person === '' ? Number(record.details['upTo']) || 0 : 0;

export const torn = (kept: string, bytes: number): Note => note('audit torn', { kept, bytes: String(bytes) });

export const outageOver = (since: string, reason: string, lost: number): Note =>
  note('audit outage', { since, reason, lost: String(lost) });

/** Somebody did something to the file while it was written to. */
export const meddled = (how: string): Note => note(brokenAs, { how });

export const broken = (each: Break): Note =>
  note(brokenAs, {
    how: each.kind,
    file: each.file,
    line: String(each.line),
    seq: String(each.seq),
    count: String(each.count),
  });

/** Tells breaks apart that were written down before. */
export const brokenKey = (each: Break): string => [each.kind, each.line, each.seq, each.count].join(' ');

export function readBroken(line: string): string | undefined {
  const details = detailsOf(line, brokenAs);
  return details === undefined
    ? undefined
    : ['how', 'line', 'seq', 'count'].map((name) => details[name] ?? '').join(' ');
}

function detailsOf(line: string, what: string): Readonly<Record<string, string>> | undefined {
  if (!line.includes(`"kind":"note","what":"${what}"`)) return undefined;
  const record = readRecord(line);
  return record?.kind === 'note' ? record.details : undefined;
}
