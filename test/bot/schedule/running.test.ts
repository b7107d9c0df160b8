import { expect, test } from 'vitest';
import { withResolvers } from '../../../src/async/queue.ts';
import type { DueOutcome } from '../../../src/bot/schedule/schedules.ts';
import { text } from '../../../src/document/document.ts';
import { InputError } from '../../../src/inputs/input.ts';
import { memoryInput } from '../../../src/inputs/memory/memory.ts';
import { ann, bob, day, hour, minute, settled, times, world } from './world.ts';

test('who makes a schedule is told its id, its next times and how to end it', async () => {
  const here = await world({ timeZone: 'Europe/Berlin' });
  const document = await here.answerTo('every weekday 9:00 health billing | grep down');
  expect(document).toEqual({
    kind: 'group',
    gap: 0,
    parts: [
      text(
        's1: every weekday 9:00: health billing | grep down\n' +
          'next: Mon 2026-11-23 09:00, Tue 2026-11-24 09:00, Wed 2026-11-25 09:00 (Europe/Berlin)\n' +
          'To end it: unschedule s1',
      ),
      { kind: 'actions', actions: [{ label: 'Cancel it', line: 'unschedule s1' }] },
    ],
  });
});

test('a line runs in the name of its person, in the place it was made in, and is answered there', async () => {
  const here = await world();
  await here.say('in 10m health billing', { thread: '17.3' });
  await here.clock.pass(10 * minute);
  const [ran] = here.ran;
  expect(ran?.due).toMatchObject({
    identity: { input: 'memory', user: 'U1', name: 'Ann', isKnown: true },
    place: { kind: 'room', room: 'ops', thread: '17.3' },
    roomName: '#ops',
    isDirect: false,
    line: 'health billing',
    cause: 'schedule s1',
  });
  expect(here.input.unasked.map(({ place }) => place)).toEqual([{ kind: 'room', room: 'ops', thread: '17.3' }]);
  expect(here.told).toEqual(['s1 (once Sat 2026-11-21 16:10): health billing\nanswer to health billing']);
  expect(await here.say('schedules')).toBe('nothing is scheduled');
});

test('schedules are listed with all that their people want to know', async () => {
  const here = await world();
  await here.say('in 3h ping');
  await here.say('every monday 9:00 list services | grep billing', bob);
  await here.say('at 2026-12-24 18:00 hello');
  await here.say('every 5m stats greeter', { room: 'dev' });
  await here.say('every 15m health billing');
  await here.clock.pass(15 * minute);
  expect(await here.say('schedules')).toBe(
    [
      'Id\tWhen\tCommand\tNext\tWhose\tWhere\tLast',
      's1\tonce Sat 2026-11-21 19:00\tping\tin 2h45m\tAnn\tmemory #ops\t',
      's2\tevery monday 9:00\tlist services | grep billing\tMon 09:00\tBob\tmemory #ops\t',
      's3\tonce Thu 2026-12-24 18:00\thello\t2026-12-24 18:00\tAnn\tmemory #ops\t',
      's5\tevery 15m\thealth billing\tin 15m\tAnn\tmemory #ops\tdone',
      '',
      'times without a zone are in UTC',
      '1 of yours elsewhere: ask me where nobody else reads along',
    ].join('\n'),
  );
  expect(await here.say('schedules', { room: 'D1', isDirect: true })).toContain('s4\tevery 5m\tstats greeter');
});

test('of two runs of one schedule the second is left out, and that is told once', async () => {
  const here = await world();
  const end = withResolvers<DueOutcome>();
  here.answer = () => end.promise;
  await here.say('every 5m health billing');
  await here.clock.pass(21 * minute);
  expect(times(here)).toEqual(['2026-11-21T16:05']);
  expect(here.told).toEqual(['s1 is left out while it still runs since 16:05:00: health billing']);
  expect(await here.say('schedules')).toContain('runs now');
  end.resolve('done');
  await here.clock.pass(5 * minute);
  expect(times(here)).toEqual(['2026-11-21T16:05', '2026-11-21T16:25']);
});

test('a run that throws against its promise hurts nobody', async () => {
  const here = await world();
  here.answer = () => Promise.reject(new Error('broken'));
  await here.say('every 5m ping');
  await here.clock.pass(11 * minute);
  expect(times(here)).toHaveLength(2);
  expect(here.warnings).toEqual(['a line of a schedule could not be run', 'a line of a schedule could not be run']);
  expect(await here.say('schedules')).toContain('failed');
});

test('what is far away comes on its day, though no timer can wait so long', async () => {
  const here = await world();
  await here.say('in 40d ping');
  here.clock.jump(40 * day - 2 * minute);
  await here.clock.pass(2 * minute - 1);
  expect(here.ran).toEqual([]);
  await here.clock.pass(1);
  expect(times(here)).toEqual(['2026-12-31T16:00']);
});

