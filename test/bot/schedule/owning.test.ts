import { expect, test } from 'vitest';
import type { DueOutcome } from '../../../src/bot/schedule/schedules.ts';
import { InputError } from '../../../src/inputs/input.ts';
import { memoryState } from '../../../src/state/memory.ts';
import { StateError } from '../../../src/state/state.ts';
import { bob, hour, minute, times, world } from './world.ts';

const root = { user: 'U9', name: 'Root', person: 'root' };

test.each([
  ['cancelled', 's1'],
  ['cancelled in capitals', 'S1'],
])('what is %s does not run', async (_, id) => {
  const here = await world();
  await here.say('in 10m ping');
  expect(await here.schedules.cancel(id, { input: 'memory', room: 'elsewhere', user: 'U1', person: 'ann' })).toBe(
    's1 is ended: once Sat 2026-11-21 16:10: ping',
  );
  await here.clock.pass(hour);
  expect(here.ran).toEqual([]);
  expect(here.clock.waiting).toBe(0);
});

test('what runs when it is cancelled is told to end', async () => {
  const here = await world();
  here.answer = ({ signal }) =>
    new Promise<DueOutcome>((resolve) => signal?.addEventListener('abort', () => resolve('cancelled')));
  await here.say('every 5m ping');
  await here.clock.pass(5 * minute);
  await here.say('unschedule s1');
  await here.clock.pass(hour);
  expect(here.ran[0]?.due.signal?.aborted).toBe(true);
  expect(times(here)).toEqual(['2026-11-21T16:05']);
});

test.each([
  'unschedule s1',
  'pause s1',
  'resume s1',
])('%s is for its person, and for those who look after the bot', async (typed) => {
  const here = await world();
  await here.say('every 5m ping');
  await expect(here.say(typed, bob)).rejects.toThrow('s1 is not yours: Ann made it');
  await expect(here.schedules.cancel('s1', { input: 'memory', room: 'ops', user: 'U2' })).rejects.toThrow('not yours');
  await expect(here.say(typed, { isKnown: false })).rejects.toThrow('not yours');
  if (typed === 'resume s1') await here.say('pause s1', root);
  await here.say(typed, root);
});

test('whose schedule somebody else ends is told', async () => {
  const here = await world();
  await here.say('every 5m ping');
  await here.say('unschedule s1', { ...root, room: 'D9' });
  expect(here.told).toEqual(['s1 is ended: every 5m: ping (by Root)']);
});

test('a schedule stays its person’s when that person gets a name in the access file', async () => {
  const here = await world();
  await here.say('every 5m ping', { person: 'memory:U1' });
  expect(await here.say('schedules', { isDirect: true, room: 'D1' })).toContain('ping');
  await here.say('unschedule s1');
});

test('ids that are none, and what is not there', async () => {
  const here = await world();
  for (const id of ['7', 's7', 's', 'sx', 's99999999999999999999', '']) {
    expect(await here.schedules.cancel(id, { input: 'memory', room: 'ops', user: 'U1' })).toBeUndefined();
  }
  await expect(here.say('unschedule s7')).rejects.toMatchObject({ code: 'not_found' });
  await expect(here.say('unschedule')).rejects.toMatchObject({ code: 'usage' });
  await expect(here.say('unschedule s1 s2')).rejects.toMatchObject({ code: 'usage' });
});

test('what is paused waits until it is resumed, and does not catch up', async () => {
  const here = await world();
  await here.say('every 5m ping');
  await here.say('pause s1');
  await expect(here.say('pause s1')).rejects.toThrow('s1 is paused already');
  expect(await here.say('schedules')).toContain('\tpaused\t');
  await here.clock.pass(hour + minute);
  expect(here.ran).toEqual([]);
  await here.say('resume s1');
  await expect(here.say('resume s1')).rejects.toThrow('s1 is not paused');
  await here.clock.pass(5 * minute);
  expect(times(here)).toEqual(['2026-11-21T17:05']);
});

test('what runs once, and a watch, cannot be paused', async () => {
  const here = await world();
  await here.say('in 5m ping');
  await expect(here.say('pause s1')).rejects.toThrow('nothing to pause');
});

test('three refusals in a row pause it, and a run between them does not count', async () => {
  const here = await world();
  const outcomes: DueOutcome[] = ['denied', 'denied', 'done', 'denied', 'failed', 'denied', 'denied', 'denied', 'done'];
  here.answer = async () => outcomes.shift() ?? 'done';
  await here.say('every 1m deploy billing');
  await here.clock.pass(hour);
  expect(here.ran).toHaveLength(8);
  expect(here.told).toEqual([
    's1 is paused: it was refused 3 times in a row. Say "resume s1" when it may run again, or "unschedule s1" to end it',
  ]);
  expect(await here.say('schedules')).toContain('paused: refused');
  await here.say('resume s1');
  await here.clock.pass(minute);
  expect(here.ran).toHaveLength(9);
});

