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

export const showTimeOfDay = ({ hour, minute }: TimeOfDay): string => `${hour}:${String(minute).padStart(2, '0')}`;

/** A time of the day that stands where a command should: whoever wrote it meant something else than a duration. */
export const isTimeAt = (args: Arguments, from: number): boolean =>
  readTimeOfDay(args.word(from)) !== undefined ||
  (args.word(from)?.toLowerCase() === 'at' && readTimeOfDay(args.word(from + 1)) !== undefined);
