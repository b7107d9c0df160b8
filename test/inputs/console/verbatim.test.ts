import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBot } from '../../../src/bot/bot.ts';
import { commandSet } from '../../../src/commands/set.ts';
import { testConsole } from '../../support/console.ts';
import { newKeeper } from '../../support/keeper.ts';
import { until } from '../../support/until.ts';

const code = fc
  .array(fc.oneof(fc.constantFrom('|', ' > ', '"', "'", '“', '\\', '{', '--x', '#'), fc.string({ unit: 'grapheme' })), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.join('').replaceAll(/[\u0000-\u001f\u007f-\u009f`]/gu, '·'))
  .filter((value) => value !== '' && value === value.trim());

it('between backticks everything is text on the console, too', async () => {
  const { keep, kept } = newKeeper();
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
