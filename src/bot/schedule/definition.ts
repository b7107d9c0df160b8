import { type Arguments, CommandError } from '../../commands/command.ts';
import type { Calendar } from './calendar.ts';
import type { When } from './when.ts';

/** A line and when it is to be run. */
export interface Definition {
  readonly when: When;
  /** When, for people: `every weekday 9:00`. */
  readonly shown: string;
  /** Verbatim. */
  readonly line: string;
}

/** What times are told by. */
export interface Telling {
  readonly now: number;
  /** For times that name no zone. */
  readonly zone: string;
  readonly calendar: Calendar;
  /** Repeated lines may not come more often. */
  readonly leastEveryMs: number;
}

/** Reads what stands behind a command's name. Throws a `CommandError` (`usage`). */
export type ReadDefinition = (args: Arguments, telling: Telling) => Definition;

/** The line that stands behind the first `words`. */
export function lineAfter(args: Arguments, words: number, usage: string): string {
  const line = args.after(words);
  if (line === '') throw new CommandError('usage', `there is nothing to be run\nusage: ${usage}`);
  return line;
}

export const misread = (sentence: string, usage: string): CommandError =>
  new CommandError('usage', `${sentence}\nusage: ${usage}`);
