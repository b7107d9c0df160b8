import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type Document, text } from '../../src/document/document.ts';
import { maskFields } from '../../src/document/mask-json.ts';
import { maskDocument } from '../../src/document/mask.ts';
import { secretMask } from '../../src/document/secret-mask.ts';
import { finish } from '../../src/document/steps.ts';
import { renderTerminal } from '../../src/document/terminal.ts';
import { scrubber } from '../../src/log/scrub.ts';

const secret = 'hunter2-öö';

function scrubbing(secrets: readonly string[]): (value: string) => string {
  const scrub = scrubber(secrets);
  return (value) => scrub.text(value);
}
const hiding =
  (secrets: readonly string[], fields: readonly string[] = []) =>
  (document: Document): Document =>
    finish(secretMask(scrubbing(secrets), secrets, fields)(document));
const hide = hiding([secret]);
const titled = (...titles: readonly string[]): readonly { readonly title: string }[] =>
  titles.map((title) => ({ title }));

describe('a masked document', () => {
  it.each<[string, Document, Document]>([
    ['a text', text(`it is ${secret}!`), text('it is [secret]!')],
    ['code', { kind: 'code', text: secret, language: 'sh' }, { kind: 'code', text: '[secret]', language: 'sh' }],
    [
      'JSON, to the digit',
      { kind: 'json', text: `{"n": 1.50, "a": ["${secret}", "x"], "${secret}": null}` },
      { kind: 'json', text: '{"n": 1.50, "a": ["[secret]", "x"], "[secret]": null}' },
    ],
    [
      'a table',
      { kind: 'table', columns: titled('a', secret), rows: [['1', `=${secret}`]] },
      { kind: 'table', columns: titled('a', '[secret]'), rows: [['1', '=[secret]']] },
    ],
    [
      'fields',
      { kind: 'fields', fields: [{ name: secret, value: secret }] },
      { kind: 'fields', fields: [{ name: '[secret]', value: '[secret]' }] },
    ],
    ['a list', { kind: 'list', items: [secret, 'x'] }, { kind: 'list', items: ['[secret]', 'x'] }],
    [
      'the name of a link',
      { kind: 'link', label: secret, url: 'https://x.example' },
      { kind: 'link', label: '[secret]', url: 'https://x.example' },
    ],
    [
      'an address, which is no link any more',
      { kind: 'link', label: 'here', url: `https://x.example/?k=${encodeURIComponent(secret)}` },
      text('here (https://x.example/?k=[secret])'),
    ],
    [
      'a button, which would run something else',
      {
        kind: 'actions',
        actions: [
          { label: 'Again', line: `login ${secret}` },
          { label: secret, line: 'help' },
        ],
      },
      { kind: 'actions', actions: [{ label: '[secret]', line: 'help' }] },
    ],
    [
      'all parts of a group',
      { kind: 'group', parts: [text('a'), { kind: 'group', parts: [text(secret)] }], gap: 0 },
      { kind: 'group', parts: [text('a'), { kind: 'group', parts: [text('[secret]')] }], gap: 0 },
    ],
  ])('hides a secret in %s', (_, document, masked) => {
    expect(hide(document)).toEqual(masked);
    expect(finish(maskDocument(document, scrubbing([secret])))).toEqual(masked);
  });

  it('is the very same where there is nothing to hide', () => {
    const document: Document = {
      kind: 'group',
      parts: [
        text('a'),
        { kind: 'table', columns: titled('a'), rows: [['b']] },
        { kind: 'fields', fields: [{ name: 'a', value: 'b' }] },
        { kind: 'list', items: ['a'] },
        { kind: 'json', text: '{"a": [1e3]}' },
        { kind: 'link', label: 'a', url: 'b' },
        { kind: 'actions', actions: [{ label: 'a', line: 'b' }] },
      ],
    };
    expect(hide(document)).toBe(document);
    expect(hiding([], ['password'])(document)).toBe(document);
  });

  it('hides a number, and what JSON escapes', () => {
    expect(hiding(['12345678'])({ kind: 'json', text: '[12345678]' })).toEqual({ kind: 'json', text: '["[secret]"]' });
    expect(hide({ kind: 'json', text: String.raw`{"a":"hunter2-\u00f6\u00F6"}` })).toEqual({
      kind: 'json',
      text: '{"a":"[secret]"}',
    });
  });
});

