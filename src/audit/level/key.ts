import { hash } from 'node:crypto';
import type { AuditFilter, AuditRecord } from '../audit.ts';
import type { Started } from '../match.ts';
import type { Block } from './block.ts';

// The keys of the database, in the order of their bytes:
//   b!42                            invocation 42 has begun and not ended: the place of its beginning, and its id
//   i!person!ann!0000000000000007   the record at place 7 is about ann (nothing behind it)
//   i!block!0000000000001024!1!9!5  the block that ends at place 1,024: its earliest and latest moment, its bytes
//   i!open!0000000000001024!…7      the invocation that began at place 7 had not ended at the end of that block
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

/** Both belong to it. */
export interface PlaceRange {
  readonly first: number;
  readonly last: number;
}

export const everywhere: PlaceRange = { first: 1, last: Number.MAX_SAFE_INTEGER };
export const recordsIn = ({ first, last }: PlaceRange): { readonly gte: string; readonly lte: string } => ({
  gte: recordKey(first),
  lte: recordKey(last),
});

export const allIndex: KeyRange = beginning('i!');
export const allRunning: KeyRange = { gte: 'b!', lt: 'b"' };

const indexPrefix = (field: IndexField, value: string): string => `i!${field}!${short(value)}!`;

export const allBlocks: KeyRange = beginning('i!block!');
const blockBegin = (last: number): string => `i!block!${padded(last)}!`;
const blockKey = ({ last, from, to, bytes }: Block): string => `${blockBegin(last)}${from}!${to}!${bytes}`;

export function readBlock(key: string): Block {
  const [, , last, from, to, bytes] = key.split('!').map(Number);
  return { last: last ?? 0, from: from ?? Number.NaN, to: to ?? Number.NaN, bytes: bytes ?? 0 };
}

/** What had begun and not ended at the end of the block, by the place of its beginning. */
export const openAt = (last: number): KeyRange => beginning(`i!open!${padded(last)}!`);
export const openKey = (last: number, begun: number): string => openAt(last).gte + padded(begun);

/** All that is in the index because of a whole block. `open`: what has not ended at its end. */
export const blockKeys = (block: Block, open: Iterable<Begun>): readonly string[] => [
  blockKey(block),
  ...[...open].flatMap(({ place, started }) => (started === undefined ? [] : openKey(block.last, place))),
];

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
      return [
        ...keys(place, { ...about, outcome }),
        ...(begun?.started === undefined ? [] : keys(begun.place, { outcome })),
      ];
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
