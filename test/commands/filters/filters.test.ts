import { describe, expect, test } from 'vitest';
import { filters } from '../../../src/commands/filters/filters.ts';
import { type Document, text } from '../../../src/document/document.ts';
import { command, runningBot } from '../../support/bot.ts';
import { shown, through } from './through.ts';

const list = (...items: readonly string[]): Document => ({ kind: 'list', items });
const json = (value: string): Document => ({ kind: 'json', text: value });
const group = (...parts: readonly Document[]): Document => ({ kind: 'group', parts });
const nodes: Document = {
  kind: 'table',
  columns: ['Service', 'Version', 'Nodes'].map((title) => ({ title })),
  rows: [
    ['billing', '1.10.0', '3'],
    ['Auth', '1.9.0', '12'],
    ['mail', '', '3'],
  ],
};
/** As `get service` answers. */
const service = group(
  text('service  billing'),
  text('version 1.0.0'),
  {
    kind: 'table',
    columns: ['ID', 'Address'].map((title) => ({ title })),
    rows: [
      ['billing-1', '10.0.0.1'],
      ['billing-2', '10.0.0.2'],
    ],
  },
  { kind: 'fields', fields: [{ name: 'Endpoint', value: 'Pay.Now' }] },
  { kind: 'code', text: 'Request: {\n\tnode string\n}' },
);
const note: Document = { kind: 'text', text: 'as of 9:00', isNote: true };
const dated = group(list('a', 'b', 'billing'), note);
const users = json('{"users": [{"name": "ann", "id": 12345678901234567890}, {"name": "Ben", "id": 7}]}');

describe('grep', () => {
  test.each<[Document, string, string | undefined]>([
    [list('billing', 'mail'), 'grep bill', 'billing'],
    [list('Billing', 'mail'), 'grep bill', 'Billing'],
    [list('Billing', 'billing'), 'grep Bill', 'Billing'],
    [list('Billing', 'billing'), 'grep -i BILL', 'Billing\nbilling'],
    [list('billing', 'mail'), 'grep -v bill', 'mail'],
    [list('billing', 'Bill', 'mail'), 'grep -iv BILL', 'mail'],
    [list('billing', 'mail'), 'grep bill --invert', 'mail'],
    [list('billing', 'mail'), 'grep –v bill', 'mail'],
    [list('a.c', 'abc'), 'grep a.c', 'a.c'],
    [list('(a+)+$', 'aaaa'), 'grep (a+)+$', '(a+)+$'],
    [list('out of memory', 'out'), 'grep out of', 'out of memory'],
    [list('x -v', 'x'), 'grep -- -v', 'x -v'],
    [list('-5', '5'), 'grep -5', '-5'],
    [list('a'), 'grep ""', 'a'],
    [list('a'), 'grep b', undefined],
    [list('STRASSE', 'ÄPFEL'), 'grep äpf', 'ÄPFEL'],
    [nodes, 'grep auth', 'Service\tVersion\tNodes\nAuth\t1.9.0\t12'],
    [nodes, 'grep auth 1.9', 'Service\tVersion\tNodes\nAuth\t1.9.0\t12'],
    [nodes, 'grep Service', undefined],
    [service, 'grep billing-2', 'ID\tAddress\nbilling-2\t10.0.0.2'],
    [service, 'grep node', '\tnode string'],
    [service, 'grep version', 'version 1.0.0'],
    [dated, 'grep bill', 'billing\n\nas of 9:00'],
    [dated, 'grep 9:00', undefined],
    [text('one\ntwo\nthree'), 'grep t', 'two\nthree'],
    [users, 'grep ann', '[\n\t{\n\t\t"name": "ann",\n\t\t"id": 12345678901234567890\n\t}\n]'],
    [json('{\n\t"a": 1,\n\t"b": [2]\n}'), 'grep "b"', '\t"b": [2]'],
    [json('["caf\\u00e9", "x"]'), 'grep café', '[\n\t"caf\\u00e9"\n]'],
    [json('[{"n": "caf\\u00e9"}, 1]'), 'grep "café"', '[\n\t{\n\t\t"n": "caf\\u00e9"\n\t}\n]'],
    [json('no JSON at all\nsecond'), 'grep second', 'second'],
    [{ kind: 'fields', fields: [{ name: 'Also', value: 'query' }] }, 'grep also', 'Also: query'],
    [{ kind: 'link', url: 'https://x.example', label: 'docs' }, 'grep docs', 'docs (https://x.example)'],
    [group({ kind: 'actions', actions: [{ label: 'yes', line: 'confirm 1' }] }), 'grep yes', undefined],
  ])('of %j by %j', (document, line, expected) => {
    expect(shown(document, line)).toBe(expected);
  });
});