describe('secrets that are torn', () => {
  // A long text is looked at piece by piece.
  it.each([65_528, 65_530, 65_533, 65_535, 65_536, 131_069])('are found wherever they are in a long text: %i', (at) => {
    const [before, after] = ['x'.repeat(at), 'y'.repeat(70_000)];
    const torn = 'hun ter2\n-öö';
    expect(hide(text(before + torn + after))).toEqual(text(`${before}[secret]${after}`));
    expect(hide({ kind: 'list', items: [before, 'hun', 'ter2-', 'öö', after] })).toEqual({
      kind: 'list',
      items: ['[secret]', '[secret]', '[secret]', '[secret]', '[secret]'],
    });
  });

  it.each<[string, Document]>([
    ['over lines', text('it is hunt\ner2-\u200böö!')],
    ['over items', { kind: 'list', items: ['hunt', 'er2-öö'] }],
    ['over the cells of a row', { kind: 'table', columns: titled('a', 'b'), rows: [['hunt', 'er2-öö']] }],
    [
      'over the rows of a column',
      {
        kind: 'table',
        columns: titled('a', 'b'),
        rows: [
          ['x', 'hunt'],
          ['y', 'er2-öö'],
        ],
      },
    ],
    [
      'over rows',
      {
        kind: 'table',
        columns: titled('a', 'b'),
        rows: [
          ['x', 'hunt'],
          ['er2-öö', 'y'],
        ],
      },
    ],
    [
      'over fields',
      {
        kind: 'fields',
        fields: [
          { name: 'a', value: 'hunt' },
          { name: 'b', value: 'er2-öö' },
        ],
      },
    ],
    ['over a name and its value', { kind: 'fields', fields: [{ name: 'hunter2', value: '-öö' }] }],
    ['over parts', { kind: 'group', parts: [text('hunter2'), text('-öö')] }],
    ['over the strings of JSON', { kind: 'json', text: '["hunt", "er2-öö"]' }],
  ])('%s are hidden', (_, document) => {
    const shown = renderTerminal(hide(document));
    expect(shown).toContain('[secret]');
    expect(shown).not.toMatch(/hunt|er2/);
  });
});

describe('members whose values are secret', () => {
  const without = hiding([], ['password', 'auth.token']);

  it.each<[string, Document, Document]>([
    [
      'of JSON at any depth, whatever they are',
      { kind: 'json', text: '{"a":[{"Password": {"x": [1]}}], "auth":{"token":7,"id":1}, "token": 8}' },
      { kind: 'json', text: '{"a":[{"Password": "[secret]"}], "auth":{"token":"[secret]","id":1}, "token": 8}' },
    ],
    ['of JSON in a text', text('{"pass_word":"x"}'), text('{"pass_word":"[secret]"}')],
    [
      'of fields',
      { kind: 'fields', fields: [{ name: 'password', value: 'x' }] },
      { kind: 'fields', fields: [{ name: 'password', value: '[secret]' }] },
    ],
    [
      'of a column',
      { kind: 'table', columns: titled('user', 'Password'), rows: [['ann', 'x']] },
      { kind: 'table', columns: titled('user', 'Password'), rows: [['ann', '[secret]']] },
    ],
    [
      'of what claims to be JSON and is none',
      { kind: 'json', text: '{"password": x}' },
      { kind: 'json', text: '"[secret]"' },
    ],
  ])('%s are hidden', (_, document, masked) => {
    expect(without(document)).toEqual(masked);
  });

  it('go from an answer before it is made into a document', () => {
    expect(finish(maskFields('{"password":"x"}', ['password']))).toBe('{"password":"[secret]"}');
    expect(finish(maskFields('{"password":', ['password']))).toBe('"[secret]"');
    expect(finish(maskFields('{"password":', []))).toBe('{"password":');
  });
});

