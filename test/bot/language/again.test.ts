import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { typedLine } from '../../../src/bot/line.ts';
import { withParameter } from '../../../src/bot/parameter.ts';
import { readPipeline } from '../../../src/bot/pipeline.ts';
import type { Arguments, Command } from '../../../src/commands/command.ts';
import { noPlan } from '../../../src/commands/plan.ts';
import { type Answer, type TestBot, testBot } from '../../../src/testing/bot.ts';
import { command } from '../../support/bot.ts';
import { anyText, sayable } from './text.ts';

// Whatever way a line takes, it arrives as it was typed.

/** Text as its codes, which nothing on the way changes. */
const plainly = (value: unknown): string =>
  JSON.stringify(value).replaceAll(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Answers with all that it was given. */
const run: Command['run'] = async ({ args }) => ({ kind: 'code', text: plainly([wordsOf(args), args.after(0)]) });

function wordsOf(args: Arguments): readonly string[] | 'open' {
  try {
    return args.words;
  } catch {
    return 'open';
  }
}

const open = (): Promise<TestBot> =>
  testBot({
    commands: [
      command('given', () => '', { run, effect: 'read' }),
      command('guarded', () => '', {
        run,
        plan: () => noPlan,
        guard: { scopes: [], confirm: true, approvals: 0 },
      }),
    ],
    now: '2026-11-20T09:00:00Z',
  });

/** What is said to a command: any words in any mixture of signs, pipes that lead nowhere and all. */
const said = fc.array(sayable, { minLength: 1, maxLength: 4 }).map((texts) => texts.join(' '));

/** Only what runs can be run in another way. */
const isRun = ({ kind, outcome }: Answer): boolean => kind === 'answer' && outcome === 'done';

async function arrives(numRuns: number, check: (bot: TestBot, text: string, direct: Answer) => Promise<void>) {
  await using bot = await open();
  const property = fc.asyncProperty(said, async (text) => {
    const direct = await bot.say(`given ${text}`);
    if (isRun(direct)) await check(bot, text, direct);
  });
  await fc.assert(property, { numRuns });
}

it('as an alias, unless what is filled in makes another line of it', () =>
  arrives(400, async (bot, text, direct) => {
    const isFilled = /\$(?:\$?[1-9*@]|\$?\{[1-9])/.test(text);
    const made = await bot.say(`alias again given ${text}`);
    if (!isFilled && made.outcome === 'done') expect((await bot.say('again')).text).toBe(direct.text);
    else if (!isFilled)
      expect([made.text, direct.text]).toEqual([
        expect.stringContaining('never closed'),
        expect.stringContaining('["open"'),
      ]);
  }));

it('behind an alias', () =>
  arrives(400, async (bot, text, direct) => {
    await bot.say('alias short given');
    await bot.say('alias all given $*');
    expect((await bot.say(`short ${text}`)).text).toBe(direct.text);
    const isOpen = direct.text.startsWith('["open"');
    if (!isOpen) expect((await bot.say(`all ${text}`)).text).toBe(direct.text);
  }));

it('when it is run again', () =>
  arrives(300, async (bot, _text, direct) => {
    expect((await bot.say('!!')).text).toBe(direct.text);
  }));

it('when it is run later', () =>
  arrives(200, async (bot, text, direct) => {
    expect((await bot.say(`in 1m given ${text}`)).outcome).toBe('done');
    await bot.pass(60_000);
    expect((await bot.heard()).text).toContain(direct.text);
  }));

it('when somebody gave their word for it', () =>
  arrives(200, async (bot, text, direct) => {
    const asked = await bot.say(`guarded ${text}`);
    expect(asked.outcome).toBe('waits');
    expect((await bot.say(asked.actions[0]?.line ?? '')).text).toContain('runs now');
    expect((await bot.heard()).text).toContain(direct.text);
  }));

it('when what was missing is put in, which arrives as it was typed, too', () => {
  fc.assert(
    fc.property(fc.array(anyText, { maxLength: 3 }), anyText, (texts, value) => {
      const line = `given ${texts.join(' ')} | count`;
      let before: readonly (readonly string[])[];
      try {
        before = readPipeline(line).stages.map((stage) => typedLine(stage).words);
      } catch {
        // Nothing is missing in what cannot be read.
        return;
      }
      const { stages } = readPipeline(withParameter(line, 'text', value));
      const [first = [], ...others] = before;
      expect(stages.map((stage) => typedLine(stage).words)).toEqual([[...first, `--text=${value}`], ...others]);
    }),
    { numRuns: 2_000, examples: [[['[urgent'], 'done]']] },
  );
});
