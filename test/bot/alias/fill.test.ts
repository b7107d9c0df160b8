import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fill } from '../../../src/bot/alias/fill.ts';
import { typedLine } from '../../../src/bot/line.ts';
import { readPipeline } from '../../../src/bot/pipeline.ts';
import { testBot } from '../../../src/testing/bot.ts';
import { command } from '../../support/bot.ts';
import { renderLine } from '../language/render.ts';

describe('an alias is filled', () => {
  test.each([
    ['list services | grep billing', '', 'list services | grep billing'],
    ['list services | grep', ' billing', 'list services | grep billing'],
    ['echo', `  don't  do`, `echo don't  do`],
    ['call greeter Say.Hello', ' {"name":  "John"}', 'call greeter Say.Hello {"name":  "John"}'],
    ['get service $1 | grep $2', ' billing "a b"', 'get service billing | grep "a b"'],
    ['get service $1 | grep $2', ' billing "|"', 'get service billing | grep "|"'],
    ['echo "hi $1!"', ' ann', 'echo "hi ann!"'],
    [`echo 'hi $1!'`, ` "a'b"`, `echo "hi a'b!"`],
    ['deploy --env=$1', ' "a b"', 'deploy --env="a b"'],
    ['deploy $1 --version ${2:-latest}', ' billing', 'deploy billing --version latest'],
    ['deploy $1 --version ${2:-latest}', ' billing 1.2', 'deploy billing --version 1.2'],
    ['echo ${1:-}', '', 'echo ""'],
    ['echo ${1}0', ' 5', 'echo 50'],
    ['echo $$1 costs $5 $$ $x $0', ' a b c d e', 'echo $1 costs e $$ $x $0'],
    ['echo $* | head', `  don't  do`, `echo don't  do | head`],
    ['echo $* | head', ' {"a": "x"}', 'echo {"a": "x"} | head'],
    ['echo $* | head', ' {"a', `echo '{"a' | head`],
    ['echo $@ | head', ' a "b c"', 'echo a "b c" | head'],
    ['echo $@ | head', '', 'echo  | head'],
    ['echo "all: $*"', ' a "b c"', 'echo "all: a b c"'],
    ['call a B {"name": "$1", "n": $2}', ' "O\\"Neil" 3', 'call a B {"name": "O\\"Neil", "n": 3}'],
    ['call a B {"n": $1}', ' text', 'call a B {"n": "text"}'],
    ['call a B {"list": [$@]}', ' 1 two {"x":3}', 'call a B {"list": [1,"two",{"x":3}]}'],
    ['call a B {"name": “$1”}', ' ann', 'call a B {"name": "ann"}'],
    ['deploy x body={"a": "$1"}', ' "}"', 'deploy x body={"a": "}"}'],
    ['echo ```\n$1\n``` $1', ' a', 'echo ```\n$1\n``` a'],
  ])('%j with %j', (line, typed, expected) => {
    expect(fill('gb', line, typed)).toBe(expected);
  });

  test.each([
    ['echo $2', ' a', 'gb needs 2 words: gb is echo $2'],
    ['echo $1', '', 'gb needs one word: gb is echo $1'],
    ['echo $1', ' a b', 'gb takes no more than one word: gb is echo $1'],
    ['echo $1 ${3:-x}', ' a b c d', 'gb takes no more than 3 words'],
    ['echo $1', ' "a', 'the quote " at column 2 is never closed'],
  ])('not %j with %j', (line, typed, message) => {
    expect(() => fill('gb', line, typed)).toThrow(expect.objectContaining({ code: 'usage' }));
    expect(() => fill('gb', line, typed)).toThrow(message);
  });

  test('not beyond what a line may hold', () => {
    const line = 'echo '.padEnd(4_000, '$* ');
    expect(() => fill('gb', line, ` ${'x'.repeat(60_000)}`)).toThrow('the line is too long: at most 65536 letters');
  });

  test('with words that stay words, whatever they hold', () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
      fc.constantFrom(
        '|',
        '>',
        '--plan',
        '"',
        "'",
        '\\',
        '{',
        '[',
        '}',
        '```',
        '$1',
        '$*',
        '”',
        'a b',
        '\n',
        '> me',
        '" | x',
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 2, maxLength: 4 }), (words) => {
        const typed = ` ${renderLine(words)}`;
        const [one = '', two = ''] = words;
        for (const [line, expected] of [
          [
            'a $1 b | c --x=$2 $@',
            [
              ['a', one, 'b'],
              ['c', `--x=${two}`, ...words],
            ],
          ],
          [
            'a "<$1>" | c $*',
            [
              ['a', `<${one}>`],
              ['c', ...words],
            ],
          ],
          [
            'a $* | c ${1:-x}',
            [
              ['a', ...words],
              ['c', one],
            ],
          ],
        ] as const) {
          const { stages, to, isPlan } = readPipeline(fill('x', line, typed));
          expect(stages.map((stage) => typedLine(stage).words)).toEqual(expected);
          expect([to, isPlan]).toEqual([undefined, false]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('with values that stay values of JSON, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (word) => {
        const typed = ` ${renderLine([word])}`;
        const words = typedLine(
          fill('x', 'call a B {"in": "<$1>", "list": ["$*", "\\\\"], "k": "\\"$1"} end', typed),
        ).words;
        expect(words).toHaveLength(5);
        expect(JSON.parse(words[3] ?? '')).toEqual({ in: `<${word}>`, list: [word, '\\'], k: `"${word}` });
        expect(() => JSON.parse(typedLine(fill('x', 'call {"n": $1}', typed)).word(1) ?? '')).not.toThrow();
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('what is taken as it was typed', () => {
  test.each([
    ['alias cost echo \'about  $x\' or "$ 5"', 'cost', '\'about  $x\' or "$ 5"'],
    ['alias say echo $*', 'say [WARN disk', '[WARN disk'],
    ['alias say echo note: $*', 'say {x ```', 'note: {x ```'],
    ['alias say echo $*', 'say [WARN disk]  "so"', '[WARN disk]  "so"'],
    ['alias empty echo “"', 'empty', '“"'],
    // What follows an open bracket would be in it.
    ['alias warn echo [WARN disk', 'warn | count', '1'],
    ['alias say echo $* now]', 'say [x', '"[x" now]'],
  ])('stays that: %s, %s', async (alias, line, expected) => {
    await using bot = await testBot({ commands: [command('echo', ({ args }) => args.after(0), { effect: 'read' })] });
    expect((await bot.say(alias)).outcome).toBe('done');
    expect((await bot.say(line)).text).toBe(expected);
  });
});

describe('what cannot be', () => {
  test.each([
    ["alias gb='list services'", 'there is no = in it: alias gb list services'],
    ['alias gb = list services', 'there is no = in it: alias gb list services'],
    [
      'mine | count',
      'behind the > at column 8 stands where the answer goes: > me, > #room or > room@host, and nothing more. Write ">", with the quotes, to mean the character\nThe line that is meant: echo a > me | count',
    ],
  ])('is told: %s', async (line, sentence) => {
    await using bot = await testBot({ commands: [command('echo', ({ args }) => args.after(0), { effect: 'read' })] });
    await bot.say('alias mine echo a > me');
    expect(await bot.say(line)).toMatchObject({ outcome: 'failed', text: sentence });
  });
});

describe('a backslash at the end', () => {
  test.each([
    ['alias say echo', 'say C:\\dir\\', 'C:\\dir\\'],
    ['alias end echo C:\\dir\\', 'end more', 'C:\\dir\\ more'],
    ['alias all echo $* more', 'all C:\\dir\\', 'C:\\dir\\ more'],
    ['alias end echo C:\\dir\\', 'end | count', '1'],
    ['alias end echo C:\\dir\\', 'end | grep dir', 'C:\\dir\\'],
  ])('stays a letter: %s, %s', async (alias, line, expected) => {
    await using bot = await testBot({
      commands: [command('echo', ({ args }) => args.words.join(' '), { effect: 'read' })],
    });
    expect((await bot.say(alias)).outcome).toBe('done');
    expect((await bot.say(line)).text).toBe(expected);
  });
});
