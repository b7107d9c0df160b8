import type { Arguments } from '../../commands/command.ts';
import { type Days, readDays } from './days.ts';
import { type Definition, lineAfter, misread, type ReadDefinition, type Telling } from './definition.ts';
import { readPeriod, readUnit, showPeriod } from './period.ts';
import { isTimeAt, readZonedTimes, showTimes } from './time-of-day.ts';
import { readZone } from './zone.ts';

export const everyUsage = 'every [duration, day or days] [times] [zone] [command]';
export const cronUsage = 'cron "[minute] [hour] [day] [month] [weekday]" [zone] [command]';

const mostMs = 366 * 86_400_000;
/** On one day. */
const mostTimes = 24;

/** `every 15m LINE`, `every weekday 9:00,17:00 LINE`, `every mon,wed 9am Europe/Berlin LINE`, `every 1st 9:00 LINE`. */
export const readEvery: ReadDefinition = (args, telling) => {
  const first = args.word(0) ?? '';
  const days = readDays(first);
  if (days !== undefined) return onDays(args, telling, days);
  const unit = readUnit(first);
  const period = unit === undefined ? readPeriod(args, 0) : { ms: unit, words: 1 };
  if (period === undefined) throw misread('every what? Write it as 15m, 2 hours, day 9:00 or monday 9:00', everyUsage);
  if (isTimeAt(args, period.words)) throw misread('a time of the day goes with days: every monday 9:00', everyUsage);
  if (period.ms < telling.leastEveryMs) {
    throw misread(`every ${showPeriod(telling.leastEveryMs)} is the most often that is possible`, everyUsage);
  }
  if (period.ms > mostMs) throw misread('that is more than a year', everyUsage);
  return {
    when: { kind: 'interval', everyMs: period.ms, from: telling.now },
    shown: `every ${showPeriod(period.ms)}`,
    line: lineAfter(args, period.words, everyUsage),
  };
};

function onDays(args: Arguments, telling: Telling, { ofMonth, ofWeek }: Days): Definition {
  const first = args.word(0) ?? '';
  const given = readZonedTimes(args, 1);
  if (given === undefined) {
    throw misread(`every ${first} at what time? Write it as 9:00, 9am or 9:00,17:00`, everyUsage);
  }
  const { times, words } = given;
  if (times.length > mostTimes) {
    throw misread(
      `that is ${times.length} times a day, more than ${mostTimes}: every 15m may be what is meant`,
      everyUsage,
    );
  }
  // One pattern has the same minutes in all its hours.
  const hours = new Map<number, number[]>();
  for (const { hour, minute } of times) hours.set(minute, [...(hours.get(minute) ?? []), hour]);
  const [pattern = '', ...also] = [...hours].map(
    ([minute, all]) => `${minute} ${all.join(',')} ${ofMonth} * ${ofWeek}`,
  );
  const zone = given.zone ?? telling.zone;
  return {
    when: { kind: 'calendar', pattern, zone, ...(also.length === 0 ? {} : { also }) },
    shown: `every ${first.toLowerCase()} ${showTimes(times)}${given.zone === undefined ? '' : ` ${given.zone}`}`,
    line: lineAfter(args, 1 + words, everyUsage),
  };
}

/** `cron "0 9 * * 1-5" LINE`; the quotes may be left out. */
export const readCron: ReadDefinition = (args, telling) => {
  const first = args.word(0) ?? '';
  const isQuoted = first.trim().includes(' ') || first.startsWith('@');
  const fields = isQuoted ? first.trim().split(/ +/) : Array.from({ length: 5 }, (_, index) => args.word(index) ?? '');
  const pattern = fields.join(' ');
  const isNickname = /^@(?:hourly|daily|weekly|monthly|yearly|annually)$/i.test(pattern);
  if (!isNickname && (fields.length !== 5 || !fields.every((field) => /^[\d*?,/#\-a-z]+$/i.test(field)))) {
    throw misread('when? Write it as five fields: cron "0 9 * * 1-5"', cronUsage);
  }
  return onPattern(args, telling, pattern, isQuoted ? 1 : 5);
};

function onPattern(args: Arguments, telling: Telling, pattern: string, words: number): Definition {
  const named = readZone(args.word(words));
  const zone = named ?? telling.zone;
  let next: number | undefined;
  try {
    next = telling.calendar.next(pattern, zone, telling.now);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^\w+: /, '') : 'it cannot be read';
    throw misread(`"${pattern}": ${reason}`, cronUsage);
  }
  if (next === undefined) throw misread(`"${pattern}" never comes`, cronUsage);
  return {
    when: { kind: 'calendar', pattern, zone },
    shown: `cron "${pattern}"${named === undefined ? '' : ` ${named}`}`,
    line: lineAfter(args, words + (named === undefined ? 0 : 1), cronUsage),
  };
}
