import type { Value } from '../discovery/registry.ts';
import { type Conversion, convert, convertStrictly, elementType, isInteger } from './convert.ts';
import { formatNanoseconds, formatSeconds, parseNanoseconds } from './duration.ts';

/** What a word means, when that is more than its type tells. */
export type Meaning =
  /** A Go duration, sent as a whole number. */
  | 'nanoseconds'
  /** A Go duration, sent as Protobuf's JSON has it: `"90s"`. */
  | 'seconds'
  /** A Go duration, sent as it was typed. */
  | 'duration'
  | 'user'
  | 'room'
  /** JSON, sent as it is. */
  | 'json'
  /** JSON, sent as a text. */
  | 'json text';

/** What people read of it. */
export const nameOf = (meaning: Meaning): string => {
  switch (meaning) {
    case 'nanoseconds':
    case 'seconds':
    case 'duration':
      return 'duration';
    case 'json':
    case 'json text':
      return 'json';
    case 'user':
    case 'room':
      return meaning;
    default:
      return meaning satisfies never;
  }
};

/**
 * What a declared type means for a field: `duration`, `user`, `room` or `json`, or a list of one of them; undefined for any other. Without a
 * declaration a field of Go's type `Duration` is known, and so is Protobuf's message.
 */
export function meaningOf(declared: string | undefined, field: Value | undefined): Meaning | undefined {
  const type = elementType(field?.type ?? '');
  switch (elementType(declared ?? '')) {
    case 'duration':
      return isInteger(type) ? 'nanoseconds' : (durationField(type, field) ?? 'duration');
    case 'user':
      return 'user';
    case 'room':
      return 'room';
    case 'json':
      return type === 'string' ? 'json text' : 'json';
    default:
      return durationField(type, field);
  }
}

function durationField(type: string, field: Value | undefined): Meaning | undefined {
  if (type !== 'Duration') return undefined;
  return field?.values.length === 0 ? 'nanoseconds' : 'seconds';
}

/** Writes a word as a JSON value. */
export function convertAs(meaning: Meaning | undefined, word: string, type: string): Conversion {
  switch (meaning) {
    case undefined:
      return convert(word, type);
    case 'nanoseconds':
    case 'seconds':
    case 'duration':
      return convertDuration(word, meaning);
    case 'user':
      return convertName(word, '@', 'a user such as @ann');
    case 'room':
      return convertName(word, '#', 'a room such as #ops');
    case 'json':
      return convertStrictly(word);
    case 'json text': {
      const strict = convertStrictly(word);
      return 'json' in strict ? { json: JSON.stringify(word), value: word } : strict;
    }
    default:
      return meaning satisfies never;
  }
}

function convertDuration(word: string, meaning: 'nanoseconds' | 'seconds' | 'duration'): Conversion {
  const nanoseconds = parseNanoseconds(word);
  if (nanoseconds === undefined) return { expected: 'a duration such as 5m or 1h30m' };
  const value = formatNanoseconds(nanoseconds);
  if (meaning === 'nanoseconds') return { json: String(nanoseconds), value };
  return { json: JSON.stringify(meaning === 'seconds' ? `${formatSeconds(nanoseconds)}s` : word), value };
}

/** The mark is how people write it, not part of the name. */
function convertName(word: string, mark: string, expected: string): Conversion {
  const name = word.startsWith(mark) ? word.slice(1) : word;
  return name === '' || /\s/.test(name) ? { expected } : { json: JSON.stringify(name), value: name };
}
