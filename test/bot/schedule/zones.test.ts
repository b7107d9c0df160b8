import { expect, test } from 'vitest';
import { nothing } from '../../../src/bot/schedule/kept.ts';
import { memoryState } from '../../../src/state/memory.ts';
import { testBot } from '../../../src/testing/bot.ts';
import { ann, day, hour, settled, TestClock, times, world } from './world.ts';

// In Berlin clocks leap from 2:00 to 3:00 on 2027-03-28, and go back from 3:00 to 2:00 on 2026-10-25.
test.each([
  ['every day 2:30 Europe/Berlin ping', '2027-03-26T12:00Z', ['03-27T01:30', '03-28T01:00', '03-29T00:30']],
  ['every day 2:30 Europe/Berlin ping', '2026-10-24T12:00Z', ['10-25T00:30', '10-26T01:30', '10-27T01:30']],
  // All that the leap swallowed comes right behind it, and once.
  ['every day 2:15,2:45 Europe/Berlin ping', '2027-03-27T12:00Z', ['03-28T01:00', '03-29T00:15', '03-29T00:45']],
  ['every day 2:30,3:00 Europe/Berlin ping', '2027-03-27T12:00Z', ['03-28T01:00', '03-29T00:30', '03-29T01:00']],
  ['every day 2:15,2:45 Europe/Berlin ping', '2026-10-24T12:00Z', ['10-25T00:15', '10-25T00:45', '10-26T01:15']],
  ['every day 1:30,2:30 Europe/Berlin ping', '2026-10-24T12:00Z', ['10-24T23:30', '10-25T00:30', '10-26T00:30']],
  ['every sunday 9:00,17:00 Europe/Berlin ping', '2027-03-21T12:00Z', ['03-21T16:00', '03-28T07:00', '03-28T15:00']],
  // What comes every so often does not look at clocks.
  ['every 24h ping', '2027-03-27T08:00Z', ['03-28T08:00', '03-29T08:00', '03-30T08:00']],
  ['at 2027-03-28 2:30 Europe/Berlin ping', '2027-03-27T12:00Z', ['03-28T01:00']],
  ['at 2026-10-25 2:30 Europe/Berlin ping', '2026-10-24T12:00Z', ['10-25T00:30']],
  ['tomorrow 2:30 Europe/Berlin ping', '2026-10-24T12:00Z', ['10-25T00:30']],
])('%s from %s', async (typed, start, expected) => {
  const here = await world({ clock: new TestClock(start) });
  await here.say(typed);
  while (here.ran.length < expected.length && here.clock.now() < Date.parse(start) + 9 * day) {
    await here.clock.pass(6 * hour);
  }
  expect(times(here).slice(0, expected.length)).toEqual(expected.map((at) => `${start.slice(0, 5)}${at}`));
  here.schedules.close();
});

test('times without a zone are in the one that was set, and the list says which that is', async () => {
  const here = await world({ timeZone: 'Asia/Kathmandu' });
  expect(await here.say('every day 9:00 ping')).toContain('next: Sun 2026-11-22 09:00');
  await here.say('every day 9:00 europe/berlin ping');
  await here.say('at 2026-12-24 18:00 Europe/Berlin ping');
  await here.say('tomorrow 9:00 ping');
  await here.say('every 15m ping');
  expect((await here.say('schedules')).split('\n').map((row) => row.split('\t', 4))).toEqual([
    ['Id', 'When', 'Command', 'Next'],
    ['s1', 'every day 9:00', 'ping', 'in 11h15m'],
    ['s2', 'every day 9:00 Europe/Berlin', 'ping', 'in 16h'],
    ['s3', 'once Thu 2026-12-24 18:00 Europe/Berlin', 'ping', '2026-12-24 18:00'],
    ['s4', 'once Sun 2026-11-22 09:00', 'ping', 'in 11h15m'],
    ['s5', 'every 15m', 'ping', 'in 15m'],
    [''],
    ['times without a zone are in Asia/Kathmandu'],
  ]);
});

test('a zone keeps the name it was asked for by, whatever it is called officially', async () => {
  const here = await world();
  expect(await here.say('every day 9:00 Asia/Kolkata ping')).toContain('every day 9:00 Asia/Kolkata: ping');
});

test('what was made in another zone goes on in that, and is shown with it', async () => {
  const state = memoryState();
  const first = await world({ state, timeZone: 'Asia/Kathmandu' });
  await first.say('every day 9:00,17:30 ping');
  await first.say('at 2026-12-24 18:00 ping');
  first.schedules.close();
  await settled();
  const second = await world({ state, timeZone: 'UTC' });
  const shown = await second.say('schedules');
  expect(shown).toContain('s1\tevery day 9:00,17:30 Asia/Kathmandu\tping\tin 11h15m');
  expect(shown).toContain('s2\tonce Thu 2026-12-24 18:00 Asia/Kathmandu\tping\t2026-12-24 18:00');
  await second.clock.pass(day);
  expect(times(second)).toEqual(['2026-11-22T03:15', '2026-11-22T11:45']);
});

test('a zone that this machine does not know keeps nothing else from running', async () => {
  const state = memoryState();
  const first = await world({ state });
  await first.say('every day 9:00 Europe/Berlin lost');
  await first.say('at 17:00 Europe/Berlin once');
  await first.say('every 1h ping');
  first.schedules.close();
  await settled();
  const shelf = await state.shelf('schedules', (kept) => JSON.stringify(kept), JSON.stringify(nothing));
  const other = memoryState();
  const copy = await other.shelf('schedules', () => nothing, nothing);
  await copy.replace(JSON.parse(shelf.current.replaceAll('"zone":"Europe/Berlin"', '"zone":"Mars/Olympus"')));
  const second = await world({ state: other });
  expect(second.warnings).toEqual(['when a schedule comes next cannot be found out: it rests']);
  expect(await second.say('schedules')).toContain('s1\tevery day 9:00 Europe/Berlin\tlost\t\t');
  await second.clock.pass(day);
  expect(new Set(second.ran.map(({ due }) => due.line))).toEqual(new Set(['once', 'ping']));
  expect(await second.say('unschedule s1', ann)).toContain('s1 is ended');
});

test('a bot in a test has the zone that it is given', async () => {
  await using bot = await testBot({ now: '2026-11-20T08:00:00Z', timeZone: 'America/New_York' });
  expect((await bot.say('every weekday 9:00 ping', { in: '#ops' })).text).toContain('(America/New_York)');
  await bot.pass(6 * hour);
  expect((await bot.heard('#ops')).text).toContain('pong');
});