test.each([
  [
    'a line that could not be run now',
    { refused: 'unknown command "pong"', isMasked: false },
    'it could not be run now, so it is not kept: unknown command "pong"',
  ],
  ['a line with a secret', { refused: undefined, isMasked: true }, 'there is a secret in this line'],
])('%s is not kept', async (_, checked, sentence) => {
  const here = await world({ check: async () => checked });
  await expect(here.say('in 5m pong')).rejects.toThrow(sentence);
  expect(await here.say('schedules')).toBe('nothing is scheduled');
});

test('a check that fails keeps nothing', async () => {
  const here = await world({ check: () => Promise.reject(new Error('no access')) });
  await expect(here.say('in 5m pong')).rejects.toThrow('no access');
  expect(await here.say('schedules')).toBe('nothing is scheduled');
});

test('somebody whom nobody vouches for cannot have anything run later', async () => {
  const here = await world();
  await expect(here.say('in 5m ping', { isKnown: false })).rejects.toThrow('nobody vouches here for who you are');
});

test('where nothing can be said later, nothing is kept', async () => {
  const here = await world();
  await expect(here.say('in 5m ping', { input: 'cli', room: '' })).rejects.toThrow(
    'nobody would see the answer: nothing can be said on cli',
  );
  await expect(here.say('in 5m ping', { room: '' })).rejects.toThrow('a room without a name cannot be reached');
  const broken = await world({
    reach: () => {
      throw new TypeError('broken');
    },
  });
  await expect(broken.say('in 5m ping')).rejects.toThrow(TypeError);
});

test.each([
  'in 5m every 1m ping',
  'every 1m every 1m ping',
  'every 5m watch ping for 1m',
  'watch in 5m ping',
])('%s: what is run later makes nothing that runs later', async (typed) => {
  const here = await world();
  await expect(here.say(typed)).rejects.toThrow('cannot itself be something that is run later');
});

test('a line that is too long is not kept', async () => {
  const here = await world();
  await expect(here.say(`in 5m echo ${'x'.repeat(4_000)}`)).rejects.toThrow('the line is too long: 4005 characters');
});

test('fifty a person, also when they come at once, and somebody else has their own', async () => {
  const here = await world();
  const made = await Promise.allSettled(Array.from({ length: 60 }, () => here.say('in 5m ping')));
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(50);
  await expect(here.say('in 5m ping')).rejects.toThrow('you have 50 schedules already');
  await here.say('in 5m ping', bob);
  await here.say('watch ping');
});

test('what cannot be kept is not acknowledged, and never runs', async () => {
  const state = memoryState();
  let isFull = true;
  const here = await world({
    state: {
      ...state,
      async shelf(name, read, empty) {
        const shelf = await state.shelf(name, read, empty);
        return {
          get current() {
            return shelf.current;
          },
          replace: (value) =>
            isFull ? Promise.reject(new StateError('unavailable', 'disk full')) : shelf.replace(value),
        };
      },
    },
  });
  await expect(here.say('in 5m ping')).rejects.toThrow('it could not be kept, so it will not be run');
  isFull = false;
  await here.say('in 6m pong');
  isFull = true;
  await here.clock.pass(8 * minute);
  expect(here.ran).toEqual([]);
  expect(here.told).toEqual([
    's2 is not run yet: I cannot write my state. I try until an hour after its time. To end it: unschedule s2. It is: pong',
  ]);
  isFull = false;
  await here.clock.pass(2 * minute);
  expect(here.ran.map(({ due }) => due.line)).toEqual(['pong']);
  await here.say('in 1m late');
  isFull = true;
  await here.clock.pass(2 * hour);
  expect(here.ran).toHaveLength(1);
  expect(here.told.at(-1)).toContain(
    's3 was not run: its time was Sat 2026-11-21 16:11, and I could not write my state. It was: late',
  );
});

test('lines of a conversation that is nobody else’s are shown to nobody else', async () => {
  const here = await world();
  await here.say('in 5m echo quiet', { room: 'D1', isDirect: true });
  await here.say('in 5m echo loud');
  expect(await here.say('schedules', bob)).not.toContain('quiet');
  expect(await here.say('schedules')).not.toContain('quiet');
  const shown = await here.say('schedules --all', root);
  expect(shown).toContain('s1\tonce Sat 2026-11-21 16:05\t(hidden)\tin 5m\tAnn\tmemory, in private');
  expect(await here.say('schedules --all', { ...root, isDirect: true, room: 'D9' })).toContain('echo quiet');
  await expect(here.say('schedules --all', bob)).rejects.toThrow('only those who look after the bot');
  await expect(here.say('schedules mine')).rejects.toMatchObject({ code: 'usage' });
});

test('a place that refuses what is said is told to the operator, and the next words are said', async () => {
  const refusals = [new InputError('refused', 'not in this channel'), new Error('odd')];
  const here = await world();
  const inner = here.input.reach;
  here.input.reach = (place) => {
    const error = refusals.shift();
    return error === undefined ? inner(place) : { say: () => Promise.reject(error), end() {} };
  };
  await here.say('every 1m ping');
  await here.clock.pass(2 * minute);
  expect(here.warnings).toEqual(['what a schedule had to say could not be said']);
  expect(here.told).toHaveLength(1);
});
