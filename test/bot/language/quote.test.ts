import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { typedLine } from '../../../src/bot/line.ts';
import { readPipeline } from '../../../src/bot/pipeline.ts';
import { changeWords, quoteWord } from '../../../src/bot/quote.ts';
import { command, runningBot } from '../../support/bot.ts';
import { anyText, sayable } from './text.ts';
import { renderLine } from './render.ts';

describe('a word that is quoted', () => {
  it.each([
    ['billing', 'billing'],
    ['--version=1.2', '--version=1.2'],
    ['https://x.example/a?b=c&d#e', 'https://x.example/a?b=c&d#e'],
    ['größe', 'größe'],
    ["don't", `"don't"`],
    ['John Smith', '"John Smith"'],
    ['name=John Smith', 'name="John Smith"'],
    ['--reason=a "b" c', `--reason='a "b" c'`],
    ['', '""'],
    ['|', '"|"'],
    ['>', '">"'],
    ['a|b>c', 'a|b>c'],
    ['--plan', '"--plan"'],
    ['--Plan', '"--Plan"'],
    ['—plan', '"—plan"'],
    ['{"a": 1}', `'{"a": 1}'`],
    ['[x', '"[x"'],
    ['it\'s "so"', '"it\'s \\"so\\""'],
    ['C:\\dir', "'C:\\dir'"],
  ])('%j is %s', (word, quoted) => {
    expect(quoteWord(word)).toBe(quoted);
  });

  it('is read as it was, whatever it is, and is never more than one word of one command', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 6 }), (words) => {
        const line = renderLine(words);
        expect(typedLine(line).words).toEqual(words);
        expect(readPipeline(line)).toEqual({ stages: [line], to: undefined, isPlan: false });
      }),
      { numRuns: 3_000 },
    );
  });

  it('means the same when what was read is written once more', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 4 }), (texts) => {
        const typed = texts.join(' ');
        let words: readonly string[];
        try {
          ({ words } = typedLine(typed));
        } catch (error) {
          expect(error).toMatchObject({ code: 'usage', message: expect.stringContaining('is never closed') });
          return;
        }
        const line = renderLine(words);
        expect(typedLine(line).words).toEqual(words);
        expect(renderLine(typedLine(line).words)).toBe(line);
      }),
      { numRuns: 3_000 },
    );
  });

  it('reaches a command through a bot as it was', async () => {
    const say = command('say', ({ args }) => JSON.stringify(args.words));
    await using bot = runningBot([say]);
    await fc.assert(
      fc.asyncProperty(fc.array(sayable, { minLength: 1, maxLength: 4 }), async (words) => {
        const [answer = ''] = await bot.say(`say ${renderLine(words)}`);
        // A terminal is shown codes for what would turn its lines around.
        expect(JSON.parse(answer)).toEqual(words);
      }),
      { numRuns: 500 },
    );
  });
});

describe('words that are changed in their line', () => {
  const hide = (word: string): string => word.replaceAll('hunter2', '***');

  it.each([
    ['login  ann hunter2', 'login  ann ***'],
    ['login "hunter2" x', 'login *** x'],
    ['login --password="hunter2 "  “x y”', 'login --password="*** "  “x y”'],
    ['login hunt\\er2 hun"ter"2', 'login hunt\\er2 hun"ter"2'],
    ['login "hun"ter2', 'login ***'],
    ['login {"p": "hunter2"} | head', `login '{"p": "***"}' | head`],
    ['login ```\nhunter2\n``` x', 'login *** x'],
    ['login "hunter2', 'login "***'],
  ])('%j: %j', (line, changed) => {
    expect(changeWords(line, hide)).toBe(changed);
  });

  it('stay as they were typed when nothing changes', () => {
    fc.assert(
      fc.property(anyText, (line) => {
        expect(changeWords(line, (word) => word)).toBe(line);
      }),
      { numRuns: 1_500 },
    );
  });
});
