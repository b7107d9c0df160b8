import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { typedLine } from '../../../../src/bot/line.ts';
import { plain } from '../../../../src/inputs/slack/text/piece.ts';
import { readRich } from '../../../../src/inputs/slack/text/rich.ts';
import { type Element, emoji, fence, link, list, quote, rich, section, text, user } from './rich-blocks.ts';

const read = (blocks: unknown): string | undefined => {
  const pieces = readRich(blocks);
  return pieces && plain(pieces);
};

/** Much of it is what marks are made of. */
const exact = fc
  .array(
    fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('`', '```', '````', '\n', '\r', ' ', '|', '>', '"', '\\')),
  )
  .map((parts) => parts.join(''));

const cases: readonly (readonly [why: string, parts: readonly Element[], meant: string])[] = [
  ['words', [section(text('list services'))], 'list services'],
  [
    'letters that are marks in the text format',
    [section(text('2 * 3 < 7 & *not bold* `x` &lt;'))],
    '2 * 3 < 7 & *not bold* `x` &lt;',
  ],
  ['a bold word', [section(text('list '), text('services', 'bold'))], 'list services'],
  ['an italic word', [section(text('private', 'italic'), text(' x'))], 'private x'],
  ['a word struck through', [section(text('old', 'strike'))], 'old'],
  ['code', [section(text('call a b '), text('{"a":\u00a01}', 'code'))], 'call a b `{"a":\u00a01}`'],
  ['a fixed space outside code', [section(text('list\u00a0services'))], 'list services'],
  ['a link', [section(link('https://x.example/a?b=1&c=2'))], 'https://x.example/a?b=1&c=2'],
  ['a bare domain', [section(text('ping '), link('http://example.com', 'example.com'))], 'ping example.com'],
  ['a label for readers', [section(link('https://x.example', 'here'))], 'https://x.example'],
  ['a bare domain as code', [section(link('http://example.com', 'example.com', 'code'))], '`example.com`'],
  [
    'a link in code',
    [section(text('curl -v ', 'code'), link('https://x.example', undefined, 'code'), text(' | jq', 'code'))],
    '`curl -v https://x.example | jq`',
  ],
  ['code within a word', [section(text('go'), text('.micro', 'code'), text('.srv'))], 'go.micro.srv'],
  ['code with backticks', [section(text('get '), text('a`b', 'code'), text(', now'))], 'get ```a`b``` , now'],
  ['mail', [section(link('mailto:a@b.example', 'a@b.example'))], 'a@b.example'],
  ['a person', [section(text('tell '), user('U1'), text(' hi'))], 'tell @U1 hi'],
  ['a channel', [section({ type: 'channel', channel_id: 'C1' })], '#C1'],
  ['a group', [section({ type: 'usergroup', usergroup_id: 'S1' })], '@S1'],
  ['a workspace', [section({ type: 'team', team_id: 'T1' })], '@T1'],
  ['everybody', [section({ type: 'broadcast', range: 'here' })], '@here'],
  ['a colour', [section({ type: 'color', value: '#FF0000' })], '#FF0000'],
  ['a date', [section({ type: 'date', timestamp: 1, format: '{date}', fallback: 'Jan 1' })], 'Jan 1'],
  ['a date without a fallback', [section({ type: 'date', timestamp: 17, format: '{date}' })], '17'],
  ['an emoji', [section(text('done '), emoji('tada', { unicode: '1f389' }))], 'done 🎉'],
  ['an emoji of several code points', [section(emoji('wave', { unicode: '1f44b-1f3fc', skin_tone: 3 }))], '👋🏼'],
  ['an emoji of the team', [section(emoji('partyparrot'))], ':partyparrot:'],
  ['an emoji of the team in a tone', [section(emoji('wave', { skin_tone: 3 }))], ':wave::skin-tone-3:'],
  [
    'an emoji whose code points are none',
    [section(emoji('x', { unicode: 'zz' }), emoji('y', { unicode: 'ffffff' }))],
    ':x::y:',
  ],
  [
    'a fence',
    [section(text('call a b\n')), fence(text('{\n  "a": "“x”"\n}'))],
    'call a b\n```\n{\n  "a": "“x”"\n}\n```',
  ],
  ['a fence without a line break before it', [section(text('call a b')), fence(text('{}'))], 'call a b\n```{}```'],
  ['a fence with a language', [fence(text('json\n[1]'))], '```[1]```'],
  ['a link in a fence', [fence(text('curl '), link('https://x.example'))], '```curl https://x.example```'],
  ['text after a fence', [fence(text('a')), section(text('b'))], '```a```\nb'],
  ['a list', [list('bullet', [section(text('a')), section(text('b'))])], '- a\n- b'],
  ['a numbered list', [list('ordered', [section(text('a')), section(text('b'))])], '1. a\n2. b'],
  ['a numbered list that goes on', [list('ordered', [section(text('c'))], { offset: 2 })], '3. c'],
  [
    'a list within a list',
    [list('bullet', [section(text('a'))]), list('bullet', [section(text('b'))], { indent: 1 })],
    '- a\n    - b',
  ],
  ['a quotation', [quote(text('said\nbefore')), section(text('now'))], '> said\n> before\nnow'],
  ['nothing', [section()], ''],
];

