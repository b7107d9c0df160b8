import { expect, test } from 'vitest';
import type { Access } from '../../../src/access/access.ts';
import { createBot } from '../../../src/bot/bot.ts';
import { reaching } from '../../../src/bot/reach.ts';
import { createSchedules } from '../../../src/bot/schedule/create.ts';
import { commandSet } from '../../../src/commands/set.ts';
import { renderTerminal } from '../../../src/document/terminal.ts';
import { memoryInput } from '../../../src/inputs/memory/memory.ts';
import { memoryState } from '../../../src/state/memory.ts';
import { command } from '../../support/bot.ts';
import { until } from '../../support/until.ts';
import { minute, TestClock } from './world.ts';

/** Whoever is in `allowed` may run anything. */
const accessFor = (allowed: ReadonlySet<string>): Access => ({
  decide({ identity }) {
    const person = `${identity.input}:${identity.user}`;
    const base = { person, path: [] };
    return allowed.has(identity.user)
      ? { ...base, isAllowed: true, why: 'allowed', confirm: false, approvals: 0, scopes: [] }
      : { ...base, isAllowed: false, why: `${identity.user} may not` };
  },
  personOf: (identity) => ({
    id: `${identity.input}:${identity.user}`,
    name: identity.name,
    isKnown: true,
    roles: new Set(),
  }),
  everybody: () => [],
});

/** A bot that people talk to, with a clock that a test moves. */
async function talking() {
  const clock = new TestClock('2026-11-21T16:00:00Z');
  const input = memoryInput();
  const schedules = await createSchedules({
    state: memoryState(),
    reach: reaching([input]),
    check: async () => ({ refused: undefined, isMasked: false }),
    mayAdmin: () => false,
    timeZone: 'UTC',
    clock,
  });
  let state = 'up';
  const ask = command('ask', ({ args, caller }) => `${state} ${args.after(0)} for ${caller.user} in ${caller.room}`);
  const set = commandSet([...schedules.commands, ask]);
  const allowed = new Set(['ann']);
  const bot = createBot({ inputs: [input], commands: () => set, schedules, access: accessFor(allowed) });
  const stop = new AbortController();
  const ended = bot.run(stop.signal);
  return {
    allowed,
    clock,
    turn: (now: string): void => void (state = now),
    say: async (typed: string, sender = 'ann') =>
      (await input.say(typed, { sender, room: 'ops', direct: false, addressed: true }))
        .map(({ document }) => renderTerminal(document))
        .join('\n'),
    /** Waits for so many words that nobody asked for just now, and gives the last. */
    told: async (count: number): Promise<string> => {
      const words = await until(() => input.unasked.length >= count && input.unasked.at(-1));
      expect(input.unasked).toHaveLength(count);
      return renderTerminal(words.document);
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
    },
  };
}

test('what was said runs later, by the way that everything goes', async () => {
  await using here = await talking();
  expect(await here.say('every 5m ask "a  b" | c > d')).toContain('s1: every 5m: ask "a  b" | c > d');
  expect(await here.say('unschedule s1')).toContain('s1 is ended');
  await here.say('in 5m ask  twice');
  await here.clock.pass(5 * minute);
  expect(await here.told(1)).toBe('s2 (once Sat 2026-11-21 16:05): ask  twice\nup twice for ann in ops');
});

test('whoever loses the right to run a line is refused when it runs, and it is paused after the third time', async () => {
  await using here = await talking();
  await here.say('every 5m ask');
  here.allowed.delete('ann');
  for (const count of [1, 2]) {
    await here.clock.pass(5 * minute);
    expect(await here.told(count)).toBe('s1 (every 5m): ask\nann may not');
  }
  await here.clock.pass(5 * minute);
  expect(await here.told(4)).toContain('s1 is paused: it was refused 3 times in a row');
  await here.clock.pass(60 * minute);
  here.allowed.add('ann');
  await here.say('resume s1');
  await here.clock.pass(5 * minute);
  expect(await here.told(5)).toContain('up  for ann in ops');
});

test('a watch leaves its conversation free, and stop ends it', async () => {
  await using here = await talking();
  expect(await here.say('watch ask for 1h')).toContain('s1: watch every 10s for 1h: ask');
  await here.clock.pass(1);
  expect(await here.told(1)).toBe('s1 16:00:00 ask\nup  for ann in ops');
  expect(await here.say('ask me')).toBe('up me for ann in ops');
  here.turn('down');
  await here.clock.pass(10_000);
  expect(await here.told(2)).toBe('s1 16:00:10 ask\n- up  for ann in ops\n+ down  for ann in ops');
  expect(await here.say('stop')).toBe('s1 is ended: watch every 10s for 1h: ask');
  expect(await here.say('stop')).toBe('nothing of yours runs here');
  await here.clock.pass(minute);
  expect(await here.told(2)).toContain('down');
});