describe('head and tail', () => {
  const twelve = list(...Array.from({ length: 12 }, (_, index) => `s${index}`));
  test.each<[Document, string, string | undefined]>([
    [list('a', 'b', 'c'), 'head 2', 'a\nb'],
    [list('a', 'b', 'c'), 'head -2', 'a\nb'],
    [list('a', 'b', 'c'), 'head -n 2', 'a\nb'],
    [list('a', 'b', 'c'), 'head -n2', 'a\nb'],
    [list('a', 'b', 'c'), 'tail 2', 'b\nc'],
    [list('a', 'b', 'c'), 'head 99', 'a\nb\nc'],
    [list('a', 'b', 'c'), 'tail 99', 'a\nb\nc'],
    [list('a'), 'head 0', undefined],
    [list('a'), 'tail 0', undefined],
    [twelve, 'head', 's0\ns1\ns2\ns3\ns4\ns5\ns6\ns7\ns8\ns9'],
    [twelve, 'tail', 's2\ns3\ns4\ns5\ns6\ns7\ns8\ns9\ns10\ns11'],
    [nodes, 'head 1', 'Service\tVersion\tNodes\nbilling\t1.10.0\t3'],
    [nodes, 'tail 1', 'Service\tVersion\tNodes\nmail\t\t3'],
    [service, 'head 1', 'service  billing\n\nversion 1.0.0\n\nID\tAddress\nbilling-1\t10.0.0.1'],
    [service, 'tail 1', 'ID\tAddress\nbilling-2\t10.0.0.2\n\nEndpoint: Pay.Now\n\nRequest: {\n\tnode string\n}'],
    [dated, 'head 1', 'a\n\nas of 9:00'],
    [dated, 'tail 1', 'billing\n\nas of 9:00'],
    [group(list('a', 'b'), text('more'), list('c')), 'head 2', 'a\nb\n\nmore'],
    [group(text('a\nb'), text('c')), 'head 2', 'a\nb'],
    [group(text('a\nb'), text('c')), 'tail 2', 'b\n\nc'],
    [json('[1.0, 2, 3]'), 'head 2', '[\n\t1.0,\n\t2\n]'],
    [json('{\n\t"a": 1\n}'), 'head 1', '{'],
  ])('of %j by %j', (document, line, expected) => {
    expect(shown(document, line)).toBe(expected);
  });
});

describe('sort', () => {
  const column = (line: string, index: number): readonly string[] => {
    const sorted = through(nodes, line);
    return sorted?.kind === 'table' ? sorted.rows.map((cells) => cells[index] ?? '') : [];
  };
  test.each<[Document, string, string]>([
    [list('b', 'a', 'B', 'A'), 'sort', 'A\na\nB\nb'],
    [list('b', 'a'), 'sort -r', 'b\na'],
    [list('10 x', '9 y', 'none', '9'), 'sort -n', '9\n9 y\n10 x\nnone'],
    [list('10 x', '9 y', 'none'), 'sort -rn', '10 x\n9 y\nnone'],
    [text('b\na'), 'sort', 'a\nb'],
    [json('[3, 20, 1.50]'), 'sort -n', '[\n\t1.50,\n\t3,\n\t20\n]'],
    [json('{"b": 1, "a": 2}'), 'sort', '{"b": 1, "a": 2}'],
    [dated, 'sort -r', 'billing\nb\na\n\nas of 9:00'],
    [list('12345678901234567891', '12345678901234567890'), 'sort -n', '12345678901234567890\n12345678901234567891'],
  ])('of %j by %j', (document, line, expected) => {
    expect(shown(document, line)).toBe(expected);
  });

  test('by a column, of tables and of objects', () => {
    expect(column('sort service', 0)).toEqual(['Auth', 'billing', 'mail']);
    expect(column('sort -n Nodes', 2)).toEqual(['3', '3', '12']);
    expect(column('sort -nr nodes', 2)).toEqual(['12', '3', '3']);
    expect(column('sort 2', 1)).toEqual(['', '1.10.0', '1.9.0']);
    expect(shown(users, 'sort -n id', 'json [].name')).toBe('Ben\nann');
    expect(shown(json('[{"a": 2}, {}, {"a": 1}]'), 'sort -r a', 'json [].a')).toBe('2\n1');
  });

  test('names the columns there are', () => {
    expect(() => through(nodes, 'sort address')).toThrow('there is no column address: only Service, Version, Nodes');
    expect(() => through(list('a'), 'sort name')).toThrow('there is no column name: there are no columns');
  });
});

