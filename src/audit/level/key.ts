import { hash } from 'node:crypto';
import type { AuditFilter, AuditRecord } from '../audit.ts';
import type { Started } from '../match.ts';

// The keys of the database, in the order of their bytes:
//   b!42                            invocation 42 has begun and not ended: the place of its beginning, and its id
//   i!person!ann!0000000000000007   the record at place 7 is about ann (nothing behind it)
//   m!lastId                        the highest number that an invocation had
//   r!0000000000000007              the record at place 7: its line
// Of what was deleted a trace stays for a while, which whoever comes by has to pass over: so what is deleted all the time is in front of everything.

/** What a record is looked up by. */
export type IndexField = 'person' | 'command' | 'room' | 'service' | 'outcome' | 'id';

/** The beginning of an invocation, and where it stands. */
export interface Begun {
  readonly place: number;
  /** Undefined: it is no longer there. */
  readonly started: Started | undefined;
}

export const lastIdKey = 'm!lastId';

const digits = 16;
const padded = (place: number): string => String(place).padStart(digits, '0');

/** Records are numbered by their place: that is their `seq`, unless somebody put others there. */
export const recordKey = (place: number): string => `r!${padded(place)}`;
export const placeOf = (key: string): number => Number(key.slice(-digits));

export const runningKey = (id: string): string => `b!${short(id)}`;
export const runningValue = (id: string, place: number): string => padded(place) + id;
export const readRunning = (value: string): { readonly place: number; readonly id: string } => ({
  place: Number(value.slice(0, digits)),
  id: value.slice(digits),
});

/** All keys that begin so. */
export interface KeyRange {
  readonly gte: string;
  readonly lt: string;
}

const beginning = (prefix: string): KeyRange => ({ gte: prefix, lt: `${prefix}~` });

export const allRecords: KeyRange = beginning('r!');
export const allIndex: KeyRange = beginning('i!');
export const allRunning: KeyRange = { gte: 'b!', lt: 'b"' };

const indexPrefix = (field: IndexField, value: string): string => `i!${field}!${short(value)}!`;

/** An index entry of a record stands in the range of each thing that it is about. */
export const seekKey = ({ gte }: KeyRange, place: number): string => gte + padded(place);

/** What a filter asks for that is in the index: a record that fits is in each of them. */
export function rangesOf({ person, command, room, service, outcome, id }: AuditFilter): readonly KeyRange[] {
  const wanted = { person, command, room, service, outcome, id };
  return Object.entries(wanted).flatMap(([field, value]) =>
    value === undefined ? [] : [beginning(indexPrefix(field as IndexField, value))],
  );
}

/** All that is in the index because of a record. `begun`: of the invocation that it ends. */
export function indexKeys(record: AuditRecord, place: number, begun: Begun | undefined): readonly string[] {
  switch (record.kind) {
    case 'started':
      return keys(place, aboutOf(record));
    case 'denied':
      return keys(place, { ...aboutOf(record), outcome: 'denied' });
    case 'ended': {
      const { id, outcome } = record;
      const about = begun?.started === undefined ? { id } : aboutOf(begun.started);
      return [...keys(place, { ...about, outcome }), ...(begun === undefined ? [] : keys(begun.place, { outcome }))];
    }
    case 'note':
      return keys(place, { person: record.person });
    default:
      return record satisfies never;
  }
}

type Values = Partial<Readonly<Record<IndexField, string | undefined>>>;

const aboutOf = ({
  person,
  command,
  room,
  service,
  id,
}: AuditRecord & { readonly kind: 'started' | 'denied' }): Values => ({
  person,
  command,
  room,
  service,
  id,
});

const keys = (place: number, values: Values): readonly string[] =>
  Object.entries(values).flatMap(([field, value]) =>
    value === undefined ? [] : [indexPrefix(field as IndexField, value) + padded(place)],
  );

const maxShort = 64;

/** A word as it is; the hash of anything else, which has no end of its own and may be long. */
const short = (value: string): string =>
  value.length <= maxShort && /^[\w.:@#-]+$/.test(value) ? value : `=${hash('sha256', value).slice(0, 40)}`;
