import type { Arguments } from '../../commands/command.ts';
import { readDay } from './days.ts';
import { type Definition, lineAfter, misread, type ReadDefinition, type Telling } from './definition.ts';
import { readPeriod } from './period.ts';
import { dateOf, showTimeIn } from './shown.ts';
import { isTimeAt, readTimeOfDay, readZonedTime, type TimeOfDay } from './time-of-day.ts';
import { readZone } from './zone.ts';

export const inUsage = 'in [duration] [command]';
export const atUsage = 'at [date or day] [time] [zone] [command]';
export const tomorrowUsage = 'tomorrow [time] [zone] [command]';

const dayMs = 86_400_000;
const mostMs = 3_650 * dayMs;

/** `in 10m LINE`. */
export const readIn: ReadDefinition = (args, telling) => {
  const period = readPeriod(args, 0);
  if (period === undefined || period.ms <= 0) throw misread('in how long? Write it as 10m, 1h30m or 2 days', inUsage);
  if (period.ms > mostMs) throw misread('that is more than ten years', inUsage);
  if (isTimeAt(args, period.words)) throw misread('a time of the day goes with a day: at 2026-12-01 9:00', inUsage);
  return once(args, telling, telling.now + period.ms, telling.zone, period.words, inUsage);
};

/** `at 17:30 LINE`, `at 2026-12-01 09:00 Europe/Berlin LINE`, `at monday 9am LINE`. */
export const readAt: ReadDefinition = (args, telling) => {
  const [date, joined] = (args.word(0) ?? '').split(/[tT](?=\d)/);
  const clock = readTimeOfDay(joined);
  if (clock !== undefined && date !== undefined && isDate(date)) {
    const zone = readZone(args.word(1));
    return onDate(args, telling, date, { ...clock, zone, words: zone === undefined ? 0 : 1 }, 1, atUsage);
  }
  const word = args.word(0) ?? '';
  const isDay = isDate(word) || /^(?:today|tomorrow)$/i.test(word) || readDay(word) !== undefined;
  const time = readZonedTime(args, isDay ? 1 : 0);
  if (time === undefined) throw misread('at what time? Write it as 17:30, 9am or 2026-12-01 09:00', atUsage);
  if (!isDay) return comingUp(args, telling, '*', time, 0);
  const day = readDay(word);
  if (day !== undefined) return comingUp(args, telling, String(day), time, 1);
  return onDate(args, telling, dateFor(word, telling, time.zone), time, 1, atUsage);
};

/** `tomorrow 9:00 LINE`. */
export const readTomorrow: ReadDefinition = (args, telling) => {
  const time = readZonedTime(args, 0);
  if (time === undefined) throw misread('at what time? Write it as 9:00 or 9am', tomorrowUsage);
  return onDate(args, telling, dateFor('tomorrow', telling, time.zone), time, 0, tomorrowUsage);
};

interface Time extends TimeOfDay {
  readonly zone: string | undefined;
  readonly words: number;
}

const isDate = (word: string): boolean => /^\d{4}-\d{1,2}-\d{1,2}$/.test(word);

function dateFor(word: string, { now, zone }: Telling, named: string | undefined): string {
  if (isDate(word)) return word;
  const today = dateOf(now, named ?? zone);
  // Days of a calendar: to count hours would miss one when clocks change.
  return word.toLowerCase() === 'today' ? today : new Date(Date.parse(today) + dayMs).toISOString().slice(0, 10);
}

function onDate(
  args: Arguments,
  telling: Telling,
  date: string,
  time: Time,
  before: number,
  usage: string,
): Definition {
  const zone = time.zone ?? telling.zone;
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const isThere = month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
  const pattern = `0 ${time.minute} ${time.hour} ${day} ${month} * ${year}`;
  const at = isThere ? telling.calendar.next(pattern, zone, Date.UTC(year, month - 1, day) - 2 * dayMs) : undefined;
  if (at === undefined) throw misread(`there is no ${date}`, usage);
  return once(args, telling, at, zone, before + time.words, usage);
}

/** Today or tomorrow, or on the next such day of the week. */
function comingUp(args: Arguments, telling: Telling, day: string, time: Time, before: number): Definition {
  const zone = time.zone ?? telling.zone;
  const at = telling.calendar.next(`${time.minute} ${time.hour} * * ${day}`, zone, telling.now);
  return once(args, telling, at ?? telling.now, zone, before + time.words, atUsage);
}

function once(args: Arguments, telling: Telling, at: number, zone: string, words: number, usage: string): Definition {
  const line = lineAfter(args, words, usage);
  const shown = showTimeIn(at, zone, telling.zone);
  if (at < telling.now) throw misread(`${shown} has passed`, usage);
  if (at > telling.now + mostMs) throw misread(`${shown} is more than ten years away`, usage);
  return { when: { kind: 'once', at, zone }, shown: `once ${shown}`, line };
}
