import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { withResolvers } from '../../../src/async/queue.ts';
import { changesBetween, linesOf } from '../../../src/bot/schedule/changes.ts';
import type { DueOutcome } from '../../../src/bot/schedule/schedules.ts';
import { type Document, text } from '../../../src/document/document.ts';
import { ann, bob, hour, minute, type World, world } from './world.ts';

/** Answers with each of these in turn, with the last one from then on. An error is written `!why`. */
function answering(here: World, answers: readonly (string | Document)[]): void {
  let count = 0;
  here.answer = async ({ show }) => {
    const answer = answers[Math.min(count, answers.length - 1)] ?? '';
    count += 1;
    const isError = typeof answer === 'string' && answer.startsWith('!');
    await show?.(typeof answer === 'string' ? text(answer) : answer, isError ? 'error' : 'answer');
    return isError ? 'failed' : 'done';
  };
}

/** What was told, without the headings. */
const news = (here: World): readonly string[] =>
  here.told.map((words) =>
    words
      .split('\n')
      .filter((line) => !/^s\d+ \d\d:/.test(line))
      .join('\n'),
  );

test('a watch answers at once, goes on by itself, shows the first answer and then what changed, and ends', async () => {
  const here = await world();
  const nodes = (...rows: readonly string[]): string => ['node\taddress\tstatus', ...rows].join('\n');
  answering(here, [
    nodes('b-1\t10.0.0.1\tok', 'b-2\t10.0.0.2\tok'),
    nodes('b-2\t10.0.0.2\tok', 'b-1\t10.0.0.1\tok'),
    nodes('b-1\t10.0.0.1\terror', 'b-2\t10.0.0.2\tok'),
    nodes('b-2\t10.0.0.2\tok', 'b-3\t10.0.0.3\tok'),
  ]);
  expect(await here.say('watch health billing for 1m every 10s')).toBe(
    's1: watch every 10s for 1m: health billing\nWhat changes is shown here. To end it: stop, or unschedule s1',
  );
  expect(await here.say('schedules')).toContain('s1\twatch every 10s for 1m\thealth billing');
  await here.clock.pass(hour);
  expect(here.ran.map(({ at }) => at.slice(11, 19))).toEqual(
    ['00', '10', '20', '30', '40', '50'].map((second) => `16:00:${second}`),
  );
  expect(here.ran[0]?.due).toMatchObject({ cause: 'watch s1', line: 'health billing', identity: { user: 'U1' } });
  expect(here.told).toEqual([
    's1 16:00:00 health billing\nnode\taddress\tstatus\nb-1\t10.0.0.1\tok\nb-2\t10.0.0.2\tok',
    's1 16:00:20 health billing\n~ b-1: ok → error',
    's1 16:00:30 health billing\n- b-1  10.0.0.1  error\n+ b-3  10.0.0.3  ok',
    's1: the watch of health billing has ended: its time is over, 2 changes',
  ]);
  expect(await here.say('schedules')).toBe('nothing is scheduled');
  expect(here.clock.waiting).toBe(0);
});

test.each([
  ['watch ping', 'ping', 600, 10],
  ['watch ping for 1 minute', 'ping', 60, 10],
  ['watch ping every 30 seconds for 2m', 'ping', 120, 30],
  ['watch echo wait for it', 'echo wait for it', 600, 10],
  ['watch echo wait for 3 apples', 'echo wait for 3 apples', 600, 10],
  ['watch echo "for 1m"', 'echo "for 1m"', 600, 10],
  ['watch ping for 1m every 20s > me', 'ping > me', 60, 20],
  ['watch echo "wait for 1m > me"', 'echo "wait for 1m > me"', 600, 10],
  ['watch list services | grep billing for 1m every 20s', 'list services | grep billing', 60, 20],
])('%s runs %s', async (typed, line, forSeconds, everySeconds) => {
  const here = await world();
  await here.say(typed);
  await here.clock.pass(hour);
  expect(here.ran.map(({ due }) => due.line)).toEqual(Array.from({ length: forSeconds / everySeconds }, () => line));
});

test('failures are told once, and so is that they are over', async () => {
  const here = await world();
  answering(here, ['up', '!no route', '!no route', '!refused', 'up', 'down']);
  await here.say('watch ping for 1m');
  await here.clock.pass(2 * minute);
  expect(news(here).slice(0, -1)).toEqual([
    'up',
    '!no route',
    '!refused',
    'it answers again, as before',
    '- up\n+ down',
  ]);
  expect(here.told.at(-1)).toContain('4 changes');
});

test('a watch that sees no change says so at its end', async () => {
  const here = await world();
  answering(here, ['up']);
  await here.say('watch ping for 1m');
  await here.clock.pass(2 * minute);
  expect(here.told.at(-1)).toBe('s1: the watch of ping has ended: its time is over, nothing changed');
});

test('stop ends the newest watch of its person in its conversation, and no schedule', async () => {
  const here = await world();
  await here.say('watch ping for 1h');
  await here.say('watch pong for 1h');
  await here.say('watch hello for 1h', { thread: '17.3' });
  await here.say('every 1h ping');
  expect(await here.schedules.stop({ ...ann, ...bob })).toBeUndefined();
  expect(await here.schedules.stop({ ...ann, room: 'dev' })).toBeUndefined();
  expect(await here.schedules.stop(ann)).toBe('s2 is ended: watch every 10s for 1h: pong');
  expect(await here.schedules.stop(ann)).toBe('s1 is ended: watch every 10s for 1h: ping');
  expect(await here.schedules.stop(ann)).toBeUndefined();
  expect(await here.schedules.stop({ ...ann, thread: '17.3' })).toBe('s3 is ended: watch every 10s for 1h: hello');
});

