import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkJson, indentJson } from '../../src/document/json.ts';
import { JsonError } from '../../src/document/json-error.ts';

describe('indenting', () => {
  test('puts one member on a line and one TAB a level', () => {
    expect(indentJson('{"msg":"Hello John"}')).toBe('{\n\t"msg": "Hello John"\n}');
    expect(indentJson(' { "a" : [ 1 , {"b":null} ] , "c":{} , "d":[ ] } \n')).toBe(
      '{\n\t"a": [\n\t\t1,\n\t\t{\n\t\t\t"b": null\n\t\t}\n\t],\n\t"c": {},\n\t"d": []\n}',
    );
  });

  test('changes no digit, no escape and no order', () => {
    const json = '{"n":12345678901234567890,"f":1.50e+01,"s":"\\u00e9\\/é","n":-0}';
    expect(indentJson(json).replaceAll(/[\n\t ]/g, '')).toBe(json);
  });

  test('agrees with the runtime for any value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.stringify(value);
        expect(indentJson(json)).toBe(JSON.stringify(value, undefined, '\t'));
        expect(indentJson(indentJson(json))).toBe(indentJson(json));
      }),
    );
  });

  test('does not turn a few deep bytes into megabytes', () => {
    const deep = '['.repeat(10_000) + ']'.repeat(10_000);
    expect(indentJson(deep).length).toBeLessThan(2_000_000);
  });
});

describe('checking', () => {
  test('says what the text holds', () => {
    const kinds = ['{}', '[]', '"a"', '1', 'true', 'false', 'null'].map(checkJson);
    expect(kinds).toEqual(['object', 'array', 'string', 'number', 'boolean', 'boolean', 'null']);
  });

  test.each([
    ['hello', "invalid character 'h' looking for beginning of value", 1, 1],
    ['{"a"hello}', "invalid character 'h' after object key", 1, 5],
    ['{"name": John}', "invalid character 'J' looking for beginning of value", 1, 10],
    ["{'a': 1}", "invalid character '\\'' looking for beginning of object key string", 1, 2],
    ['{"a": 1,}', "invalid character '}' looking for beginning of object key string", 1, 9],
    ['{"a": 1 "b": 2}', "invalid character '\"' after object key:value pair", 1, 9],
    ['[1 2]', "invalid character '2' after array element", 1, 4],
    ['{\n\t"a": tru\n}', "invalid character '\\n' in literal true (expecting 'e')", 2, 10],
    ['{} {}', "invalid character '{' after top-level value", 1, 4],
    ['01', "invalid character '1' after top-level value", 1, 2],
    ['-x', "invalid character 'x' in numeric literal", 1, 2],
    ['1.x', "invalid character 'x' after decimal point in numeric literal", 1, 3],
    ['1ex', "invalid character 'x' in exponent of numeric literal", 1, 3],
    ['"a\\q"', "invalid character 'q' in string escape code", 1, 4],
    ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape", 1, 6],
    ['"a\nb"', "invalid character '\\n' in string literal", 1, 3],
    ['"a\u0001b"', "invalid character '\\x01' in string literal", 1, 3],
    ['{“a”: 1}', "invalid character '“' looking for beginning of object key string", 1, 2],
    ['{"é😀": x}', "invalid character 'x' looking for beginning of value", 1, 8],
    ['', 'unexpected end of JSON input', 1, 1],
    ['{"a": "b', 'unexpected end of JSON input', 1, 9],
    ['[1,', 'unexpected end of JSON input', 1, 4],
    ['"\\u12', 'unexpected end of JSON input', 1, 6],
    ['"\\', 'unexpected end of JSON input', 1, 3],
    ['nul', 'unexpected end of JSON input', 1, 4],
    ['-', 'unexpected end of JSON input', 1, 2],
  ])('%j: %s', (json, reason, line, column) => {
    const error = failureOf(json);
    expect(error.message.split('\n')[0]).toBe(`${reason} at line ${line} column ${column}`);
    expect([error.line, error.column]).toEqual([line, column]);
  });

  test('points at the place', () => {
    expect(failureOf('{"a"hello}').message).toBe(
      'invalid character \'h\' after object key at line 1 column 5\n{"a"hello}\n    ^',
    );
    expect(failureOf('{\n\t"a": x,\n}').message.split('\n').slice(1)).toEqual([' "a": x,', '      ^']);
  });

  test('shows only the surroundings in a long line', () => {
    const [, shown = '', caret = ''] = failureOf(
      `{"a": "${'b'.repeat(10_000)}" x "${'c'.repeat(10_000)}"}`,
    ).message.split('\n');
    expect(shown.length).toBeLessThan(100);
    expect(shown[caret.indexOf('^')]).toBe('x');
  });

  test('refuses text that is nested without end', () => {
    expect(failureOf('['.repeat(100_000)).message).toMatch(/^exceeded max depth at line 1 column 10001\n/);
    expect(failureOf('{"a":'.repeat(100_000)).message).toMatch(/^exceeded max depth/);
  });

  test('accepts and refuses what the runtime accepts and refuses', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"\\n"',
      '"',
      '\\',
      '1',
      '-0',
      '.5',
      'e3',
      'true',
      'nul',
      ' ',
      '\n',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 8 }), (parts) => {
        const json = parts.join('');
        expect(isValid(json, checkJson)).toBe(isValid(json, JSON.parse));
      }),
      { numRuns: 2000 },
    );
  });
});

function failureOf(json: string): JsonError {
  try {
    checkJson(json);
  } catch (error) {
    if (error instanceof JsonError) return error;
  }
  throw new Error(`${json.slice(0, 50)} was accepted`);
}

function isValid(json: string, read: (json: string) => unknown): boolean {
  try {
    read(json);
    return true;
  } catch {
    return false;
  }
}