const secrets = fc.string({ unit: 'grapheme', minLength: 8, maxLength: 40 }).filter((each) => dense(each).length >= 8);
const other = fc.string({ unit: 'grapheme', maxLength: 12 });
const dense = (value: string): string => value.replace(/[\s\p{Cf}]+/gu, '');

/** The secret somewhere in a document: whole, as JSON or a URL writes it, or cut into pieces that follow each other. */
const planted = (value: string): fc.Arbitrary<Document> => {
  const whole = fc
    .tuple(other, other, fc.constantFrom(value, encodeURIComponent(value), Buffer.from(value).toString('base64')))
    .map(([before, after, form]) => `${before}${form}${after}`);
  const pieces = fc.array(fc.nat(value.length), { minLength: 1, maxLength: 3 }).map((cuts) => {
    const ends = [...cuts].sort((one, two) => one - two);
    return [...ends, value.length].map((end, index) => value.slice(index === 0 ? 0 : ends[index - 1], end));
  });
  const row = fc.oneof(
    pieces,
    whole.map((each) => [each]),
  );
  const leaf = fc.oneof(
    row.map((parts): Document => text(parts.join('\n'))),
    row.map((items): Document => ({ kind: 'list', items })),
    row.map((cells): Document => ({ kind: 'table', columns: cells.map(() => ({ title: 't' })), rows: [cells] })),
    row.map((parts): Document => ({ kind: 'table', columns: titled('t'), rows: parts.map((each) => [each]) })),
    row.map((parts): Document => ({ kind: 'fields', fields: parts.map((each) => ({ name: '', value: each })) })),
    row.map((parts): Document => ({ kind: 'json', text: JSON.stringify({ a: parts, [parts.join(' ')]: 1 }) })),
    row.map((parts): Document => ({ kind: 'group', parts: parts.map(text) })),
    whole.map((label): Document => ({ kind: 'link', label, url: label })),
  );
  return fc
    .tuple(leaf, fc.boolean())
    .map(([document, isInner]) => (isInner ? { kind: 'group', parts: [text('a'), document] } : document));
};

test('nothing that is masked shows the secret, and JSON stays JSON', () => {
  fc.assert(
    fc.property(
      secrets
        .filter((value) => !/\p{Surrogate}/u.test(value))
        .chain((value) => fc.tuple(fc.constant(value), planted(value))),
      ([value, document]) => {
        const masked = hiding([value])(document);
        const shown = dense(renderTerminal(masked));
        expect(shown).not.toContain(dense(value));
        expect(shown).not.toContain(Buffer.from(value).toString('base64'));
        if (masked.kind === 'json') JSON.parse(masked.text);
      },
    ),
    { numRuns: 1_000 },
  );
});

it('a member is known by the names that lead to it, whatever lies beside it and however deep', () => {
  const within = '{"x":{"y":[{"token":1}],"z":{}},"token":"s1","q":[{"r":2}],"auth":{"token":"s2"}}';
  const shown = '{"x":{"y":[{"token":1}],"z":{}},"token":"[secret]","q":[{"r":2}],"auth":{"token":"[secret]"}}';
  expect(finish(maskFields(`{"auth":${within},"token":"no"}`, ['auth.token']))).toBe(`{"auth":${shown},"token":"no"}`);
  // The names that lead there, put together anew at each depth, took seconds.
  const deep = (inner: string): string => `${'{"n":'.repeat(9_990)}${inner}${'}'.repeat(9_990)}`;
  expect(finish(maskFields(deep(`{"auth":${within}}`), ['auth.token', 'n.n.x']))).toBe(deep(`{"auth":${shown}}`));
});
