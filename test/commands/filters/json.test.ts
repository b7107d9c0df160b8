import { describe, expect, test } from 'vitest';
import { type Document, text } from '../../../src/document/document.ts';
import { shown, through } from './through.ts';

const json = (value: string): Document => ({ kind: 'json', text: value });
const answer = json(`{
	"items": [{"name": "b\\u00e9", "n": 12345678901234567890}, {"name": "a", "tags": ["x", "y"]}],
	"next page": 1.50,
	"a.b": {"c": null, "c": true},
	"text": "one\\ntwo",
	"Total": 7
}`);

describe('json', () => {
  test.each<[string, string | undefined]>([
    ['json .items[0].name', 'bé'],
    ['json items[0].name', 'bé'],
    ['json .items[0].n', '12345678901234567890'],
    ['json .items[-1].name', 'a'],
    ['json .items[].name', 'bé\na'],
    ['json .items[].tags', '[\n\t[\n\t\t"x",\n\t\t"y"\n\t]\n]'],
    ['json .items[].tags[]', 'x\ny'],
    ['json .items[1]', '{\n\t"name": "a",\n\t"tags": [\n\t\t"x",\n\t\t"y"\n\t]\n}'],
    ['json ."next page"', '1.50'],
    ['json .["next page"]', '1.50'],
    ['json ["next page"]', '1.50'],
    [`json '.items[0].name'`, 'bé'],
    ['json .“next page”', undefined],
    ['json ."a.b".c', 'true'],
    ['json .text', 'one\ntwo'],
    ['json .total', '7'],
    ['json ."a.b"[]', 'null\ntrue'],
  ])('by %j', (line, expected) => {
    if (expected === undefined) expect(() => through(answer, line)).toThrow('is no path');
    else expect(shown(answer, line)).toBe(expected);
  });

  test('keeps all as it is written', () => {
    expect(shown(json('{"b":1e2,"a":0.10}'), 'json .')).toBe('{\n\t"b": 1e2,\n\t"a": 0.10\n}');
  });

  test.each([
    ['json .nobody', '. has no nobody, only items, next page, a.b, text, Total'],
    ['json .items.name', '.items is an array: .items[].name'],
    ['json .items[7]', '.items has 2 elements'],
    ['json .items[].x', '.items[] has no x, only name, n'],
    ['json .text.more', '.text has no members'],
    ['json .text[]', '.text is no array'],
    ['json .text[0]', '.text is no array'],
  ])('says where %j leads', (line, message) => {
    expect(() => through(answer, line)).toThrow(`${message}\nusage: json [path]`);
  });

  test.each(['json', 'json .', 'json [0]', 'json .a'])('finds none in what is none: %j', (line) => {
    expect(() => through(text('hey'), line)).toThrow('there is no JSON in the answer before it');
  });

  test('reads rows, fields, and text that is JSON', () => {
    const table: Document = { kind: 'table', columns: [{ title: 'ID' }, { title: '7' }], rows: [['a', 'x']] };
    expect(shown(table, 'json .')).toBe('[\n\t{\n\t\t"ID": "a",\n\t\t"7": "x"\n\t}\n]');
    expect(shown(table, 'json')).toBe(shown(table, 'json .'));
    expect(shown(table, 'json [].ID')).toBe('a');
    expect(shown({ kind: 'list', items: ['"q"', 'b'] }, 'json [0]')).toBe('"q"');
    expect(shown({ kind: 'fields', fields: [{ name: 'Also', value: 'x' }] }, 'json .also')).toBe('x');
    expect(shown(text('{"msg":"hi"}'), 'json .msg')).toBe('hi');
    expect(shown({ kind: 'group', parts: [text('status'), answer] }, 'json .total')).toBe('7');
    const both: Document = { kind: 'group', parts: [json('{"a":1}'), json('{"b":2}'), json('{"a":3}')] };
    expect(shown(both, 'json .a')).toBe('1\n\n3');
  });

  test('is not held up by long paths and deep values', () => {
    const deep = `${'['.repeat(9_000)}${']'.repeat(9_000)}`;
    expect(shown(json(deep), `json ${'[0]'.repeat(100)}`)).toMatch(/^\[\n\t\[/);
    expect(() => through(json(deep), `json ${'[0]'.repeat(101)}`)).toThrow('is no path');
  });
});
