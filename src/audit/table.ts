import type { Document, Field } from '../document/document.ts';
import { moment } from '../document/moment.ts';
import { formatDuration } from '../runtime/duration.ts';
import type { AuditRecord } from './audit.ts';
import type { Ended, Started } from './match.ts';

type Denied = AuditRecord & { readonly kind: 'denied' };
type Note = AuditRecord & { readonly kind: 'note' };

/** What belongs together. */
type Entry =
  | { readonly kind: 'invocation'; readonly started: Started | undefined; readonly ended: Ended | undefined }
  | { readonly kind: 'other'; readonly record: Denied | Note };

const columns = ['When', 'Id', 'Person', 'Where', 'Command', 'Outcome', 'Duration'].map((title) => ({ title }));
const maxCell = 80;

/** The newest `most` of what was found, a row each, oldest first. */
export function auditTable(records: readonly AuditRecord[], most: number, now: number): Document {
  const rows = entriesOf(records).slice(-most);
  if (rows.length === 0) return { kind: 'text', text: 'nothing of that kind is in the audit' };
  return { kind: 'table', columns, rows: rows.map((entry) => rowOf(entry, now).map(short)) };
}

/** All that is known of one invocation. */
export function auditFields(records: readonly AuditRecord[]): Document {
  const fields: Field[] = [];
  for (const { kind, ...record } of records) {
    fields.push({ name: 'record', value: kind });
    for (const [name, value] of Object.entries(record)) {
      if (value !== undefined) fields.push({ name, value: typeof value === 'string' ? value : JSON.stringify(value) });
    }
  }
  return { kind: 'fields', fields };
}

function entriesOf(records: readonly AuditRecord[]): readonly Entry[] {
  const ends = new Map<string, Ended>();
  for (const record of records) if (record.kind === 'ended') ends.set(record.id, record);
  const begun = new Set(records.flatMap((record) => (record.kind === 'started' ? record.id : [])));
  return records.flatMap((record): readonly Entry[] => {
    switch (record.kind) {
      case 'started':
        return [{ kind: 'invocation', started: record, ended: ends.get(record.id) }];
      case 'ended':
        // Its beginning is too old to be among them.
        return begun.has(record.id) ? [] : [{ kind: 'invocation', started: undefined, ended: record }];
      case 'denied':
      case 'note':
        return [{ kind: 'other', record }];
      default:
        return record satisfies never;
    }
  });
}

function rowOf(entry: Entry, now: number): readonly string[] {
  if (entry.kind === 'invocation') return invocationRow(entry.started, entry.ended, now);
  const { record } = entry;
  const time = moment(Date.parse(record.at), now);
  if (record.kind === 'denied') {
    return [time, record.id, record.person, placeOf(record), record.line, `denied: ${record.decision}`, ''];
  }
  const details = Object.entries(record.details).map(([name, value]) => `${name}=${value}`);
  return [time, '', record.person, '', [record.what, ...details].join(' '), '', ''];
}

function invocationRow(started: Started | undefined, ended: Ended | undefined, now: number): readonly string[] {
  const [first] = [started, ended].filter((each) => each !== undefined);
  if (first === undefined) return [];
  const error = ended?.error === undefined ? '' : `: ${ended.error}`;
  return [
    moment(Date.parse(first.at), now),
    first.id,
    started?.person ?? '',
    started === undefined ? '' : placeOf(started),
    started?.line ?? '',
    ended === undefined ? 'not ended' : `${ended.outcome}${error}`,
    ended === undefined || ended.outcome === 'unknown' ? '' : formatDuration(Math.round(ended.durationMs) * 1e6),
  ];
}

const placeOf = ({ input, room }: Started | Denied): string =>
  room === '' || room === input ? input : `${input} ${room}`;

const short = (cell: string): string => (cell.length > maxCell ? `${cell.slice(0, maxCell - 1)}…` : cell);
