import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { typedLine } from '../../../src/bot/line.ts';
import { readPipeline } from '../../../src/bot/pipeline.ts';

const words = (line: string): readonly string[] => typedLine(line).words;

describe('a fenced block', () => {
  it.each([
    ['put ```\na  b\n``` x', ['put', 'a  b', 'x']],
    ['put ```sql\nselect "a"\n  from b\n```', ['put', 'select "a"\n  from b']],
    ['put ```sql\r\nselect 1\r\n```', ['put', 'select 1']],
    ['put ```a  b```', ['put', 'a  b']],
    ['put ```two words\nmore```', ['put', 'two words\nmore']],
    ['put ```js```', ['put', 'js']],
    ['put ``````', ['put', '``````']],
    ['put ```\n```', ['put', '']],
    ['put sql=```\na\n b```', ['put', 'sql=a\n b']],
    ['put ````\n```x```\n````', ['put', '```x```']],
    ['put ```a```b c```', ['put', 'a```b c']],
    ['put a```b c```', ['put', 'a```b', 'c```']],
    ['put ```a b', ['put', '```a', 'b']],
  ])('%j', (line, expected) => {
    expect(words(line)).toEqual(expected);
  });

  it('as the rest of a line gives its inside, and beside other words stays as it was typed', () => {
    expect(typedLine('call a B.C ```json\n{"a": "```"}\n```').after(3)).toBe('{"a": "```"}');
    expect(typedLine('call a B.C\n```\n{“a”: "“b”\u00a0c"}\n```').after(3)).toBe('{“a”: "“b”\u00a0c"}');
    expect(typedLine('echo ```a``` b').after(1)).toBe('```a``` b');
    expect(typedLine('echo ```a').after(1)).toBe('```a');
  });

  it('holds any text that has no fence of its own', () => {
    const inside = fc
      .string({ unit: 'binary' })
      .filter((text) => !text.includes('```') && !text.endsWith('\r') && !text.startsWith('`') && !text.endsWith('`'));
    fc.assert(
      fc.property(inside, (text) => {
        expect(words(`put \`\`\`\n${text}\n\`\`\` x`)).toEqual(['put', text, 'x']);
        expect(typedLine(`put \`\`\`txt\n${text}\n\`\`\``).after(1)).toBe(text);
      }),
      { numRuns: 300 },
    );
  });
});

describe('code between backticks', () => {
  it.each([
    ['put `a b`', ['put', 'a b']],
    ['put `a | b > c` x', ['put', 'a | b > c', 'x']],
    ['put --q=`"a" b` q=`c d`', ['put', '--q="a" b', 'q=c d']],
    ['put `a b`, x', ['put', 'a b,', 'x']],
    ['put `{“a”: 1}`', ['put', '{“a”: 1}']],
    ['put a`b c`', ['put', 'a`b', 'c`']],
    ['put ` a` `b `', ['put', '`', 'a`', '`b', '`']],
    ['put `a\nb`', ['put', '`a', 'b`']],
    ['put ``a b``', ['put', '``a', 'b``']],
    ['put "`a b`"', ['put', '`a b`']],
    ['put `a', ['put', '`a']],
  ])('%j', (line, expected) => {
    expect(words(line)).toEqual(expected);
  });

  it.each([
    ['`put a b`', ['put', 'a', 'b']],
    ['`put` a b', ['put', 'a', 'b']],
    ['```\nput a\n  b\n```', ['put', 'a', 'b']],
    ['```sh\nput\n``` `a b`', ['put', 'a b']],
    ['`put "a b"`', ['put', 'a b']],
    ['`put`a b', ['puta', 'b']],
  ])('is the command where one is expected: %j', (line, expected) => {
    expect(words(line)).toEqual(expected);
  });

  it.each([
    ['`put a | grep b`', ['put a', 'grep b']],
    ['put `a | b` | `grep b`', ['put `a | b`', '`grep b`']],
    ['`put a` | grep `b | c`', ['put a', 'grep `b | c`']],
    ['--plan `put a | grep b`', ['put a', 'grep b']],
  ])('is no syntax: %j', (line, stages) => {
    expect(readPipeline(line).stages).toEqual(stages);
  });
});

describe('a value in brackets', () => {
  it.each([
    ['put {"a": "b c"} x', ['put', '{"a": "b c"}', 'x']],
    ['put {“a”: “b } c”} x', ['put', '{"a": "b } c"}', 'x']],
    ['put spec={"a": [1, 2]} x', ['put', 'spec={"a": [1, 2]}', 'x']],
    ['put --spec={\n  "a": 1\n} x', ['put', '--spec={\n  "a": 1\n}', 'x']],
    ['put [a, b] x', ['put', '[a, b]', 'x']],
    ['put {a b', ['put', '{a', 'b']],
    ['put {a "b c"', ['put', '{a', 'b c']],
    ['put a{b c} x', ['put', 'a{b', 'c}', 'x']],
    ['put "{a b}" {}', ['put', '{a b}', '{}']],
    ['put {"a": 1}{"b": 2} x', ['put', '{"a": 1}{"b":', '2}', 'x']],
  ])('is one word: %j', (line, expected) => {
    expect(words(line)).toEqual(expected);
  });

  it('is any JSON object or list, as it was typed', () => {
    const values = fc.oneof(
      fc.object({ values: [fc.string({ unit: 'binary' }), fc.integer()] }),
      fc.array(fc.string({ unit: 'binary' })),
    );
    fc.assert(
      fc.property(values, fc.constantFrom(0, 2), (value, indent) => {
        const json = JSON.stringify(value, null, indent);
        expect(words(`put ${json} spec=${json} x`)).toEqual(['put', json, `spec=${json}`, 'x']);
      }),
      { numRuns: 300 },
    );
  });
});
