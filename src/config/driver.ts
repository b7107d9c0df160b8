import { ConfigError } from './error.ts';
import type { Values } from './values.ts';

/** The name of a driver. Throws a `ConfigError` (`invalid`) for an empty one. */
export function driverName(values: Values, kind: string): string {
  const text = values.string(kind)?.trim() ?? '';
  if (text !== '') return text;
  throw new ConfigError('invalid', `${kind} is empty: name one, or leave the flag out`);
}
