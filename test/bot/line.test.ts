import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { typedLine } from '../../src/bot/line.ts';

describe('a typed line', () => {
  it('looks no further than it is asked', () => {
    const line = typedLine('call greeter Say.Hello "never closed');
    expect(line.word(0)).toBe('call');
    expect(line.word(2)).toBe('Say.Hello');
    expect(line.after(3)).toBe('"never closed');
    expect(line.head(9)).toEqual(['call', 'greeter', 'Say.Hello']);
    expect(() => line.word(3)).toThrow('the quote " at column 24 is never closed');
  });

  it('gives undefined and nothing beyond its end', () => {
    const line = typedLine('  ping ');
    expect(line.word(1)).toBeUndefined();
    expect(line.after(1)).toBe('');
    expect(line.after(5)).toBe('');
    expect(typedLine('').after(0)).toBe('');
  });

  it('leaves its first words out for a command', () => {
    const args = typedLine('get  service "a b"  rest  of it').rest(2);
    expect(args.words).toEqual(['a b', 'rest', 'of', 'it']);
    expect(args.word(0)).toBe('a b');
    expect(args.after(1)).toBe('rest  of it');
  });

  it.each([
    ['{"name": "John"}', '{"name": "John"}'],
    ['{"n":   12345678901234567890}', '{"n":   12345678901234567890}'],
    ['{“name”: “John”}', '{"name": "John"}'],
    ['{"says": "“hi” \\" “"}', '{"says": "“hi” \\" “"}'],
    ['{“a”:\u00a0"\u00a0"}', '{"a": "\u00a0"}'],
    ['[“a\\”b", 1]', '["a\\”b", 1]'],
    ['“hello”  there', '“hello”  there'],
    ["don't  “x”", "don't  “x”"],
  ])('hands %s on as %s', (typed, expected) => {
    expect(typedLine(`call ${typed}`).after(1)).toBe(expected);
  });

  it('hands any JSON on as it was typed, smart quotes in its strings too', () => {
    fc.assert(
      fc.property(
        fc.object({ key: fc.string({ unit: 'binary' }), values: [fc.string({ unit: 'binary' })] }),
        (value) => {
          const typed = JSON.stringify(value, null, 1);
          expect(typedLine(`call a.b C.D ${typed}`).after(3)).toBe(typed);
        },
      ),
    );
  });
});
