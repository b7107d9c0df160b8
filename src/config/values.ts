import { parseDuration } from '../runtime/duration.ts';
import { ConfigError } from './error.ts';
import type { Flag, Given } from './flag.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What flags are set to: the command line before the environment before the default. An empty variable is none. */
export interface Values {
  /** Undefined when nobody set it. */
  string(name: string): string | undefined;
  boolean(name: string): boolean;
  list(name: string): readonly string[];
  /** A whole number, not below `least`. */
  integer(name: string, least: number): number;
  /** Milliseconds, more than none. */
  duration(name: string): number;
}

/** Every getter throws a `ConfigError` (`invalid`) that names the flag, and the variable when the value came from there. */
export function readValues(flags: readonly Flag[], given: Given, env: Environment): Values {
  const byName = new Map(flags.map((flag) => [flag.name, flag]));

  const raw = (name: string): { readonly entries: readonly string[]; readonly origin: string } => {
    const flag = byName.get(name);
    const typed = given.get(name);
    if (typed !== undefined) return { entries: typed, origin: name };
    const variable = flag?.env === undefined ? undefined : env[flag.env];
    if (variable !== undefined && variable !== '') {
      return { entries: flag?.kind === 'list' ? splitList(variable) : [variable], origin: `${name} ($${flag?.env})` };
    }
    return { entries: flag?.default === undefined ? [] : [flag.default], origin: name };
  };

  const last = (name: string): string | undefined => raw(name).entries.at(-1);
  const refuse = (name: string, reason: string): ConfigError => {
    const { entries, origin } = raw(name);
    return new ConfigError('invalid', `failed to parse ${origin}: ${entries.at(-1) ?? ''} ${reason}`);
  };

  return {
    string: last,
    list: (name) => raw(name).entries,
    boolean(name) {
      const text = last(name) ?? 'false';
      const value = booleans.get(text.toLowerCase());
      if (value === undefined) throw refuse(name, 'is neither true nor false');
      return value;
    },
    integer(name, least) {
      const text = last(name) ?? '';
      const value = Number(text);
      if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(value)) throw refuse(name, 'is not a whole number');
      if (value < least) throw refuse(name, `is less than ${least}`);
      return value;
    },
    duration(name) {
      const value = parseDuration(last(name) ?? '');
      if (value === undefined) throw refuse(name, '(a duration is written like 500ms, 5s or 1m)');
      if (value <= 0) throw refuse(name, '(it must be more than 0)');
      if (value > longestMs) throw refuse(name, '(it must be at most 24 days)');
      return value;
    },
  };
}

/** What a timer of Node can wait. */
const longestMs = 2 ** 31 - 1;

const booleans = new Map([
  ['true', true],
  ['t', true],
  ['1', true],
  ['false', false],
  ['f', false],
  ['0', false],
]);

/** Empty items between commas are skipped. */
export const splitList = (text: string): readonly string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
