import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutFirstMarks } from '../../../src/bot/code.ts';
import { typedLine } from '../../../src/bot/line.ts';
import { type Pipeline, readPipeline } from '../../../src/bot/pipeline.ts';
import { quoteWord } from '../../../src/bot/quote.ts';
import { CommandError } from '../../../src/commands/command.ts';
import { anyText } from './text.ts';

const stages = (...typed: readonly string[]): Pipeline => ({ stages: typed, to: undefined, isPlan: false });
const toRoom = (room: string, ...typed: readonly string[]): Pipeline => ({
  ...stages(...typed),
  to: { kind: 'room', room },
});
const planned = (...typed: readonly string[]): Pipeline => ({ ...stages(...typed), isPlan: true });

describe('a line with operators', () => {
  it.each<[string, Pipeline]>([
    ['list services', stages('list services')],
    ['list services | grep billing | head 5', stages('list services', 'grep billing', 'head 5')],
    ['a |  b\n| c', stages('a', 'b', 'c')],
    ['list services > me', { ...stages('list services'), to: { kind: 'me' } }],
    ['list services > ME', { ...stages('list services'), to: { kind: 'me' } }],
    ['list | head > #ops', toRoom('#ops', 'list', 'head')],
    ['list > ops@conf.x.example', toRoom('ops@conf.x.example', 'list')],
    ['list > "#ops room" ', toRoom('#ops room', 'list')],
  ])('%j', (said, pipeline) => {
    expect(readPipeline(said)).toEqual(pipeline);
  });

  it.each([
    'echo "a | b"',
    "echo 'a | b > c'",
    'echo “a | b”',
    'echo a\\ |\\ b',
    'echo \\| \\>',
    'echo a|b >c d> >> || ->',
    'call x Y {"a": "b | c", "d": [ 1 ] }',
    'call x Y {“a”: “} | b”}',
    'call x Y { "a": "b\\" } | c" }',
    'call x Y {"never": "closed" | head',
    'call x Y [1, [2 ] | head',
    'put spec={"a": "x"  ,  "b": 1}',
    'put ```a | b```',
    'put ```sql\nselect 1\n | head > me\n```',
    'put ```never closed | head',
    'echo "never closed | head',
  ])('of which nothing is an operator: %j', (said) => {
    expect(readPipeline(said)).toEqual(stages(said));
  });

  it.each<[string, Pipeline]>([
    ['call x Y {"a": "|"} | head', stages('call x Y {"a": "|"}', 'head')],
    [
      'put ```json\n{"a": "|"}\n``` | head > me',
      { ...stages('put ```json\n{"a": "|"}\n```', 'head'), to: { kind: 'me' } },
    ],
    ['grep "|" | head', stages('grep "|"', 'head')],
    ['grep \\| | head', stages('grep \\|', 'head')],
    ["echo I don't | head", stages("echo I don't", 'head')],
    ['echo a=[b | head', stages('echo a=[b', 'head')],
    ['echo a` | head', stages('echo a`', 'head')],
  ])('text and operators: %j', (said, pipeline) => {
    expect(readPipeline(said)).toEqual(pipeline);
  });

  it.each<[string, Pipeline]>([
    ['--plan deploy billing', planned('deploy billing')],
    ['deploy billing --plan', planned('deploy billing')],
    ['deploy billing —plan', planned('deploy billing')],
    ['deploy billing `--plan`', planned('deploy billing')],
    ['`--plan` deploy billing', planned('deploy billing')],
    ['deploy billing | head `--plan`', planned('deploy billing', 'head')],
    ['deploy billing > #ops `--plan`', { ...toRoom('#ops', 'deploy billing'), isPlan: true }],
    ['—Plan deploy billing', planned('deploy billing')],
    ['deploy -- `--plan`', stages('deploy -- `--plan`')],
    ['deploy `a --plan`', stages('deploy `a --plan`')],
    ['deploy billing --plan | head > me', { ...planned('deploy billing', 'head'), to: { kind: 'me' } }],
    ['deploy billing | head --plan', planned('deploy billing', 'head')],
    ['deploy billing > #ops --plan', { ...toRoom('#ops', 'deploy billing'), isPlan: true }],
    ['deploy -- --plan', stages('deploy -- --plan')],
    ['deploy "--plan"', stages('deploy "--plan"')],
    ['deploy --plan billing', stages('deploy --plan billing')],
    ['plan trip', stages('plan trip')],
    ['deploy --planet', stages('deploy --planet')],
  ])('that may be a plan: %j', (said, pipeline) => {
    expect(readPipeline(said)).toEqual(pipeline);
  });

  it.each([
    ['| a', 'no command stands before the | at column 1. Write "|"'],
    ['a | | b', 'no command stands before the | at column 5. '],
    ['🌍 |', 'no command stands behind the | at column 3. '],
    ['a | > me', 'no command stands before the > at column 5. Write ">"'],
    ['> quoted', 'no command stands before the > at column 1. '],
    ['--plan', '--plan explains the command that stands behind it'],
    [
      'a >',
      'behind the > at column 3 stands where the answer goes: > me, > #room or > room@host, and nothing more. Write ">"',
    ],
    ['a > 5', 'behind the > at column 3 '],
    ['a > me | b', 'behind the > at column 3 '],
    ['a > #ops now', 'behind the > at column 3 '],
    ['a > #', 'behind the > at column 3 '],
    ['a > "me', 'behind the > at column 3 '],
  ])('that cannot be read: %j', (said, message) => {
    expect(() => readPipeline(said)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(message) }),
    );
  });

  it('keeps every word of every command, whatever was typed', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 5 }), (texts) => {
        // Whoever reads a command takes the marks around it away.
        const said = withoutFirstMarks(withoutFirstMarks(texts.join(' ')));
        let pipeline: Pipeline;
        try {
          pipeline = readPipeline(said);
        } catch (error) {
          expect(error).toBeInstanceOf(CommandError);
          return;
        }
        for (const stage of pipeline.stages) expect(said).toContain(stage);
        const operators = said.split(/[ \t\r\n\p{Z}]/u).filter((word) => word === '|').length;
        expect(pipeline.stages.length).toBeLessThanOrEqual(operators + 1);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is split where its commands were put together', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(anyText, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
        (commands) => {
          const said = commands.map((words) => words.map(quoteWord).join(' ')).join(' | ');
          expect(readPipeline(`${said} > me`).stages.map((stage) => typedLine(stage).words)).toEqual(commands);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('of too many commands is no line', () => {
    const pipes = (count: number): string => `list${' | count'.repeat(count - 1)}`;
    expect(readPipeline(pipes(50)).stages).toHaveLength(50);
    expect(() => readPipeline(pipes(51))).toThrow('too many commands in one line: at most 50');
    expect(() => readPipeline(`${pipes(50)} > me > me`)).toThrow('behind the >');
  });

  it('is planned once, however often that is said', () => {
    expect(readPipeline('--plan `--plan` `list services` | count')).toMatchObject({
      stages: ['list services', 'count'],
      isPlan: true,
    });
    // One within the other, they would exhaust the stack.
    expect(readPipeline(`--plan ${'`--plan` '.repeat(7_000)}list`)).toMatchObject({ isPlan: true });
  });

  // Looking for each end to the end of the line, for each of them, would take minutes.
  it('of the largest size is read, however it is made', () => {
    for (const piece of ['[ ', '{"', '=[', '``` ', '=```', '```x', '"a" ', '| x ', '\\ ', '{} ', '[[', '“']) {
      const said = `put ${piece.repeat(Math.floor(65_000 / piece.length))}`;
      try {
        readPipeline(said);
        expect(typedLine(said).words.length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(CommandError);
      }
    }
  });
});
