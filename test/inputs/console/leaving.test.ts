import { expect, it } from 'vitest';
import { withResolvers } from '../../../src/async/queue.ts';
import { createBot } from '../../../src/bot/bot.ts';
import { exit } from '../../../src/commands/exit.ts';
import { commandSet } from '../../../src/commands/set.ts';
import { type Input, InputError } from '../../../src/inputs/input.ts';
import { command, runningBot } from '../../support/bot.ts';
import { type ConsoleUnderTest, testConsole } from '../../support/console.ts';
import { until } from '../../support/until.ts';

/** A bot at a console, with `hold`, which goes on until it is let go. */
function setup(terminal: boolean): ConsoleUnderTest & {
  readonly ended: Promise<void>;
  readonly held: () => number;
  readonly finish: () => void;
} {
  const { promise, resolve } = withResolvers<void>();
  let held = 0;
  const hold = command('hold', async () => {
    held += 1;
    await promise;
    return 'let go';
  });
  const set = commandSet([command('ping', () => 'pong'), hold, exit]);
  const made = testConsole({ terminal });
  const ended = createBot({ inputs: [made.input], commands: () => set }).run(new AbortController().signal);
  return { ...made, ended, held: () => held, finish: () => resolve() };
}

it.each(['exit', 'quit', ' BYE '])('"%s" ends a terminal, and what follows is not run', async (word) => {
  const { keyboard, shown, ended } = setup(true);
  keyboard.write(`ping\r${word}\rping\r`);
  await ended;
  expect(shown().split('pong')).toHaveLength(2);
  expect(shown()).not.toContain('still run');
});

it('ends a pipe, too', async () => {
  const { keyboard, shown, ended } = setup(false);
  keyboard.write('ping\nquit\nping\n');
  await ended;
  expect(shown()).toBe('pong\n');
});

it('tells what it waits for', async () => {
  const { keyboard, shown, ended, held, finish } = setup(true);
  keyboard.write('hold\r');
  await until(() => held() === 1);
  keyboard.write('exit\r');
  await until(() => shown().includes('(1 command still runs: Ctrl-C ends it)'));
  finish();
  await ended;
  expect(shown()).toContain('let go');
});

it('is answered with a sentence where there is nothing to leave', async () => {
  await using bot = runningBot([exit]);
  for (const word of ['exit', 'quit', 'bye']) {
    const [said = ''] = await bot.say(word, { direct: false, addressed: true });
    expect(said).toMatch(/^I stay here for the others/);
  }
});

it('has no rooms but itself', () => {
  const { input }: { input: Input } = testConsole();
  expect(() => input.reach?.({ kind: 'room', room: '#ops' })).toThrow(InputError);
  for (const room of ['console', '#console']) expect(input.reach?.({ kind: 'room', room })).toBeDefined();
  expect(input.reach?.({ kind: 'person', person: 'ann' })).toBeDefined();
});
