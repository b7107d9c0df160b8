import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPeriod, showPeriod } from '../../../src/bot/schedule/period.ts';
import { CommandError } from '../../../src/commands/command.ts';
import { day, minute, times, world } from './world.ts';

// Saturday, 16:00 in UTC: 17:00 in Berlin.
test.each([
  ['in 10m ping', ['2026-11-21T16:10']],
  ['in 90s ping', ['2026-11-21T16:01:30']],
  ['IN 1h30m ping', ['2026-11-21T17:30']],
  ['in 2 days ping', ['2026-11-23T16:00']],
  ['in an hour ping', ['2026-11-21T17:00']],
  ['at 17:30 ping', ['2026-11-21T17:30']],
  ['at 9am ping', ['2026-11-22T09:00']],
  ['at 16:00 ping', ['2026-11-22T16:00']],
  ['at 12am ping', ['2026-11-22T00:00']],
  ['at 17:30 Europe/Berlin ping', ['2026-11-21T16:30']],
  ['at 17:30 europe/berlin ping', ['2026-11-21T16:30']],
  ['at today 23:59 ping', ['2026-11-21T23:59']],
  ['at tomorrow 9:00 ping', ['2026-11-22T09:00']],
  ['at monday 9:00 ping', ['2026-11-23T09:00']],
  ['at 2026-11-25 09:00 ping', ['2026-11-25T09:00']],
  ['at 2026-11-25T09:00 Europe/Berlin ping', ['2026-11-25T08:00']],
  ['tomorrow 9:00 ping', ['2026-11-22T09:00']],
  ['tomorrow at 9:30pm UTC ping', ['2026-11-22T21:30']],
  ['tomorrow 8:00 Pacific/Kiritimati ping', ['2026-11-22T18:00']],
  ['every 3 days ping', ['2026-11-24T16:00']],
  ['every day 9:00 ping', ['2026-11-22T09:00', '2026-11-23T09:00']],
  ['every day at 9:00 ping', ['2026-11-22T09:00', '2026-11-23T09:00']],
  ['every day 9:00,17:30 ping', ['2026-11-21T17:30', '2026-11-22T09:00', '2026-11-22T17:30']],
  ['every day 17:30, 9am,9:00 ping', ['2026-11-21T17:30', '2026-11-22T09:00', '2026-11-22T17:30']],
  ['every sun at 9am, 1pm and 5:30pm UTC ping', ['2026-11-22T09:00', '2026-11-22T13:00', '2026-11-22T17:30']],
  ['every sun 9:00 and 10:00 ping', ['2026-11-22T09:00', '2026-11-22T10:00', '2026-11-29T09:00']],
  ['every day 9:00, ping', ['2026-11-22T09:00', '2026-11-23T09:00']],
  ['every weekday 9:00 ping', ['2026-11-23T09:00', '2026-11-24T09:00']],
  ['every weekend 9:00 ping', ['2026-11-22T09:00', '2026-11-28T09:00']],
  ['every Monday 9am Europe/Berlin ping', ['2026-11-23T08:00', '2026-11-30T08:00']],
  ['every mon,wed 9:00 ping', ['2026-11-23T09:00', '2026-11-25T09:00']],
  ['every fri-mon 9:00 ping', ['2026-11-22T09:00', '2026-11-23T09:00']],
  ['every tues 9:00 ping', ['2026-11-24T09:00', '2026-12-01T09:00']],
  ['every 25th 9:00 ping', ['2026-11-25T09:00']],
  ['cron "0 9 * * 1-5" ping', ['2026-11-23T09:00', '2026-11-24T09:00']],
  ['cron “0 9 * * mon” ping', ['2026-11-23T09:00', '2026-11-30T09:00']],
  ['cron 0 9 * * 1-5 ping', ['2026-11-23T09:00', '2026-11-24T09:00']],
  ['cron "30 12 * * *" Asia/Kathmandu ping', ['2026-11-22T06:45', '2026-11-23T06:45']],
  ['cron @daily ping', ['2026-11-22T00:00', '2026-11-23T00:00']],
])('%s', async (typed, expected) => {
  const here = await world();
  await here.say(typed);
  while (here.ran.length < expected.length && here.clock.now() < Date.parse('2027-01-01'))
    await here.clock.pass(day / 2);
  expect(times(here).slice(0, expected.length)).toEqual(expected);
  expect(here.ran[0]?.due.line).toBe('ping');
  here.schedules.close();
});

test.each([
  ['every hour ping', 60 * minute],
  ['every minute ping', minute],
  ['every 15m ping', 15 * minute],
  ['every 2 hours ping', 120 * minute],
])('%s comes on its beat, and never drifts', async (typed, beat) => {
  const here = await world();
  await here.say(typed);
  await here.clock.pass(5 * beat + 1);
  const start = Date.parse('2026-11-21T16:00:00Z');
  expect(here.ran.map(({ at }) => Date.parse(at))).toEqual([1, 2, 3, 4, 5].map((count) => start + count * beat));
});

