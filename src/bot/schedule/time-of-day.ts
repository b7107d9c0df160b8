import type { Arguments } from '../../commands/command.ts';
import { readZone } from './zone.ts';

export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

const clock = /^(\d{1,2}):(\d{2})$/;
const twelve = /^(\d{1,2})(?::(\d{2}))?([ap])m$/i;

/** `9:00`, `17:30`, `9am`, `9:30pm`; undefined for anything else. */
export function readTimeOfDay(word: string | undefined): TimeOfDay | undefined {
  const [, hours, minutes] = clock.exec(word ?? '') ?? [];
  if (hours !== undefined) return valid(Number(hours), Number(minutes));
  const [, hour, minute = '0', half] = twelve.exec(word ?? '') ?? [];
  if (hour === undefined || Number(hour) < 1 || Number(hour) > 12) return undefined;
  return valid((Number(hour) % 12) + (half?.toLowerCase() === 'p' ? 12 : 0), Number(minute));
}

const valid = (hour: number, minute: number): TimeOfDay | undefined =>
  hour < 24 && minute < 60 ? { hour, minute } : undefined;

/** A time of the day with its zone, and how many words said so. */
export interface ZonedTime extends TimeOfDay {
  /** Undefined: none was named. */
  readonly zone: string | undefined;
  readonly words: number;
}

/** `9:00`, `at 9am Europe/Berlin`; undefined when the words from `from` on are no time. */
export function readZonedTime(args: Arguments, from: number): ZonedTime | undefined {
  const at = args.word(from)?.toLowerCase() === 'at' ? 1 : 0;
  const time = readTimeOfDay(args.word(from + at));
  if (time === undefined) return undefined;
  const zone = readZone(args.word(from + at + 1));
  return { ...time, zone, words: at + 1 + (zone === undefined ? 0 : 1) };
}

/** Several times of the day with their zone, the earliest first, each once. */
export interface ZonedTimes {
  readonly times: readonly TimeOfDay[];
  /** Undefined: none was named. */
  readonly zone: string | undefined;
  readonly words: number;
}

/** `9:00`, `9:00,17:30 Europe/Berlin`, `at 9am, 1pm and 5pm`; undefined when the words from `from` on are no times. */
export function readZonedTimes(args: Arguments, from: number): ZonedTimes | undefined {
  const at = args.word(from)?.toLowerCase() === 'at' ? 1 : 0;
  let end = from + at + 1;
  const times = readTimes(args.word(end - 1))?.slice();
  if (times === undefined) return undefined;
  for (;;) {
    const isAnd = args.word(end)?.toLowerCase() === 'and';
    const isMore = isAnd || args.word(end - 1)?.endsWith(',') === true;
    const more = isMore ? readTimes(args.word(end + (isAnd ? 1 : 0))) : undefined;
    if (more === undefined) break;
    times.push(...more);
    end += isAnd ? 2 : 1;
  }
  const zone = readZone(args.word(end));
  return { times: inOrder(times), zone, words: end - from + (zone === undefined ? 0 : 1) };
}

/** `9:00,17:00`, with a comma behind them or without. */
function readTimes(word = ''): readonly TimeOfDay[] | undefined {
  const parts = word.replace(/,$/, '').split(',').map(readTimeOfDay);
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

const minuteOf = ({ hour, minute }: TimeOfDay): number => 60 * hour + minute;

const inOrder = (times: readonly TimeOfDay[]): readonly TimeOfDay[] =>
  [...new Map(times.map((time) => [minuteOf(time), time])).values()].sort(
    (one, other) => minuteOf(one) - minuteOf(other),
  );

/** `9:00,17:30`. */
export const showTimes = (times: readonly TimeOfDay[]): string =>
  times.map(({ hour, minute }) => `${hour}:${String(minute).padStart(2, '0')}`).join(',');

/** A time of the day that stands where a command should: whoever wrote it meant something else than a duration. */
export const isTimeAt = (args: Arguments, from: number): boolean =>
  readTimes(args.word(from)) !== undefined ||
  (args.word(from)?.toLowerCase() === 'at' && readTimes(args.word(from + 1)) !== undefined);
