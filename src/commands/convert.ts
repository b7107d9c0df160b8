import { checkJson } from '../document/json.ts';

/** A word as a request holds it, or what it should have been. */
export type Conversion =
  | {
      readonly json: string;
      /** One spelling for all that mean the same: `yes` and `1` are `true`. */
      readonly value: string;
    }
  | { readonly expected: string };

interface Range {
  readonly from: bigint;
  readonly to: bigint;
  readonly expected: string;
}

const rangeOf = (from: bigint, to: bigint): Range => ({ from, to, expected: `a whole number from ${from} to ${to}` });

const integers: ReadonlyMap<string, Range> = new Map(
  (['', '8', '16', '32', '64'] as const).flatMap((bits) => {
    const size = 2n ** BigInt(bits === '' ? 64 : bits);
    return [
      [`int${bits}`, rangeOf(-size / 2n, size / 2n - 1n)] as const,
      [`uint${bits}`, rangeOf(0n, size - 1n)] as const,
    ];
  }),
);
// Maps, because people and services choose the words: an object knows `constructor`, too.
const aliases: ReadonlyMap<string, string> = new Map([
  ['byte', 'uint8'],
  ['rune', 'int32'],
  ['float', 'float64'],
  ['double', 'float64'],
]);
const booleans: ReadonlyMap<string, string> = new Map([
  ...['true', 'yes', 'on', '1'].map((word) => [word, 'true'] as const),
  ...['false', 'no', 'off', '0'].map((word) => [word, 'false'] as const),
]);
const largest: ReadonlyMap<string, number> = new Map([
  ['float32', 3.4028234663852886e38],
  ['float64', Number.MAX_VALUE],
]);

const isBytes = (type: string): boolean => type === '[]uint8' || type === '[]byte' || type === 'bytes';

/** True for a type that takes several words. Bytes are written as one. */
export const isList = (type: string): boolean => type.startsWith('[]') && !isBytes(type);

export const elementType = (type: string): string => (isList(type) ? type.slice(2) : type);

/** True for what one word can express: text, numbers, `bool` and bytes. */
export const isScalar = (type: string): boolean => {
  const name = aliases.get(type) ?? type;
  return name === 'string' || name === 'bool' || isBytes(name) || largest.has(name) || isInteger(name);
};

export const isBoolean = (type: string): boolean => (aliases.get(type) ?? type) === 'bool';

/** True for numbers that need not be whole. */
export const isNumber = (type: string): boolean => largest.has(aliases.get(type) ?? type);

export const isInteger = (type: string): boolean => integers.has(aliases.get(type) ?? type);

/** Writes a word as a JSON value of this type. Numbers keep all their digits. */
export function convert(word: string, type: string): Conversion {
  const name = aliases.get(type) ?? type;
  if (name === 'string') return { json: JSON.stringify(word), value: word };
  if (name === 'bool') return convertBoolean(word);
  if (isBytes(name)) return { json: JSON.stringify(Buffer.from(word).toString('base64')), value: word };
  const range = integers.get(name);
  if (range !== undefined) return convertInteger(word, range);
  const limit = largest.get(name);
  return limit === undefined ? convertJson(word) : convertFloat(word, limit);
}

/** Text that must be JSON. */
export function convertStrictly(word: string): Conversion {
  try {
    checkJson(word);
    return { json: word, value: word };
  } catch {
    return { expected: 'JSON' };
  }
}

function convertBoolean(word: string): Conversion {
  const json = booleans.get(word.toLowerCase());
  return json === undefined ? { expected: 'true or false' } : { json, value: json };
}

function convertInteger(word: string, { from, to, expected }: Range): Conversion {
  // Its limits help nobody who wrote no number.
  if (!/^[+-]?\d{1,30}$/.test(word)) return { expected: 'a whole number' };
  const value = BigInt(word.replace('+', ''));
  return value < from || value > to ? { expected } : { json: String(value), value: String(value) };
}

function convertFloat(word: string, limit: number): Conversion {
  const isNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(word);
  return isNumber && Math.abs(Number(word)) <= limit
    ? { json: word, value: String(Number(word)) }
    : { expected: 'a number' };
}

/** Messages and maps are JSON. Other text is a string to the service: the name of an enum's value, for instance. */
function convertJson(word: string): Conversion {
  const strict = convertStrictly(word);
  if ('json' in strict) return { json: word, value: textOf(word) };
  return /^\s*[{[]/.test(word) ? strict : { json: JSON.stringify(word), value: word };
}

/** What a JSON text says when it is a string; otherwise itself. */
export function textOf(json: string): string {
  if (!json.trimStart().startsWith('"')) return json;
  const value: unknown = JSON.parse(json);
  return typeof value === 'string' ? value : json;
}