test.each([
  ['in ping', 'in how long?'],
  ['in 10 ping', 'in how long?'],
  ['in 10y ping', 'in how long?'],
  ['in 0m ping', 'in how long?'],
  ['in 99999d ping', 'more than ten years'],
  ['in 10m', 'nothing to be run'],
  ['in 2 days 9:00 ping', 'a time of the day goes with a day'],
  ['every 2 days at 9:00 ping', 'a time of the day goes with days'],
  ['at ping', 'at what time?'],
  ['at 25:00 ping', 'at what time?'],
  ['at 9:60 ping', 'at what time?'],
  ['at 13pm ping', 'at what time?'],
  ['at monday ping', 'at what time?'],
  ['at 17:30', 'nothing to be run'],
  ['at 17:30 Europe/Berln ping', 'there is no time zone Europe/Berln'],
  ['at 2026-02-30 9:00 ping', 'there is no 2026-02-30'],
  ['at 2026-13-01 9:00 ping', 'there is no 2026-13-01'],
  ['at 2026-11-20 9:00 ping', 'Fri 2026-11-20 09:00 has passed'],
  ['at 2999-11-20 9:00 ping', 'more than ten years'],
  ['tomorrow ping', 'at what time?'],
  ['every day 9:00,25:00 ping', 'every day at what time?'],
  ['every day 9:00,17:00', 'nothing to be run'],
  [
    `every day ${Array.from({ length: 25 }, (_, minute) => `9:${minute + 10}`).join(',')} ping`,
    'that is 25 times a day, more than 24',
  ],
  ['every 2 days 9:00,17:00 ping', 'a time of the day goes with days'],
  ['at 9:00,17:00 ping', 'at what time?'],
  ['every ping', 'every what?'],
  ['every day ping', 'every day at what time?'],
  ['every someday 9:00 ping', 'every what?'],
  ['every mon,someday 9:00 ping', 'every what?'],
  ['every 32nd 9:00 ping', 'every what?'],
  ['every 30s ping', 'every 1m is the most often that is possible'],
  ['every 10000d ping', 'more than a year'],
  ['every 1h', 'nothing to be run'],
  ['cron ping', 'five fields'],
  ['cron "0 9 * *" ping', 'five fields'],
  ['cron "* * * * * *" ping', 'five fields'],
  ['cron "61 * * * *" ping', 'Invalid value for minute'],
  ['cron "0 0 30 2 *" ping', 'never comes'],
  ['cron "0 9 * * 1-5"', 'nothing to be run'],
  ['cron "0 9 * * 1-5 ping', 'is never closed'],
  ['watch', 'watch what?'],
  ['watch for 10m', 'watch what?'],
  ['watch ping for 25h', '1d is the longest'],
  ['watch ping every 1s', 'every 2s is the most often'],
  ['watch ping for 5s every 10s', 'never within'],
])('%s is refused: %s', async (typed, sentence) => {
  const here = await world();
  await expect(here.say(typed)).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining(sentence) });
  expect(await here.say('schedules')).toBe('nothing is scheduled');
});

test('what is run later is taken as it was typed, quotes, pipes and all', async () => {
  const here = await world();
  const line = `call greeter Say.Hello  {"name": "J|n"} | grep 'a  b' > #ops`;
  await here.say(`every 5m   ${line}`);
  await here.clock.pass(5 * minute);
  expect(here.ran.map(({ due }) => due.line)).toEqual([line]);
});

test('a duration that is shown is read as the same', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e8 }), (seconds) => {
      const shown = showPeriod(seconds * 1_000);
      expect(readPeriod({ word: (index) => (index === 0 ? shown : undefined) }, 0)).toEqual({
        ms: seconds * 1_000,
        words: 1,
      });
    }),
  );
});

test('whatever people type, it is a schedule or they are told how to write it', async () => {
  const here = await world();
  const told = [
    '10m',
    '2',
    'days',
    'at',
    '9:00',
    '9:00,17:30,',
    'and',
    '25:61',
    'monday',
    '31st',
    'mon-',
    ',fri',
    '2026-02-30',
    'Europe/Berlin',
    '@daily',
    '*/5',
    '* * * * *',
    '"',
    'for',
    'every',
    '-1h',
    '1e9s',
    '0',
    '|',
  ];
  const word = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...told) },
    fc.string({ unit: 'grapheme', maxLength: 6 }),
  );
  const names = fc.constantFrom('in', 'at', 'tomorrow', 'every', 'cron', 'watch');
  await fc.assert(
    fc.asyncProperty(names, fc.array(word, { maxLength: 8 }), async (name, words) => {
      const answer = await here.say(`${name} ${words.join(' ')}`).catch((error: unknown) => error);
      if (typeof answer !== 'string') expect(answer).toBeInstanceOf(CommandError);
      else await here.say(`unschedule ${answer.split(':', 1).join('')}`);
    }),
    { numRuns: 500 },
  );
}, 60_000);
