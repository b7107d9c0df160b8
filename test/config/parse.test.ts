import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Flag } from '../../src/config/flag.ts';
import { type CommandLine, parseCommandLine } from '../../src/config/parse.ts';

const flags: readonly Flag[] = [
  { name: 'registry', kind: 'string', usage: '' },
  { name: 'output', alias: 'o', kind: 'string', usage: '' },
  { name: 'metadata', kind: 'list', usage: '' },
  { name: 'quiet', alias: 'q', kind: 'boolean', usage: '' },
];

const parse = (...argv: readonly string[]): Promise<CommandLine> =>
  parseCommandLine(argv, () => Promise.resolve(flags));

async function parsed(...argv: readonly string[]): Promise<{ words: readonly string[]; given: object }> {
  const { words, given } = await parse(...argv);
  return { words, given: Object.fromEntries(given) };
}

describe('a command line', () => {
  it.each([
    [['-registry', 'etcd'], { registry: ['etcd'] }, []],
    [['--registry', 'etcd'], { registry: ['etcd'] }, []],
    [['-registry=etcd'], { registry: ['etcd'] }, []],
    [['--registry=etcd', 'list'], { registry: ['etcd'] }, ['list']],
    [['list', '--registry=etcd', 'services'], { registry: ['etcd'] }, ['list', 'services']],
    [['--registry='], { registry: [''] }, []],
    [['--registry=a=b'], { registry: ['a=b'] }, []],
    [['--registry', '-x'], { registry: ['-x'] }, []],
    [['--registry=one', '--registry=two'], { registry: ['two'] }, []],
    [['-o', 'raw', 'x'], { output: ['raw'] }, ['x']],
    [['-o=raw'], { output: ['raw'] }, []],
    [['--metadata', 'a=b', '--metadata=c=d=e,f'], { metadata: ['a=b', 'c=d=e,f'] }, []],
    [['-q', 'word'], { quiet: ['true'] }, ['word']],
    [['--quiet=false', 'word'], { quiet: ['false'] }, ['word']],
    [['a', '--', '--registry', '-q', '--'], {}, ['a', '--registry', '-q', '--']],
    [['-', ''], {}, ['-', '']],
    [['call', '{"a": "--registry"}'], {}, ['call', '{"a": "--registry"}']],
    [['--metadata=line\nbreak'], { metadata: ['line\nbreak'] }, []],
  ])('%j', async (argv, given, words) => {
    expect(await parsed(...argv)).toEqual({ given, words });
  });

  it.each([
    [['-badflag'], 'flag provided but not defined: -badflag'],
    [['--badflag=1'], 'flag provided but not defined: -badflag'],
    [['list', '-5'], 'flag provided but not defined: -5'],
    [['--registry'], 'flag needs an argument: -registry'],
    [['---registry=x'], 'bad flag syntax: ---registry=x'],
    [['--=x'], 'bad flag syntax: --=x'],
    [['-q', '--constructor'], 'flag provided but not defined: -constructor'],
  ])('%j is refused: %s', async (argv, message) => {
    await expect(parse(...argv)).rejects.toMatchObject({ name: 'ConfigError', code: 'usage', message });
  });

  it('asks for the flags that are known after the words so far', async () => {
    const flagsOf = (words: readonly string[]): Promise<readonly Flag[]> =>
      Promise.resolve(words[0] === 'call' ? flags : []);
    expect((await parseCommandLine(['call', '-q'], flagsOf)).given.has('quiet')).toBe(true);
    await expect(parseCommandLine(['-q', 'call'], flagsOf)).rejects.toThrow('not defined: -q');
  });

  it('leaves every word as it is', async () => {
    const word = fc.string({ unit: 'binary' }).filter((text) => !/^-./s.test(text));
    await fc.assert(
      fc.asyncProperty(fc.array(word), fc.array(fc.string({ unit: 'binary' })), async (before, after) => {
        expect(await parsed(...before, '--', ...after)).toEqual({ words: [...before, ...after], given: {} });
      }),
    );
  });
});
