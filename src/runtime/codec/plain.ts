import type { Value } from '../../discovery/registry.ts';

/*
 * What codecs without a type system of their own share: a message's shape, when there is one, says what a value is meant to be, and
 * integers that a double can't hold are decimal strings on our side.
 */

export const fieldOf = (shape: Value | undefined, name: string): Value | undefined =>
  shape?.values.find((value) => value.name === name);

export const elementOf = (shape: Value | undefined): Value | undefined =>
  shape?.type.startsWith('[]') === true ? { ...shape, type: shape.type.slice(2) } : undefined;

export const plainInteger = (integer: bigint): number | string =>
  Number.isSafeInteger(Number(integer)) ? Number(integer) : integer.toString();

/** The integer a value is, when a number can't say it well enough. Throws when it has more than 64 bits. */
export function longInteger(value: unknown, shape: Value | undefined): bigint | undefined {
  const integer = typeof value === 'string' && isLong(shape) && /^-?\d{1,20}$/.test(value) ? BigInt(value) : value;
  if (typeof integer !== 'bigint') return undefined;
  if (BigInt.asIntN(64, integer) === integer || BigInt.asUintN(64, integer) === integer) return integer;
  throw new Error(`${integer} has more than 64 bits`);
}

export const isFloat = (shape: Value | undefined): boolean => shape?.type === 'float64' || shape?.type === 'float32';

const isLong = (shape: Value | undefined): boolean => shape?.type === 'int64' || shape?.type === 'uint64';