test('a slow line is not run again before it has answered, and what comes after the end is not shown', async () => {
  const here = await world();
  const end = withResolvers<DueOutcome>();
  here.answer = async ({ show }) => {
    const outcome = await end.promise;
    await show?.(text('late'), 'answer');
    return outcome;
  };
  await here.say('watch ping for 1m');
  await here.clock.pass(30_000);
  expect(here.ran).toHaveLength(1);
  expect(here.told).toEqual([]);
  await here.say('unschedule s1');
  expect(here.ran[0]?.due.signal?.aborted).toBe(true);
  end.resolve('done');
  await here.clock.pass(hour);
  expect(here.told).toEqual([]);
});

test('a slow last answer is shown before the end is told', async () => {
  const here = await world();
  const end = withResolvers<DueOutcome>();
  here.answer = async ({ show }) => {
    const outcome = await end.promise;
    await show?.(text('late'), 'answer');
    return outcome;
  };
  await here.say('watch ping for 10s');
  await here.clock.pass(minute);
  end.resolve('done');
  await here.clock.pass(minute);
  expect(news(here)).toEqual(['late', 's1: the watch of ping has ended: its time is over, nothing changed']);
});

test('who lost the right to see it is told, and the watch ends after the third time', async () => {
  const here = await world();
  here.answer = async ({ show }) => {
    await show?.(text('you may not'), 'error');
    return 'denied';
  };
  await here.say('watch ping for 1h');
  await here.clock.pass(hour);
  expect(here.ran).toHaveLength(3);
  expect(news(here)).toEqual([
    'you may not',
    's1: the watch of ping has ended: it was refused 3 times in a row, nothing changed',
  ]);
});

test('a clock that is set back makes no watch longer, one that is set forward ends it', async () => {
  const here = await world();
  await here.say('watch ping for 10m');
  await here.clock.pass(minute);
  here.clock.jump(-24 * hour);
  await here.clock.pass(8 * minute);
  expect(await here.say('schedules')).toContain('ping');
  await here.clock.pass(2 * minute);
  expect(await here.say('schedules')).toBe('nothing is scheduled');
  expect(here.ran.length).toBeGreaterThan(50);
  expect(here.ran.length).toBeLessThan(64);
  await here.say('watch pong for 10m');
  await here.clock.pass(minute);
  here.clock.jump(24 * hour);
  await here.clock.pass(minute);
  expect(await here.say('schedules')).toBe('nothing is scheduled');
});

test('a watch does not ask for anybody’s word again and again', async () => {
  const here = await world();
  here.answer = async () => 'waits';
  await here.say('watch deploy billing for 1h');
  await here.clock.pass(hour);
  expect(here.ran).toHaveLength(1);
  expect(here.told.at(-1)).toContain('it wants somebody’s word each time');
});

test('five watches a person', async () => {
  const here = await world();
  for (let count = 0; count < 5; count += 1) await here.say('watch ping for 1h');
  await expect(here.say('watch ping for 1h')).rejects.toThrow('you have 5 watches already');
});

test.each<readonly [string, Document, Document, readonly string[]]>([
  ['a row', text('a\t\t1\tok'), text('a\t\t2\tdown'), ['~ a: 1 → 2, ok → down']],
  ['a named value', text('memory: 10 MB'), text('memory: 12 MB'), ['~ memory: 10 MB → 12 MB']],
  [
    'a member of JSON',
    { kind: 'json', text: '{\n  "a": 1\n}' },
    { kind: 'json', text: '{\n  "a": 1,\n  "b": 2\n}' },
    ['+ "b": 2'],
  ],
  [
    'a value in JSON',
    { kind: 'json', text: '{\n  "a": 1\n}' },
    { kind: 'json', text: '{\n  "a": 2\n}' },
    ['~ "a": 1 → 2'],
  ],
  ['a line that is there twice', text('x\nx'), text('x'), ['- x']],
  [
    'two lines that begin alike',
    text('node one\nnode two'),
    text('node three'),
    ['- node one', '- node two', '+ node three'],
  ],
  ['everything', text('a b'), { kind: 'list', items: [] }, ['- a b']],
])('what is different in %s', (_, before, after, expected) => {
  expect(changesBetween(linesOf(before), linesOf(after))).toEqual(expected);
});

test('no change is invented and none is hidden', () => {
  const lines = fc.array(fc.stringMatching(/^[abc]{1,2}[ :\t]?[abc]?$/), { maxLength: 8 });
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const changes = changesBetween(before, after);
      const [gone, come, other] = ['- ', '+ ', '~ '].map(
        (sign) => changes.filter((line) => line.startsWith(sign)).length,
      );
      expect((come ?? 0) - (gone ?? 0)).toBe(after.length - before.length);
      expect(changes.length === 0).toBe(JSON.stringify(before.toSorted()) === JSON.stringify(after.toSorted()));
      expect((gone ?? 0) + (come ?? 0) + (other ?? 0)).toBe(changes.length);
    }),
  );
});