test('a clock that is set forward is noticed within a minute: what repeats does not catch up, what runs once does', async () => {
  const here = await world();
  await here.say('every 5m ping');
  await here.say('in 30m hello');
  here.clock.jump(48 * minute);
  await here.clock.pass(minute);
  expect(here.ran.map(({ at, due }) => `${at.slice(11, 16)} ${due.line}`)).toEqual(['16:49 hello']);
  expect(here.told[0]).toBe('s2 comes 19m late: its time was Sat 2026-11-21 16:30');
  await here.clock.pass(2 * minute);
  expect(here.ran.map(({ at, due }) => `${at.slice(11, 16)} ${due.line}`)).toEqual(['16:49 hello', '16:50 ping']);
});

test('a clock that is set back a little makes nothing come twice', async () => {
  const here = await world({ start: '2026-11-23T08:59:30Z' });
  await here.say('every day 9:00 ping');
  await here.clock.pass(minute);
  expect(here.ran).toHaveLength(1);
  here.clock.jump(-10 * minute);
  await here.clock.pass(30 * minute);
  expect(here.ran).toHaveLength(1);
  await here.clock.pass(day);
  expect(times(here)).toEqual(['2026-11-23T09:00', '2026-11-24T09:00']);
});

test('a clock that was years ahead and is put right holds nothing up', async () => {
  const here = await world({ start: '2031-11-23T08:00:00Z' });
  await here.say('every day 9:00 ping');
  await here.say('every 1h hello');
  await here.clock.pass(90 * minute);
  here.clock.jump(Date.parse('2026-11-23T08:00:00Z') - here.clock.now());
  await here.clock.pass(3 * hour);
  expect(here.ran.map(({ at, due }) => `${at.slice(0, 16)} ${due.line}`).slice(2)).toEqual([
    '2026-11-23T09:00 ping',
    '2026-11-23T09:00 hello',
    '2026-11-23T10:00 hello',
    '2026-11-23T11:00 hello',
  ]);
});

test('what cannot be said while the network is away is said when it is back, in order', async () => {
  const inner = memoryInput();
  let isAway = true;
  const here = await world({
    reach: (_, place) => {
      const speech = inner.reach(place);
      return {
        ...speech,
        say: (document, kind) =>
          isAway ? Promise.reject(new InputError('unavailable', 'away')) : speech.say(document, kind),
      };
    },
    input: inner,
  });
  await here.say('in 1m first');
  await here.say('in 2m second');
  await here.clock.pass(4 * minute);
  expect(here.ran).toHaveLength(2);
  expect(here.told).toEqual([]);
  isAway = false;
  await here.clock.pass(minute);
  expect(here.told.map((words) => words.split('\n').at(-1))).toEqual(['answer to first', 'answer to second']);
});

test('nothing becomes due after close, and no timer is left', async () => {
  const here = await world();
  await here.say('every 1m ping');
  await here.say('in 1m hello');
  here.schedules.close();
  await here.clock.pass(hour);
  await settled();
  expect(here.ran).toEqual([]);
  expect(here.clock.waiting).toBe(0);
});

test('the audit has a note of each that is made and ended', async () => {
  const here = await world();
  await here.say('every 15m health billing');
  await here.say('unschedule s1');
  const details = { schedule: 'schedule s1', when: 'every 15m', line: 'health billing', input: 'memory', room: 'ops' };
  expect(here.notes).toEqual([
    { kind: 'note', what: 'schedule made', person: ann.person, details },
    { kind: 'note', what: 'schedule ended', person: ann.person, details: { ...details, by: 'memory:U1' } },
  ]);
});

test('what runs once and nobody answers to at its time, as when the registry is away, runs when somebody does', async () => {
  let isAway = true;
  const here = await world({ isAnswered: (line) => !(isAway && line.startsWith('report')) });
  await here.say('in 1m report');
  await here.say('in 1m ping');
  await here.clock.pass(minute + 50_000);
  expect([here.ran.map(({ due }) => due.line), here.told]).toEqual([
    ['ping'],
    ['s2 (once Sat 2026-11-21 16:01): ping\nanswer to ping'],
  ]);
  await here.clock.pass(30_000);
  expect(here.told.slice(1)).toEqual([
    's1 is not run yet: nobody answers to its command. I try until an hour after its time. To end it: unschedule s1. It is: report',
  ]);
  isAway = false;
  await here.clock.pass(5_000);
  expect(here.ran.map(({ due }) => due.line)).toEqual(['ping', 'report']);
  await here.clock.pass(2 * hour);
  expect(here.ran).toHaveLength(2);
  expect(await here.say('schedules')).toBe('nothing is scheduled');
});

test('what runs once and nobody answers to for an hour is told, and not run', async () => {
  const here = await world({ isAnswered: () => false });
  await here.say('in 1m report');
  await here.clock.pass(2 * hour);
  expect(here.ran).toEqual([]);
  expect(here.told.map((words) => words.split(':')[0])).toEqual(['s1 is not run yet', 's1 was not run']);
  expect(here.told[1]).toContain('16:01, and nobody answered to its command. It was: report');
  expect(await here.say('schedules')).toBe('nothing is scheduled');
});
