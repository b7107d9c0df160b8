import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBot } from '../../../src/bot/bot.ts';
import type { Command } from '../../../src/commands/command.ts';
import { commandSet } from '../../../src/commands/set.ts';
import { text } from '../../../src/document/document.ts';
import { testConsole } from '../../support/console.ts';
import { until } from '../../support/until.ts';

const code = fc
  .array(fc.oneof(fc.constantFrom('|', ' > ', '"', "'", '“', '\\', '{', '--x', '#'), fc.string({ unit: 'grapheme' })), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.join('').replaceAll(/[\u0000-\u001f\u007f-\u009f`]/gu, '·'))
  .filter((value) => value !== '' && value === value.trim());

it('between backticks everything is text on the console, too', async () => {
  const kept: (readonly string[])[] = [];
  const keep: Command = {
    name: 'keep',
    usage: 'keep [words]',
    description: 'Keeps words',
    source: { kind: 'builtin' },
    run: async ({ args }) => {
      kept.push(args.words);
      return text('kept');
    },
  };
  const { input, keyboard } = testConsole();
  const set = commandSet([keep]);
  const running = createBot({ inputs: [input], commands: () => set }).run(new AbortController().signal);
  await fc.assert(
    fc.asyncProperty(code, async (value) => {
      const seen = kept.length;
      keyboard.write(`keep a \`${value}\` x=\`${value}\`\n`);
      await until(() => kept.length > seen);
      expect(kept.at(-1)).toEqual(['a', value, `x=${value}`]);
    }),
    { numRuns: 100 },
  );
  keyboard.end();
  await running;
});
