import { type Fields, isFields } from './fields.ts';

/** Takes a complaint about the place a path names. */
export type Note = (path: string, message: string) => void;

export type Check = (value: Fields, path: string, note: Note) => void;

export interface Bounds {
  readonly min?: number;
  readonly max?: number;
  readonly required?: boolean;
}

/** Slack counts code points. */
export const lengthOf = (text: string): number => Array.from(text).length;

/** A text of that many characters. */
export function checkString(note: Note, value: Fields, key: string, path: string, bounds: Bounds = {}): void {
  const { min = 1, max = Number.POSITIVE_INFINITY, required = false } = bounds;
  const text = value[key];
  const at = `${path}/${key}`;
  if (text === undefined) {
    if (required) note(path, `missing required field: ${key}`);
  } else if (typeof text !== 'string') note(at, 'must be a string');
  else if (lengthOf(text) < min) note(at, `must be more than ${min - 1} characters`);
  else if (lengthOf(text) > max) note(at, `must be less than ${max + 1} characters`);
}

/** A list of that many objects, each of which passes. */
export function checkList(
  note: Note,
  value: Fields,
  key: string,
  path: string,
  bounds: Bounds,
  each: (item: Fields, path: string) => void,
): void {
  const { min = 0, max = Number.POSITIVE_INFINITY, required = true } = bounds;
  const list = value[key];
  const at = `${path}/${key}`;
  if (list === undefined) {
    if (required) note(path, `missing required field: ${key}`);
    return;
  }
  if (!Array.isArray(list)) return note(at, 'must be an array');
  if (list.length < min) note(at, `no fewer than ${min} items required`);
  if (list.length > max) note(at, `no more than ${max} items allowed`);
  for (const [index, item] of list.entries()) {
    if (isFields(item)) each(item, `${at}/${index}`);
    else note(`${at}/${index}`, 'must provide an object');
  }
}

/** Nothing but these fields. */
export function checkKeys(note: Note, value: Fields, path: string, keys: readonly string[]): void {
  for (const key of Object.keys(value)) {
    if (!keys.includes(key)) note(`${path}/${key}`, `invalid additional property: ${key}`);
  }
}

/** One of these words. */
export function checkWord(note: Note, value: Fields, key: string, path: string, words: readonly unknown[]): void {
  const word = value[key];
  if (word !== undefined && !words.includes(word)) note(`${path}/${key}`, `must be a valid enum value`);
}

export function checkFlag(note: Note, value: Fields, key: string, path: string): void {
  if (value[key] !== undefined && typeof value[key] !== 'boolean') note(`${path}/${key}`, 'must be a boolean');
}

/** A text object: `plain_text`, or `mrkdwn` where that is allowed. */
export function checkText(
  note: Note,
  value: Fields,
  key: string,
  path: string,
  bounds: Bounds & { readonly plain?: boolean },
): void {
  const text = value[key];
  const at = `${path}/${key}`;
  if (text === undefined) {
    if (bounds.required === true) note(path, `missing required field: ${key}`);
  } else if (isFields(text)) checkTextObject(note, text, at, bounds);
  else note(at, 'must provide an object');
}

export function checkTextObject(
  note: Note,
  text: Fields,
  path: string,
  { plain = false, ...bounds }: Bounds & { readonly plain?: boolean },
): void {
  const isPlain = text['type'] === 'plain_text';
  if (!isPlain && (plain || text['type'] !== 'mrkdwn'))
    note(`${path}/type`, `unsupported type: ${String(text['type'])}`);
  checkKeys(note, text, path, isPlain ? ['type', 'text', 'emoji'] : ['type', 'text', 'verbatim']);
  checkFlag(note, text, 'emoji', path);
  checkFlag(note, text, 'verbatim', path);
  checkString(note, text, 'text', path, { ...bounds, required: true });
}

/** A web address. */
export function checkUrl(note: Note, value: Fields, key: string, path: string, required = false): void {
  checkString(note, value, key, path, { max: 3_000, required });
  const url = value[key];
  if (typeof url === 'string' && !URL.canParse(url)) note(`${path}/${key}`, 'invalid url');
}
