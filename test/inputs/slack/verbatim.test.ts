import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { newKeeper } from '../../support/keeper.ts';
import { until } from '../../support/until.ts';
import { scene } from './scene.ts';
import { fence, rich, section, text, user } from './text/rich-blocks.ts';

/** What a message may hold, most of it what has a meaning elsewhere. */
const exact = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '|',
        ' > ',
        '#',
        '"',
        "'",
        '“',
        '\\',
        '`',
        '```',
        '\n',
        '{',
        '--x',
        '&amp;',
        '<http://x|x>',
        '<@U1>',
      ),
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) =>
    parts.join('').replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\p{Surrogate}/gu, '·'),
  )
  .filter((value) => value !== '');

it(
  'in a fence and between backticks everything is text, and comes to the command as it is',
  { timeout: 60_000 },
  async () => {
    const { keep, kept } = newKeeper();
    const { fake } = await scene({ commands: [keep] });
    const calls = section(user(fake.home.botUser), text(' keep'));
    await fc.assert(
      // Many in a message: the bot answers one a second in a channel.
      fc.asyncProperty(fc.array(fc.tuple(exact, exact), { minLength: 10, maxLength: 10 }), async (pairs) => {
        const seen = kept.length;
        const parts = pairs.flatMap(([block, code]) => [fence(text(block)), section(text('x='), text(code, 'code'))]);
        await fake.mention({ text: 'keep', blocks: rich(calls, ...parts) });
        await until(() => kept.length > seen);
        const meant = pairs.flatMap(([block, code]) => [block.replace(/^\n/, '').replace(/\n$/, ''), `x=${code}`]);
        expect(kept.at(-1)).toEqual(meant);
      }),
      { numRuns: 8 },
    );
  },
);

it.each<[string, string, readonly string[]]>([
  ['a pipe', 'keep `a | b`', ['a | b']],
  ['JSON with quotes and a redirection', 'keep ```{"q": "a > b | c"}```', ['{"q": "a > b | c"}']],
  ['smart quotes', 'keep `“a” – ‘b’`', ['“a” – ‘b’']],
  ['what Slack escaped', 'keep `a &lt;b&gt; &amp;amp; c`', ['a <b> &amp; c']],
  ['what Slack made a link of', 'keep `curl <http://x.example|x.example>`', ['curl x.example']],
  ['a whole command', '`keep "a b" c`', ['a b', 'c']],
  ['a whole command in a fence', '```\nkeep a\nb\n```', ['a', 'b']],
])('a slash command with code: %s', async (_, typed, words) => {
  const { keep, kept } = newKeeper();
  const { fake } = await scene({ commands: [keep] });
  await fake.slash({ command: '/micro', text: typed });
  await until(() => kept.length > 0);
  expect(kept).toEqual([words]);
});

it('a pipe behind code is one', async () => {
  const { keep } = newKeeper();
  const { fake, ran } = await scene({ commands: [keep] });
  await fake.mention({ text: 'echo `a | b` | nothing' });
  await until(() => fake.channel().some(({ text }) => text.includes('to pipe into')));
  expect(ran).toEqual([]);
});
