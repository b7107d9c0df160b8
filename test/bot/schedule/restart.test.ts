import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withResolvers } from '../../../src/async/queue.ts';
import { AuditError } from '../../../src/audit/audit.ts';
import { memoryAudit } from '../../../src/audit/memory.ts';
import type { DueOutcome } from '../../../src/bot/schedule/schedules.ts';
import { memoryInput } from '../../../src/inputs/memory/memory.ts';
import { fileState } from '../../../src/state/files.ts';
import { memoryState } from '../../../src/state/memory.ts';
import { until } from '../../support/until.ts';
import { begin, day, hour, minute, settled, TestClock, times, type World, type WorldOptions, world } from './world.ts';

/** The same bot again, `awayMs` later. */
async function again(
  before: World,
  state: ReturnType<typeof memoryState>,
  awayMs: number,
  options: WorldOptions = {},
): Promise<World> {
  before.schedules.close();
  await settled();
  const clock = new TestClock(new Date(before.clock.now() + awayMs).toISOString());
  return world({ state, clock, ...options });
}

test('schedules outlive the bot, their numbers are not given again', async () => {
  const state = memoryState();
  const first = await world({ state });
  await first.say('every day 9:00 health billing | grep down');
  await first.say('in 2h ping');
  await first.say('in 3h pong');
  await first.say('unschedule s3');
  const before = await first.say('schedules');
  const second = await again(first, state, 0);
  expect(await second.say('schedules')).toBe(before);
  expect(await second.say('in 1h hello')).toContain('s4');
  await second.clock.pass(day);
  expect(second.ran.map(({ at, due }) => `${at.slice(0, 16)} ${due.line}`)).toEqual([
    '2026-11-21T17:00 hello',
    '2026-11-21T18:00 ping',
    '2026-11-22T09:00 health billing | grep down',
  ]);
});

test.each([
  ['half an hour late', 40 * minute, ['2026-11-21T16:40'], 's1 comes 30m late: its time was Sat 2026-11-21 16:10'],
  ['a moment late', 10 * minute + 5_000, ['2026-11-21T16:10:05'], undefined],
  ['just in time', 9 * minute, ['2026-11-21T16:10'], undefined],
])('what was to run once while the bot was away: %s', async (_, awayMs, expected, told) => {
  const state = memoryState();
  const first = await world({ state });
  await first.say('in 10m ping');
  const second = await again(first, state, awayMs);
  await second.clock.pass(2 * minute);
  expect(times(second)).toEqual(expected);
  expect(second.told.filter((words) => words.includes('late'))).toEqual(told === undefined ? [] : [told]);
  const third = await again(second, state, minute);
  await third.clock.pass(day);
  expect(third.ran).toEqual([]);
});

test('what is later than an hour is told, with a way to run it now, and not run', async () => {
  const state = memoryState();
  const first = await world({ state });
  await first.say('in 10m deploy billing');
  const second = await again(first, state, 2 * hour);
  await second.clock.pass(day);
  expect(second.ran).toEqual([]);
  expect(second.told).toEqual([
    's1 was not run: its time was Sat 2026-11-21 16:10, and I was not there. It was: deploy billing',
  ]);
  expect(second.input.unasked[0]?.document).toMatchObject({
    parts: [{}, { kind: 'actions', actions: [{ label: 'Run it now', line: 'deploy billing' }] }],
  });
  expect(second.notes).toMatchObject([{ what: 'schedule missed' }]);
  expect(await second.say('schedules')).toBe('nothing is scheduled');
});

test('what repeats does not catch up', async () => {
  const state = memoryState();
  const first = await world({ state });
  await first.say('every 15m ping');
  await first.say('every day 9:00 pong');
  const second = await again(first, state, 3 * day + minute);
  await second.clock.pass(15 * minute);
  expect(times(second)).toEqual(['2026-11-24T16:15']);
  expect(second.told.filter((words) => words.includes('answer to'))).toHaveLength(1);
});

test('what was running once is told as unknown, and not run again', async () => {
  const state = memoryState();
  const first = await world({ state });
  first.answer = () => withResolvers<DueOutcome>().promise;
  await first.say('in 10m deploy billing');
  await first.say('every 10m ping');
  await first.clock.pass(10 * minute);
  expect(first.ran).toHaveLength(2);
  const second = await again(first, state, minute);
  await second.clock.pass(5 * minute);
  expect(second.ran).toEqual([]);
  expect(second.told).toEqual([
    's1 ran since Sat 2026-11-21 16:10 when I went down, and what became of it is unknown: deploy billing',
  ]);
  expect(second.notes).toMatchObject([{ what: 'schedule unknown', person: 'ann' }]);
  expect(await second.say('schedules')).not.toContain('deploy');
  const third = await again(second, state, minute);
  await third.clock.pass(minute);
  expect(third.told).toEqual([]);
});

test.each([
  ['done', undefined, 'done'],
  ['failed', 'billing is out', 'failed: billing is out'],
  ['denied', undefined, 'denied'],
] as const)('what ran once and has an end in the audit is told with that: %s', async (outcome, error, told) => {
  const state = memoryState();
  const audit = memoryAudit({ now: () => Date.parse('2026-11-21T16:10:01Z') });
  const first = await world({ state, audit });
  first.answer = async ({ cause, line }) => {
    const about = { id: '7', person: 'ann', input: 'memory', user: 'U1', room: 'ops', isMasked: false, decision: 'no' };
    const kind = outcome === 'denied' ? 'denied' : 'started';
    await audit.write({ ...about, kind, command: 'deploy', line, cause });
    if (outcome !== 'denied') await audit.write({ kind: 'ended', id: '7', outcome, durationMs: 1, error });
    // The bot goes down before it can keep that.
    return withResolvers<DueOutcome>().promise;
  };
  await first.say('in 10m deploy billing');
  await first.clock.pass(10 * minute);
  const second = await again(first, state, minute, { audit });
  await until(() => second.told.length > 0);
  expect(second.told).toEqual([
    `s1 ran since Sat 2026-11-21 16:10 and ended before I went down: ${told}. What it answered may be lost: deploy billing`,
  ]);
  expect(second.ran).toEqual([]);
  expect((await audit.find({}, 100)).filter(({ kind }) => kind === 'note')).toMatchObject([{ what: 'schedule made' }]);
});

