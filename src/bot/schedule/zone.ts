import { CommandError } from '../../commands/command.ts';

/** What a clock on the wall shows. */
export interface WallTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** Making one is slow, and a team knows few zones. */
const formats = new Map<string, Intl.DateTimeFormat>();
const mostFormats = 100;

/** Throws a `RangeError` for a zone that is not known. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const found = formats.get(zone);
  if (found !== undefined) return found;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  if (formats.size >= mostFormats) formats.clear();
  formats.set(zone, made);
  return made;
}

/** Whether this machine knows it. */
export function isZone(zone: string): boolean {
  try {
    return formatOf(zone).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

export const machineZone = (): string => new Intl.DateTimeFormat('en-US').resolvedOptions().timeZone;

export function wallTime(epochMs: number, zone: string): WallTime {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(epochMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
  };
}

/**
 * The time zone that a word names, in the usual letters: `Europe/Berlin`, `UTC`. Undefined for what is no such word. Throws a
 * `CommandError` (`usage`) for one that looks like a zone and is none.
 */
export function readZone(word: string | undefined): string | undefined {
  if (word === undefined) return undefined;
  if (/^(?:UTC|GMT)$/.test(word)) return 'UTC';
  if (!/^[A-Z][\w+-]*(?:\/[A-Z][\w+-]*)+$/i.test(word)) return undefined;
  try {
    const official = formatOf(word).resolvedOptions().timeZone;
    // A zone that got another name is shown as it was asked for: Asia/Kolkata.
    return official.toLowerCase() === word.toLowerCase() ? official : word;
  } catch (error) {
    throw new CommandError('usage', `there is no time zone ${word}: write it as Europe/Berlin or UTC`, {
      cause: error,
    });
  }
}
