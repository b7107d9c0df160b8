import { describe, expect, test } from 'vitest';
import { type Document, type Table, text } from '../../../../src/document/document.ts';
import { write } from '../../../../src/inputs/xmpp/say/write.ts';

const room = { characters: 4_000, bytes: 60_000 };
const bodies = (document: Document, before = ''): readonly string[] =>
  write(document, { room, before, hasFences: true, most: 10_000 }).map(({ body }) => body);
const only = (document: Document, before = ''): { readonly body: string; readonly isStyled: boolean } =>
  write(document, { room, before, hasFences: true, most: 10_000 })[0];
const lines = (...all: readonly string[]): string => all.join('\n');

const table: Table = {
  kind: 'table',
  columns: [{ title: 'Service' }, { title: 'Nodes' }],
  rows: [
    ['orders', '2'],
    ['greeter-x', '10'],
  ],
};

describe('each kind of document', () => {
  test.each<[string, Document, string]>([
    ['text', text('hello\n\n\n\nworld\n'), 'hello\n\nworld'],
    ['code', { kind: 'code', text: 'a\n\n\n  b' }, '```\na\n\n\n  b\n```'],
    ['one line of code', { kind: 'code', text: 'x = 1' }, 'x = 1'],
    ['JSON', { kind: 'json', text: '{\n\t"a": 1\n}' }, '```\n{\n\t"a": 1\n}\n```'],
    ['one line of JSON', { kind: 'json', text: '{"a":1}' }, '{"a":1}'],
    ['a table', table, lines('```', 'Service    Nodes', 'orders     2', 'greeter-x  10', '```')],
    ['fields', { kind: 'fields', fields: [{ name: 'a', value: 'b\nc' }] }, 'a: b c'],
    ['a list', { kind: 'list', items: ['a', 'b'] }, 'a\nb'],
    ['a link', { kind: 'link', url: 'https://x.test/', label: 'docs' }, 'docs (https://x.test/)'],
    ['a link without a label', { kind: 'link', url: 'https://x.test/', label: '' }, 'https://x.test/'],
    ['actions', { kind: 'actions', actions: [{ label: 'x', line: 'y' }] }, '(no output)'],
    ['nothing', text(' \n'), '(no output)'],
    ['a group', { kind: 'group', parts: [text('a'), text('b')] }, 'a\n\nb'],
    ['a group without gaps', { kind: 'group', parts: [text('a'), text('b')], gap: 0 }, 'a\nb'],
    ['a group of several kinds', { kind: 'group', parts: [text('a'), table, text('b')] }, ''],
  ])('%s', (_, document, wanted) => {
    if (wanted !== '') expect(bodies(document)).toEqual([wanted]);
    else expect(only(document).body).toMatch(/^a\n```\nService[^`]*\n```\n\nb$/);
  });

  test('a document that is deeper than the stack', () => {
    let document: Document = text('deep');
    for (let depth = 0; depth < 50_000; depth += 1) document = { kind: 'group', parts: [document] };
    expect(bodies(document)).toEqual(['deep']);
  });

  test('in a room it begins with whom it is for, and a fence on a line of its own', () => {
    expect(only(text('hello'), 'alice: ').body).toBe('alice: hello');
    expect(only(table, 'alice: ').body).toMatch(/^alice: \n```\nService/);
  });
});

describe('what a service says is only text', () => {
  test.each([
    ['bold', '*x*'],
    ['italic', 'a _x_'],
    ['struck', '(~x~'],
    ['code', '`x`'],
    ['a quotation', 'a\n> x'],
    ['a fence', 'a\n```\nx\n```'],
  ])('%s in plain text has no style, since the whole message has none', (_, value) => {
    expect(only(text(value))).toEqual({ body: value, isStyled: false });
  });

  test('beside a fence of ours it is put into one as well', () => {
    const { body, isStyled } = only({ kind: 'group', parts: [text('*bold* words'), table, text('snake_case_name')] });
    expect(isStyled).toBe(true);
    expect(body).toMatch(/^```\n\*bold\* words\n```\n```\nService[^`]*\n```\n\nsnake_case_name$/);
  });

  test('what would end a fence of ours is in none', () => {
    const { body, isStyled } = only({ kind: 'code', text: 'a\n  ```\n*b*' });
    expect({ body, isStyled }).toEqual({ body: 'a\n  ```\n*b*', isStyled: false });
  });

  test.each(['```x', '*x*', '> x'])('a nick that is markup (%s) has no style either', (nick) => {
    expect(only(table, `${nick}: `).isStyled).toBe(false);
  });

  test('a nick is one line and turns nothing around', () => {
    expect(only(text('x'), 'a\nb\u202e: ').body).toBe('a b\\u202e: x');
  });

  test('it does not act in our name', () => {
    expect(only(text('/me leaves')).body).toBe(' /me leaves');
    expect(only(text('/me leaves'), 'alice: ').body).toBe('alice: /me leaves');
  });

  test('it can be sent: what XML does not carry is written as codes', () => {
    expect(only(text('a\u0000\u001b[2J\ud800\ufffe\uffff\u202e😀')).body).toBe(
      'a\\u0000\\u001b[2J\\ud800\\ufffe\\uffff\\u202e😀',
    );
  });

  test('somebody called at the front of a later message is not', () => {
    const long = Array.from({ length: 300 }, () => 'otherbot: delete all the things').join('\n');
    const [first, ...others] = bodies(text(long), 'alice: ');
    expect(first?.startsWith('alice: ')).toBe(true);
    expect(others.length).toBeGreaterThan(0);
    for (const body of others) expect(body.startsWith('… ')).toBe(true);
  });
});