test('an audit that cannot be asked is none', async () => {
  const state = memoryState();
  const first = await world({ state });
  first.answer = () => withResolvers<DueOutcome>().promise;
  await first.say('in 10m deploy billing');
  await first.clock.pass(10 * minute);
  const second = await again(first, state, minute, {
    audit: { write: async () => {}, find: () => Promise.reject(new AuditError('broken', 'it is broken')) },
  });
  await until(() => second.told.length > 0);
  expect(second.told[0]).toContain('is unknown: deploy billing');
  expect(second.warnings).toEqual(['the audit cannot tell what became of a schedule']);
});

test('how things went the last time outlives the bot', async () => {
  const state = memoryState();
  const first = await world({ state });
  first.answer = async () => 'failed';
  await first.say('every 15m ping');
  await first.clock.pass(15 * minute);
  const second = await again(first, state, 0);
  expect(await second.say('schedules')).toMatch(/every 15m\tping\t.*\tfailed/);
});

test('what was taken out but not begun when the bot closed comes after the restart', async () => {
  const inner = memoryState();
  const gate = withResolvers<void>();
  let isSlow = false;
  const state: typeof inner = {
    ...inner,
    async shelf(name, read, empty) {
      const shelf = await inner.shelf(name, read, empty);
      return {
        get current() {
          return shelf.current;
        },
        async replace(value) {
          if (isSlow) await gate.promise;
          await shelf.replace(value);
        },
      };
    },
  };
  const first = await world({ state });
  await first.say('in 10m ping');
  isSlow = true;
  await first.clock.pass(10 * minute);
  first.schedules.close();
  gate.resolve();
  const second = await again(first, inner, minute);
  await second.clock.pass(minute);
  expect(first.ran).toEqual([]);
  expect(times(second)).toHaveLength(1);
});

test('what repeats and was running is told as unknown, and goes on with its next time', async () => {
  const state = memoryState();
  const first = await world({ state });
  await first.say('every day 9:00 backup');
  await first.say('watch ping for 2h');
  const unfinished = ['schedule s1', 'watch s2', 'schedule s7', 'message'].map((cause) => ({
    cause,
    at: '2026-11-21T16:00:00.000Z',
  }));
  const second = await again(first, state, hour, { unfinished });
  await until(() => second.told.length > 0);
  expect(second.told).toEqual([
    's1 ran since Sat 2026-11-21 16:00 when I went down, and what became of it is unknown. It goes on with its next time, Sun 2026-11-22 09:00. It is: backup',
  ]);
  expect(await second.say('schedules')).toContain('s1\t');
});

test('pauses and refusals outlive the bot', async () => {
  const state = memoryState();
  const first = await world({ state });
  first.answer = async () => 'denied';
  await first.say('every 1m ping');
  await first.say('every 1h pong');
  await first.say('pause s2');
  await first.clock.pass(2 * minute);
  const second = await again(first, state, 0);
  second.answer = async () => 'denied';
  expect(await second.say('schedules')).toMatch(/every 1h\tpong\tpaused\t/);
  await second.clock.pass(5 * minute);
  expect(second.ran).toHaveLength(1);
  expect(await second.say('schedules')).toMatch(/every 1m\tping\tpaused: refused\t/);
});

test('a watch goes on, and one whose time is over meanwhile is told as ended', async () => {
  const state = memoryState();
  const first = await world({ state });
  await first.say('watch ping for 1h');
  await first.say('watch pong for 5m');
  await first.clock.pass(minute);
  const second = await again(first, state, 10 * minute);
  await second.clock.pass(minute);
  expect(new Set(second.ran.map(({ due }) => due.line))).toEqual(new Set(['ping']));
  expect(second.told[0]).toContain('the watch of pong has ended');
});

test('nothing begins before start', async () => {
  const here = await world({ begins: false });
  await here.say('in 1m ping');
  await here.clock.pass(5 * minute);
  expect(here.ran).toEqual([]);
  begin(here);
  await here.clock.pass(1);
  expect(here.ran).toHaveLength(1);
});

test('what is kept in files is read again; what cannot be read is set aside, and the bot begins anew', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'schedules-'));
  const state = await fileState({ directory });
  const first = await world({ state });
  await first.say('every mon,wed 9am Europe/Berlin health billing', { thread: '17.3' });
  await first.say('watch ping for 1h');
  const shown = await first.say('schedules');
  first.schedules.close();
  await state.close();
  const next = await fileState({ directory });
  const second = await world({ state: next, begins: false, input: memoryInput() });
  expect(await second.say('schedules')).toBe(shown.replace('in 0s', 'in 10s'));
  await next.close();
  await writeFile(join(directory, 'schedules.json'), '{"next":1,"schedules":[{"number":"one"}]}');
  const last = await fileState({ directory });
  const third = await world({ state: last });
  expect(await third.say('schedules')).toBe('nothing is scheduled');
  expect((await readdir(directory)).some((name) => name.startsWith('schedules.json.broken-'))).toBe(true);
  await last.close();
});
