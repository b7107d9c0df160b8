import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { typedLine } from '../../src/bot/line.ts';

const words = (line: string): readonly string[] => typedLine(line).words;
const doubleQuoted = (value: string): string => `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
const singleQuoted = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;
const anyText = fc.string({ unit: 'binary' });

describe('words of a line', () => {
  it.each([
    ['list   services', ['list', 'services']],
    ['  ping  ', ['ping']],
    ['', []],
    ['say "hello  world" twice', ['say', 'hello  world', 'twice']],
    ['say \'C:\\dir "x"\'', ['say', 'C:\\dir "x"']],
    ["I don't know", ['I', "don't", 'know']],
    ['a\\ b \\"c \\\\d', ['a b', '"c', '\\d']],
    ['C:\\dir \\d+', ['C:\\dir', '\\d+']],
    ['--name="John Smith" x', ['--name=John Smith', 'x']],
    ['5" disk', ['5"', 'disk']],
    ['"a"\'b\'c', ['abc']],
    ["'it'\\''s'", ["it's"]],
    ['"" end', ['', 'end']],
    ['“John Smith” says', ['John Smith', 'says']],
    ['‘John Smith’ don’t', ['John Smith', 'don’t']],
    ['‘I don’t know’ x', ['I don’t know', 'x']],
    ['name=“a b” „c d“', ['name=a b', 'c d']],
    ['“a "quoted', ['a quoted']],
    ['"a “b” c"', ['a “b” c']],
    ['deploy —env –dry a—b — –5', ['deploy', '--env', '--dry', 'a—b', '—', '–5']],
    ['grep –v —n=1 –vi — x —', ['grep', '-v', '-n=1', '--vi', '—', 'x', '—']],
    ['list\u00a0services\u202fnow', ['list', 'services', 'now']],
    ['a\u2003b\u2009c\u2028d\u3000"e\u2003f"', ['a', 'b', 'c', 'd', 'e\u2003f']],
    [
      'x ––env ‑‑dry=a −−force ——k -–l a––b ‑v −5 ‐‐‐',
      ['x', '--env', '--dry=a', '--force', '--k', '--l', 'a––b', '-v', '−5', '‐‐‐'],
    ],
    ['one\ntwo\tthree\r\nfour', ['one', 'two', 'three', 'four']],
    ['ends with \\', ['ends', 'with', '\\']],
    ['привет "мир 🌍"', ['привет', 'мир 🌍']],
  ])('reads %j', (line, expected) => {
    expect(words(line)).toEqual(expected);
  });

  // What other bots make of these is in their issue trackers.
  it.each([
    ['--url https://x.example/a', ['--url', 'https://x.example/a']],
    ['--env=prod', ['--env=prod']],
    ['deploy billing prod', ['deploy', 'billing', 'prod']],
    ['get https://x.example/?x=1&y=2;z#top', ['get', 'https://x.example/?x=1&y=2;z#top']],
    ['echo $HOME $(id) *', ['echo', '$HOME', '$(id)', '*']],
  ])('does not misread %j', (line, expected) => {
    expect(words(line)).toEqual(expected);
  });

  it.each([
    ['"open', 'the quote " at column 1 is never closed. Write \\" to mean the character'],
    ['call 🌍 “open', 'the quote “ at column 8 is never closed. Write \\“ to mean the character'],
    ["x='open", "the quote ' at column 3 is never closed. Write \\' to mean the character"],
  ])('says where the quote of %j is', (line, message) => {
    expect(() => words(line)).toThrow(expect.objectContaining({ code: 'usage', message }));
  });

  it('gives any text back that was quoted', () => {
    fc.assert(
      fc.property(fc.array(anyText), (values) => {
        expect(words(values.map(doubleQuoted).join(' '))).toEqual(values);
        expect(words(values.map(singleQuoted).join(' '))).toEqual(values);
        expect(words(values.map((value) => `k=${doubleQuoted(value)}`).join('  '))).toEqual(
          values.map((value) => `k=${value}`),
        );
      }),
    );
  });

  it('reads any text without an error other than an open quote', () => {
    fc.assert(
      fc.property(anyText, (line) => {
        try {
          expect(words(line).join('').length).toBeLessThanOrEqual(line.length + line.length);
        } catch (error) {
          expect(error).toMatchObject({ code: 'usage', message: expect.stringContaining('is never closed') });
        }
      }),
    );
  });
});
