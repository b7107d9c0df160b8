import { changed, each, eachNow } from './change.ts';
import type { Document, Table } from './document.ts';
import { text } from './document.ts';
import { maskDocument } from './mask.ts';
import { type IsSecret, type Mask, maskJson, secretMark, secretMembers } from './mask-json.ts';
import { Pieces } from './pieces.ts';
import { finish, type Steps } from './steps.ts';
import { renderTerminal } from './terminal.ts';

/** White space, and what takes no room: a secret is still read where these are within it. */
const gap = String.raw`[\s\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]`;
const gaps = new RegExp(`${gap}+`, 'gu');
const gapAlone = new RegExp(`^${gap}$`, 'u');
/** Letters, digits and signs of plain text are none, which need no look at a pattern. */
const isGap = (code: number): boolean => (code <= 0x20 || code >= 0x7f) && gapAlone.test(String.fromCharCode(code));
/** Shorter ones would be found in what has nothing to do with them. */
const leastTorn = 6;

/**
 * Keeps secrets out of what people see: takes the values `secrets` out of a document in every form that `mask` knows of, also where they are
 * torn over lines, cells, items or parts, and the values of all members named in `fields`. `mask` alone finds what stands in one string.
 * Not found: a secret that is written backwards, enciphered, or with anything but space between its characters.
 */
export function secretMask(
  mask: Mask,
  secrets: readonly string[],
  fields: readonly string[] = [],
): (document: Document) => Steps<Document> {
  const isSecret = fields.length === 0 ? undefined : secretMembers(fields);
  const torn = tornSecrets(secrets);
  const cover = (value: string): string => torn.cover(mask(value));
  return (document) => hide(document, cover, isSecret, torn);
}

function* hide(document: Document, cover: Mask, isSecret: IsSecret | undefined, torn: Torn): Steps<Document> {
  const masked = yield* mend(yield* maskDocument(document, cover, isSecret), torn);
  // Whatever way it got there.
  return (yield* torn.isIn(renderTerminal(masked))) ? text(secretMark) : masked;
}

interface Torn {
  /** Without those that have space within. */
  cover(value: string): string;
  /** Whether one is there, when nothing counts between its characters. */
  isIn(value: string): Steps<boolean>;
  /** The same at once, of one line or cell. */
  isWithin(value: string): boolean;
}

function tornSecrets(secrets: readonly string[]): Torn {
  const known = [...new Set(secrets.map((secret) => secret.replace(gaps, '')))]
    .filter((secret) => secret.length >= leastTorn && !secretMark.includes(secret))
    .sort((one, other) => other.length - one.length);
  if (known.length === 0) return { cover: (value) => value, isIn: never, isWithin: () => false };
  const shortest = known.at(-1)?.length ?? 0;
  const isIn = (value: string): Steps<boolean> => search(value, known);
  const isWithin = (value: string): boolean => value.length >= shortest && finish(isIn(value));
  return { cover: (value) => (isWithin(value) ? coverTorn(value, known) : value), isIn, isWithin };
}

/** `known` are in order of their length, the longest first. */
function* search(value: string, known: readonly string[]): Steps<boolean> {
  const longest = known[0]?.length ?? 0;
  let before = '';
  for (let at = 0; at < value.length; at += stepCharacters) {
    yield;
    const dense = before + value.slice(at, at + stepCharacters).replace(gaps, '');
    if (known.some((secret) => dense.includes(secret))) return true;
    before = dense.slice(1 - longest);
  }
  return false;
}

/** So many are looked at between two steps. */
const stepCharacters = 65_536;

function* never(): Steps<boolean> {
  yield;
  return false;
}

/** No pattern is made of them: of a long secret it would be too large, and the error that says so holds the secret. */
function coverTorn(value: string, known: readonly string[]): string {
  const places: number[] = [];
  for (let at = 0; at < value.length; at += 1) if (!isGap(value.charCodeAt(at))) places.push(at);
  const dense = value.replace(gaps, '');
  let covered = '';
  let done = 0;
  for (const [from, to] of rangesOf(dense, known)) {
    const end = (places[to - 1] ?? value.length) + 1;
    covered += value.slice(done, places[from]) + secretMark;
    done = end;
  }
  return covered + value.slice(done);
}

/** Where they stand, in order; those that overlap as one. */
function rangesOf(dense: string, known: readonly string[]): readonly (readonly [from: number, to: number])[] {
  const ranges: [number, number][] = [];
  for (const secret of known) {
    for (let at = dense.indexOf(secret); at !== -1; at = dense.indexOf(secret, at + secret.length)) {
      ranges.push([at, at + secret.length]);
    }
  }
  const joined: [number, number][] = [];
  for (const [from, to] of ranges.sort(([one], [other]) => one - other)) {
    const last = joined.at(-1);
    if (last !== undefined && from < last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/** Leaves out what holds a secret together, as little of it as can be. */
function* mend(document: Document, torn: Torn): Steps<Document> {
  yield;
  switch (document.kind) {
    case 'text':
    case 'code':
    case 'link':
    case 'actions':
      return document;
    case 'json':
      return (yield* torn.isIn(yield* stringsOf(document.text)))
        ? { ...document, text: JSON.stringify(secretMark) }
        : document;
    case 'table':
      return yield* mendTable(document, torn);
    case 'fields': {
      const kept = yield* each(document.fields, (field) =>
        torn.isWithin(field.name + field.value) ? { name: secretMark, value: secretMark } : field,
      );
      const isOver = yield* torn.isIn(kept.map(({ value }) => value).join(''));
      return changed(document, { fields: isOver ? kept.map(({ name }) => ({ name, value: secretMark })) : kept });
    }
    case 'list':
      return (yield* torn.isIn(document.items.join('')))
        ? { ...document, items: document.items.map(() => secretMark) }
        : document;
    case 'group': {
      const parts: Document[] = [];
      for (const part of document.parts) parts.push(yield* mend(part, torn));
      const mended = changed(document, { parts: eachNow(document.parts, (part, index) => parts[index] ?? part) });
      return mended.parts.length > 1 && (yield* torn.isIn(renderTerminal(mended))) ? text(secretMark) : mended;
    }
    default:
      return document satisfies never;
  }
}

/** Read along its rows, and down its columns, as long words are broken. */
function* mendTable(table: Table, torn: Torn): Steps<Table> {
  const rows = yield* each(table.rows, (row) => (torn.isWithin(row.join('')) ? row.map(() => secretMark) : row));
  const hidden: boolean[] = [];
  for (const at of table.columns.keys()) hidden.push(yield* torn.isIn(rows.map((row) => row[at] ?? '').join('')));
  const kept = yield* each(rows, (row) => eachNow(row, (cell, at) => (hidden[at] === true ? secretMark : cell)));
  const isOver = yield* torn.isIn(kept.flat().join(''));
  return changed(table, { rows: isOver ? kept.map((row) => row.map(() => secretMark)) : kept });
}

/** What a reader of JSON reads, without its marks. */
function* stringsOf(json: string): Steps<string> {
  const found = new Pieces();
  try {
    yield* maskJson(json, (value) => {
      found.add(value);
      return value;
    });
  } catch {
    return json;
  }
  return found.text;
}
