import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSaid } from '../../../../src/inputs/slack/text/said.ts';
import { escape, richText } from '../../../support/slack/rich-text.ts';
import { type Element, fence, list, quote, rich, section, text, user } from './rich-blocks.ts';

const said = (sent: string, ...parts: readonly Element[]): { text: string; addressed: boolean } =>
  readSaid({ text: sent, ...(parts.length === 0 ? {} : { blocks: rich(...parts) }) }, new Set(['UBOT', 'WBOT']));

describe('a call of the bot', () => {
  test.each([
    ['at the front is taken off', '<@UBOT> list services', 'list services'],
    ['with a name in it', '<@UBOT|micro> list services', 'list services'],
    ['with a colon', '<@UBOT>: list services', 'list services'],
    ['with a comma', '<@UBOT>, list services', 'list services'],
    ['with a fixed space', '<@UBOT>\u00a0list services', 'list services'],
    ['with a space without width', '\u200b<@UBOT>\u2060 list services\ufeff', 'list services'],
    ['without a space', '<@UBOT>help', 'help'],
    ['on a line of its own', '<@UBOT>\n\nhelp\n', 'help'],
    ['before an emoji', '<@UBOT> :tada:', ':tada:'],
    ['alone', '<@UBOT>', ''],
    ['alone with a colon', ' <@UBOT>: ', ''],
    ['of another of its users', '<@WBOT> help', 'help'],
    ['before a fence', '<@UBOT> ```list services```', '```list services```'],
    ['before bold words', '<@UBOT> *list services*', 'list services'],
    ['in the middle stays', 'ask <@UBOT> for help', 'ask @UBOT for help'],
    ['at the end stays', 'list services <@UBOT>', 'list services @UBOT'],
    ['twice is taken off once', '<@UBOT> tell <@UBOT>', 'tell @UBOT'],
  ])('%s', (_, sent, meant) => {
    expect(said(sent)).toEqual({ text: meant, addressed: true });
  });

  test.each([
    ['of somebody else', '<@U1> list services', '@U1 list services'],
    ['that is typed by hand', '&lt;@UBOT&gt; help', '<@UBOT> help'],
    ['in a fence', '```<@UBOT>``` help', '```@UBOT``` help'],
    ['in code', '`<@UBOT>` help', '`@UBOT` help'],
    ['in a quotation', '&gt; <@UBOT> deploy', '> @UBOT deploy'],
    ['in a later line that is quoted', 'look\n&gt; <@UBOT> deploy', 'look\n> @UBOT deploy'],
    ['that is only its beginning', '<@UBOTX> help', '@UBOTX help'],
  ])('is none: %s', (_, sent, meant) => {
    expect(said(sent)).toEqual({ text: meant, addressed: false });
  });

  test.each<[string, readonly Element[], string, boolean]>([
    ['at the front', [section(user('UBOT'), text(' list services'))], 'list services', true],
    ['after a space', [section(text(' '), user('UBOT'), text(': help'))], 'help', true],
    [
      'before a fence',
      [section(user('UBOT'), text(' call a b\n')), fence(text('{"a": 1}'))],
      'call a b\n```{"a": 1}```',
      true,
    ],
    ['in the middle', [section(text('ask '), user('UBOT'))], 'ask @UBOT', true],
    ['in a list', [list('bullet', [section(user('UBOT'), text(' help'))])], '- @UBOT help', true],
    ['in a quotation', [quote(user('UBOT'), text(' deploy'))], '> @UBOT deploy', false],
    ['in a fence', [fence(user('UBOT'))], '```@UBOT```', false],
  ])('in rich text: %s', (_, parts, meant, addressed) => {
    expect(said('what Slack made of it', ...parts)).toEqual({ text: meant, addressed });
  });
});

describe('which of the two is read', () => {
  test('rich text, which tells marks from letters', () => {
    expect(said('find *foo* `bar`', section(text('find *foo* `bar`')))).toEqual({
      text: 'find *foo* `bar`',
      addressed: false,
    });
  });

  test('the text, when there is more in the blocks than is known', () => {
    expect(said('a &amp; b', section({ type: 'poll' })).text).toBe('a & b');
  });

  test('names of channels and groups come from the text', () => {
    const parts = [
      section({ type: 'channel', channel_id: 'C1' }, text(' '), { type: 'usergroup', usergroup_id: 'S1' }),
    ];
    expect(said('<#C1|general> <!subteam^S1|@ops>', ...parts).text).toBe('#general @ops');
    expect(said('<#C1|> <!subteam^S1>', ...parts).text).toBe('#C1 @S1');
  });
});

test('both say the same of what has no marks in it, calls and links among it', () => {
  const letters = fc.string({ unit: 'binary' }).map((typed) => escape(typed.replaceAll(/[`*_~>\r\u2028\u2029]/g, '')));
  const token = fc.constantFrom(
    '<@UBOT>',
    '<@U1>',
    '<#C1|general>',
    '<!here>',
    '<http://x.example|x.example>',
    '<https://x.example/?a=1&amp;b=2>',
    ' ',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(letters, token)), (parts) => {
      const sent = parts.join('');
      const users = new Set(['UBOT']);
      expect(readSaid({ text: sent, blocks: richText(sent) }, users)).toEqual(readSaid({ text: sent }, users));
    }),
    { numRuns: 200 },
  );
});

describe('a style that was chosen for the first words', () => {
  test.each([
    ['*micro* list services', 'micro list services'],
    ['*micro list* services', 'micro list services'],
    ['_micro help_', 'micro help'],
    ['~micro~ help', 'micro help'],
  ])('is taken off: %s', (sent, meant) => {
    expect(said(sent).text).toBe(meant);
  });

  test.each([
    'find *foo*',
    '* a *',
    '*a',
    '_a*',
    '**',
    '*a*b',
    '*.ts and *.js',
    '__init__',
    'a_b_c',
  ])('is none: %s', (sent) => {
    expect(said(sent).text).toBe(sent);
  });
});

test.each([
  undefined,
  null,
  1,
  'x',
  [],
  { text: 1 },
  { text: null, blocks: 7 },
  { text: {} },
])('a message that is none says nothing: %j', (message) => {
  expect(readSaid(message, new Set())).toEqual({ text: '', addressed: false });
});

test.each([' ', '\u200b', '<@UBOT>', '<#C1|a>', '*a ', ' x'])('does not hang on a long text of %j', (part) => {
  const sent = `x${part.repeat(400_000 / part.length)}x`;
  const channel = section(...Array.from({ length: 10_000 }, () => ({ type: 'channel', channel_id: 'C1' })));
  expect(said(sent).text.length).toBeGreaterThan(0);
  expect(said(sent, channel).text.length).toBeGreaterThan(0);
});