describe('count', () => {
  test.each<[Document, string]>([
    [list('a', 'b'), '2'],
    [list(), '0'],
    [nodes, '3'],
    [service, '2'],
    [users, '2'],
    [json('{"a": 1, "b": 2}'), '1'],
    [json('[]'), '0'],
    [text('one\ntwo'), '2'],
    [text(''), '0'],
    [dated, '3\n\nas of 9:00'],
  ])('of %j', (document, expected) => {
    expect(shown(document, 'count')).toBe(expected);
  });
});

describe('filters', () => {
  test('work one behind the other', () => {
    const names = list('billing', 'billing-eu', 'mail', 'billing-us');
    expect(shown(names, 'grep billing', 'sort -r', 'head 2')).toBe('billing-us\nbilling-eu');
    expect(shown(names, 'grep nobody', 'count')).toBe('0');
    expect(shown(names, 'grep nobody', 'sort', 'head 3', 'json .')).toBeUndefined();
    expect(shown(users, 'json .users[].name', 'sort', 'count')).toBe('2');
  });

  test.each([
    ['grep', 'grep what?\nusage: grep [-i] [-v] [text]'],
    ['grep -x a', 'there is no option -x; a word that looks like one stands behind --\nusage: grep'],
    ['grep --force', 'there is no option --force'],
    [`grep ${'a'.repeat(257)}`, 'grep looks for 256 letters at most'],
    ['head x', 'head takes one number\nusage: head [count]'],
    ['head 1 2', 'head takes one number'],
    ['head 1e3', 'head takes one number'],
    ['tail 99999999999999999999', 'tail takes one number\nusage: tail [count]'],
    ['sort -x', 'there is no option -x'],
    ['count all', 'count takes no words\nusage: count'],
    ['json .a..b', '.a..b is no path, such as .items[].name'],
  ])('refuse %j', (line, message) => {
    expect(() => through(list('a'), line)).toThrow(expect.objectContaining({ code: 'usage' }));
    expect(() => through(list('a'), line)).toThrow(message);
  });

  test('only read, and say where they stand', async () => {
    expect(filters.map(({ name, effect }) => `${name} ${effect}`)).toEqual([
      'count read',
      'grep read',
      'head read',
      'json read',
      'sort read',
      'tail read',
    ]);
    await using bot = runningBot([...filters, command('ping', () => 'pong')]);
    expect(await bot.say('grep billing')).toEqual([
      'grep stands behind another command: list services | grep billing\nusage: grep [-i] [-v] [text]',
    ]);
    expect(await bot.say('ping | grep on | count')).toEqual(['1']);
  });

  test('leave their names to services at the front', async () => {
    await using bot = runningBot([command('count', () => 'two\nlines'), ...filters]);
    expect(await bot.say('count')).toEqual(['two\nlines']);
    expect(await bot.say('count | count')).toEqual(['2']);
  });

  test('say what is wrong before anything runs', async () => {
    let runs = 0;
    const deploy = command('deploy', () => `run ${(runs += 1)}`);
    await using bot = runningBot([deploy, ...filters]);
    expect(await bot.say('deploy | head foo')).toEqual(['head takes one number\nusage: head [count]']);
    expect(await bot.say('deploy | foo')).toEqual([
      'there is no "foo" to pipe into, only count, grep, head, json, sort, tail. Quote "|" to mean the character.',
    ]);
    expect(await bot.say('deploy | deploy')).toEqual([expect.stringContaining('deploy takes nothing from a pipe')]);
    expect(runs).toBe(0);
  });

  test('count what the one before left nothing of', async () => {
    await using bot = runningBot([command('ping', () => 'pong'), ...filters]);
    expect(await bot.say('ping | grep nobody | count')).toEqual(['0']);
    expect(await bot.say('ping | grep nobody')).toEqual(['(nothing)']);
    expect(await bot.say('ping | grep nobody | head 5')).toEqual(['(nothing)']);
    expect(await bot.say('ping | grep nobody | sort | tail 5')).toEqual(['(nothing)']);
  });
});
