import { expect, test } from 'vitest';
import { memoryState } from '../../../src/state/memory.ts';
import { until } from '../../support/until.ts';
import { day, hour, minute, settled, TestClock, type World, world } from './world.ts';

type State = ReturnType<typeof memoryState>;

/** The next bot, `awayMs` later, a moment after it began. */
async function again(before: World, state: State, awayMs: number): Promise<World> {
  before.schedules.close();
  await settled();
  const after = await world({ state, clock: new TestClock(new Date(before.clock.now() + awayMs).toISOString()) });
  await settled();
  return after;
}

async function made(...lines: readonly string[]): Promise<{ readonly first: World; readonly state: State }> {
  const state = memoryState();
  const first = await world({ state });
  for (const line of lines) await first.say(line);
  return { first, state };
}

test('what repeats and had its time while the bot was away is told once, noted, and not run late', async () => {
  const { first, state } = await made('every day 9:00 health billing');
  const second = await again(first, state, 4 * day);
  await until(() => second.told.length > 0);
  const sentence =
    's1 was missed 4 times while I was not there, last at Wed 2026-11-25 09:00; next Thu 2026-11-26 09:00. It is: health billing';
  expect([second.told, second.ran]).toEqual([[sentence], []]);
  expect(second.notes).toContainEqual(expect.objectContaining({ what: 'schedule missed', person: 'ann' }));
  const third = await again(second, state, hour);
  expect(third.told).toEqual([]);
});

test('one that was missed once in the minute in which the bot was started anew is told, one that comes each minute is not', async () => {
  const { first, state } = await made('every day 16:10 backup', 'every 1m ping');
  await first.clock.pass(5 * minute);
  const second = await again(first, state, 6 * minute);
  await until(() => second.told.length > 0);
  expect(second.told.map((words) => words.split(' while')[0])).toEqual(['s1 was missed once']);
});

test('what ran, rests, is a watch or runs once is no matter of it', async () => {
  const { first, state } = await made(
    'every day 16:10 backup',
    'every day 16:20 rests',
    'watch health for 2h',
    'in 4h ping',
  );
  await first.say('pause s2');
  await first.clock.pass(12 * minute);
  const second = await again(first, state, 3 * hour);
  expect(second.told.filter((words) => words.includes('missed'))).toEqual([]);
});

test('many are told in one message a place', async () => {
  const { first, state } = await made(...Array.from({ length: 30 }, (_, index) => `every day 9:00 job ${index}`));
  const second = await again(first, state, day);
  await until(() => second.told.length > 0);
  expect(second.told).toHaveLength(1);
  expect(second.told[0]?.split('\n')).toHaveLength(21);
  expect(second.told[0]).toContain('… and 10 more: see schedules');
});

test('a clock that was set back, and what an older bot kept, tell of nothing', async () => {
  const { first, state } = await made('every day 9:00 backup');
  expect((await again(first, state, -day)).told).toEqual([]);
  const shelf = await state.shelf('schedules', (kept) => kept as Record<string, unknown>, {});
  await shelf.replace({ ...shelf.current, attendedAt: undefined });
  expect((await world({ state, start: '2026-11-28T00:00:00Z' })).told).toEqual([]);
});

test('what repeats and had its time while the machine slept is told once, too', async () => {
  const here = await world();
  await here.say('every day 9:00 backup');
  await here.say('every day 9:30 report');
  await here.say('every 1m ping');
  here.clock.jump(2 * day);
  await here.clock.pass(minute);
  expect(here.told).toEqual([
    `s1 was missed 2 times while I was not there, last at Mon 2026-11-23 09:00; next Tue 2026-11-24 09:00. It is: backup
s2 was missed 2 times while I was not there, last at Mon 2026-11-23 09:30; next Tue 2026-11-24 09:30. It is: report
s3 was missed 1000 times or more while I was not there; next Mon 2026-11-23 16:02. It is: ping`,
  ]);
  expect(here.notes).toContainEqual(expect.objectContaining({ what: 'schedule missed', person: 'ann' }));
  await here.say('unschedule s3');
  await here.clock.pass(day);
  expect(here.told.filter((words) => words.includes('missed'))).toHaveLength(1);
  expect(here.ran.filter(({ due }) => due.line !== 'ping').map(({ at }) => at.slice(0, 16))).toEqual([
    '2026-11-24T09:00',
    '2026-11-24T09:30',
  ]);
});