test.each(cases)('%s', (_, parts, meant) => {
  expect(read(rich(...parts))).toBe(meant);
});

test('the names of channels and groups are used where they are known', () => {
  const labels = new Map([
    ['C1', '#general'],
    ['S1', '@ops'],
  ]);
  const blocks = rich(
    section({ type: 'channel', channel_id: 'C1' }, { type: 'usergroup', usergroup_id: 'S1' }, user('U1')),
  );
  expect(plain(readRich(blocks, (id) => labels.get(id)) ?? [])).toBe('#general@ops@U1');
});

describe('what is not as Slack documents it is not guessed at', () => {
  test.each<[string, unknown]>([
    ['no blocks', undefined],
    ['an empty list of blocks', []],
    ['blocks of an app', [{ type: 'section', text: { type: 'mrkdwn', text: 'x' } }]],
    ['rich text beside blocks of an app', [...rich(section(text('x'))), { type: 'divider' }]],
    ['an element of a new kind', rich(section({ type: 'poll' }))],
    ['a part of a new kind', rich({ type: 'rich_text_poll', elements: [] })],
    ['a list in a list', rich(list('bullet', [list('bullet', [section(text('x'))])]))],
    ['a list of a new kind of item', rich(list('bullet', [section({ type: 'poll' })]))],
    ['no elements', [{ type: 'rich_text' }]],
    ['elements that are none', [{ type: 'rich_text', elements: 'x' }]],
    ['a part without elements', rich({ type: 'rich_text_section' })],
    ['text', 'x'],
    ['null among the blocks', [null]],
    ['null among the parts', [{ type: 'rich_text', elements: [null] }]],
    ['null among the elements', [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [null] }] }]],
  ])('%s', (_, blocks) => {
    expect(readRich(blocks)).toBeUndefined();
  });
});

test('whatever is in the blocks, nothing is thrown', () => {
  const type = fc.constantFrom(
    'text',
    'link',
    'user',
    'emoji',
    'date',
    'rich_text_section',
    'rich_text_list',
    'rich_text_quote',
  );
  const thing = fc.letrec((tie) => ({
    node: fc.record(
      {
        type,
        elements: fc.array(tie('node'), { maxLength: 3 }),
        text: fc.anything(),
        url: fc.anything(),
        unicode: fc.anything(),
        style: fc.anything(),
        indent: fc.anything(),
        offset: fc.anything(),
        timestamp: fc.anything(),
      },
      { requiredKeys: ['type'] },
    ),
  }));
  fc.assert(
    fc.property(fc.array(thing.node), (parts) => {
      const pieces = readRich([{ type: 'rich_text', elements: parts }]);
      expect(typeof plain(pieces ?? [])).toBe('string');
    }),
    { numRuns: 150 },
  );
});

test('text of all Unicode comes out as it was typed, in code exactly', () => {
  const typed = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(typed, (before) => {
      const known = before.replaceAll(/[\r\u2028\u2029\u00a0\u2007\u202f]/g, '');
      expect(read(rich(section(text(known))))).toBe(known);
    }),
    { numRuns: 200 },
  );
  const inside = exact.filter((value) => value !== '');
  fc.assert(
    fc.property(inside, inside, (one, other) => {
      const written = read(rich(section(text('put '), text(one, 'code'), text(' x='), text(other, 'code')))) ?? '';
      expect(typedLine(written).words).toEqual(['put', one, `x=${other}`]);
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(exact, exact, (one, other) => {
      const blocks = rich(section(text('put')), fence(text(one)), section(text('and')), fence(text(other)));
      const kept = [one, other].map((block) => block.replace(/^\n/, '').replace(/\n$/, ''));
      expect(typedLine(read(blocks) ?? '').words).toEqual(['put', kept[0], 'and', kept[1]]);
    }),
    { numRuns: 500 },
  );
});

test('a hundred thousand elements, or as many code points in an emoji, are no trouble', () => {
  const many = Array.from({ length: 200_000 }, () => text('a'));
  expect(read(rich(section(...many.slice(0, 100_000)), section(...many.slice(0, 100_000))))).toHaveLength(200_001);
  expect(read(rich({ type: 'rich_text_section', elements: many }))).toHaveLength(200_000);
  expect(read(rich(section(emoji('x', { unicode: '1f389-'.repeat(200_000) }))))).toBe(':x:');
});
