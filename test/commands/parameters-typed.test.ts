import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CommandError } from '../../src/commands/command.ts';
import { type Declaration, detailsOf, parametersOf, usageOf } from '../../src/commands/parameter.ts';
import { readParameters } from '../../src/commands/parameter-schema.ts';
import { type Filled, fillRequest } from '../../src/commands/parameters.ts';
import { formatNanoseconds, parseNanoseconds } from '../../src/commands/duration.ts';
import { type Schema, shape } from '../../src/runtime/schema.ts';

type Fields = Readonly<Record<string, string | Schema>>;
type Declared = Readonly<Record<string, Declaration>>;

function filled(fields: Fields, declared: Declared | undefined, words: readonly string[]): Filled {
  const read = declared === undefined ? undefined : readParameters(JSON.stringify(declared));
  const parameters = parametersOf(shape('Request', fields).value, read);
  return fillRequest(parameters, { name: 'do', usage: usageOf('do', parameters), words });
}

const fill = (...given: Parameters<typeof filled>): string => filled(...given).body;

function complaint(...given: Parameters<typeof filled>): CommandError {
  try {
    throw new Error(`accepted: ${fill(...given)}`);
  } catch (error) {
    if (error instanceof CommandError && error.code === 'usage') return error;
    throw error;
  }
}

const firstLine = (...given: Parameters<typeof filled>): string => complaint(...given).message.split('\n')[0] ?? '';

describe('a duration', () => {
  test.each<[Fields, Declared | undefined, string, string]>([
    [{ for: 'int64' }, { for: { type: 'duration' } }, '1h30m', '{"for":5400000000000}'],
    [{ for: 'uint32' }, { for: { type: 'duration' } }, '1s', '{"for":1000000000}'],
    [{ for: 'string' }, { for: { type: 'duration' } }, '90m', '{"for":"90m"}'],
    [{ for: 'Duration' }, undefined, 'for=1.000000001s', '{"for":1000000001}'],
    [{ for: shape('Duration', { seconds: 'int64', nanos: 'int32' }) }, undefined, 'for=90.5s', '{"for":"90.5s"}'],
    [{}, { for: { type: 'duration' } }, '5m', '{"for":"5m"}'],
    [{ all: '[]int64' }, { all: { type: '[]duration' } }, '1s,2s', '{"all":[1000000000,2000000000]}'],
  ])('%j %j %s', (fields, declared, word, body) => {
    expect(fill(fields, declared, [word])).toBe(body);
  });

  test.each(['soon', '5', '1h 5m', '', '1d', '2562048h', `${'1'.repeat(60)}h`])('%j is none', (word) => {
    expect(firstLine({ for: 'int64' }, { for: { type: 'duration' } }, [word])).toBe(
      `for: ${JSON.stringify(word)} is not a duration such as 5m or 1h30m`,
    );
  });

  test('keeps every nanosecond', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }), (nanoseconds) => {
        expect(parseNanoseconds(formatNanoseconds(nanoseconds))).toBe(nanoseconds);
      }),
    );
  });
});

describe('a user and a room', () => {
  const declared: Declared = { whom: { type: 'user' }, where: { type: 'room' } };
  const fields = { whom: 'string', where: 'string' };

  test('are named with or without their mark', () => {
    expect(fill(fields, declared, ['@ann', '#ops'])).toBe('{"whom":"ann","where":"ops"}');
    expect(fill(fields, declared, ['ann@x.example', 'ops@conf.x.example'])).toBe(
      '{"whom":"ann@x.example","where":"ops@conf.x.example"}',
    );
    expect(fill(fields, declared, ['@@ann', '@ops'])).toBe('{"whom":"@ann","where":"@ops"}');
  });

  test('are one word', () => {
    expect(firstLine(fields, declared, ['ann lee'])).toBe('whom: "ann lee" is not a user such as @ann');
    expect(firstLine(fields, declared, ['@'])).toBe('whom: "@" is not a user such as @ann');
    expect(firstLine(fields, declared, ['ann', '#'])).toBe('where: "#" is not a room such as #ops');
  });
});

describe('JSON and choices', () => {
  test('JSON is sent as it is, or as a text where the field is one', () => {
    const declared: Declared = { spec: { type: 'json' } };
    expect(fill({ spec: 'Spec' }, declared, ['{"a": 12345678901234567890}'])).toBe(
      '{"spec":{"a": 12345678901234567890}}',
    );
    expect(fill({ spec: 'string' }, declared, ['{"a": 1}'])).toBe('{"spec":"{\\"a\\": 1}"}');
    expect(fill({}, declared, ['5'])).toBe('{"spec":5}');
    expect(firstLine({ spec: 'Spec' }, declared, ['prod'])).toBe('spec: "prod" is not JSON');
  });

  test('what lies deeper has names of its own, and is as secret as what it is in', () => {
    const words = ['target={"env": "prod", "at": [{"zone": "a"}, {"zone": "b"}]}', 'key={"id": "hunt\\u0065r2"}'];
    const { values, secrets } = filled({ target: 'Target', key: 'Key' }, { target: {}, key: { secret: true } }, words);
    expect([...values.keys()]).toEqual(['target', 'target.env', 'target.at.zone', 'key', 'key.id']);
    expect([values.get('target.env'), values.get('target.at.zone')]).toEqual([['prod'], ['a', 'b']]);
    expect(secrets).toEqual(expect.arrayContaining(['hunter2', 'hunt\\u0065r2']));
    expect(firstLine({ target: 'Target' }, undefined, ['target={"env": "a", "ENV": "prod"}'])).toBe(
      'ENV is given twice in the request',
    );
  });

  test('a choice may be written in any case, unless that names two', () => {
    const declared: Declared = { env: { type: 'enum', enum: ['prod', 'test', 'Test'] } };
    expect(fill({}, declared, ['Prod'])).toBe('{"env":"prod"}');
    expect(fill({}, declared, ['Test'])).toBe('{"env":"Test"}');
    expect(firstLine({}, declared, ['TEST'])).toBe('env: "TEST" is none of prod, test, Test');
  });

  test.each([
    ['number', '1.5', '{"x":1.5}'],
    ['integer', '7', '{"x":7}'],
    ['boolean', 'yes', '{"x":true}'],
    ['text', '7', '{"x":"7"}'],
    ['list', 'a,b', '{"x":["a","b"]}'],
    ['list', ' ["a,b", "c", 1.50, true]', '{"x":["a,b","c","1.50","true"]}'],
    ['list', '[]', '{"x":[]}'],
    ['list', '[a],[["b"]]', '{"x":["[a]","[[\\"b\\"]]"]}'],
  ])('the type may be called %s', (type, word, body) => {
    expect(fill({}, { x: { type } }, [word])).toBe(body);
  });
});

describe('names', () => {
  const fields = { service: 'string', version: 'string', dryRun: 'bool', tags: '[]string' };
  const declared: Declared = {
    service: {},
    version: { positional: false, short: 'v' },
    dryRun: { positional: false, short: 'n' },
    tags: { positional: false, short: 't' },
  };

  test.each<[readonly string[], string]>([
    [['x', '-v', '1.2', '-n'], '{"service":"x","version":"1.2","dryRun":true}'],
    [['-v=1.2', '-t', 'a', '-t=b,c', 'x'], '{"service":"x","version":"1.2","tags":["a","b","c"]}'],
    [['-n', 'x'], '{"service":"x","dryRun":true}'],
    [['-n=off', 'x'], '{"service":"x","dryRun":false}'],
    [['x', '--no-dry-run'], '{"service":"x","dryRun":false}'],
    [['x', '--no-dryRun'], '{"service":"x","dryRun":false}'],
    [['--version', '-1', 'x'], '{"service":"x","version":"-1"}'],
    [['--', '-v'], '{"service":"-v"}'],
    [['-'], '{"service":"-"}'],
  ])('%j', (words, body) => {
    expect(fill(fields, declared, words)).toBe(body);
  });

  test.each<[readonly string[], string]>([
    [['-x'], 'unknown option -x: names are written --name; what only looks like one stands behind --'],
    [['x', '-v1.2'], 'unknown option -v1.2: what is given to -v stands apart from it'],
    [['-v'], '-v has no value'],
    [['-v', '--dry-run'], '-v has no value'],
    [['--no-dry-run=true'], '--no-dry-run takes no value'],
    [['--no-version'], 'unknown parameter no-version, did you mean version?'],
    [['-v', '1', '--version=2'], 'version is given twice'],
    [['-n', '--no-dry-run'], 'dryRun is given twice'],
  ])('%j: %s', (words, message) => {
    expect(firstLine(fields, declared, words)).toBe(message);
  });

  test('that nobody has are words while there is a place for a word, unless they are near to one that is known', () => {
    const selector = { selector: 'string', count: 'int64' };
    expect(fill(selector, undefined, ['app=web'])).toBe('{"selector":"app=web"}');
    expect(fill({ url: 'string' }, undefined, ['https://x.example/a?b=c'])).toBe('{"url":"https://x.example/a?b=c"}');
    expect(fill({ all: '[]string' }, undefined, ['a=b', 'c=d'])).toBe('{"all":["a=b","c=d"]}');
    expect(firstLine(selector, undefined, ['coutn=3'])).toBe('unknown parameter coutn, did you mean count?');
    expect(firstLine(selector, undefined, ['x', 'app=web'])).toBe('unknown parameter app');
    expect(firstLine(selector, undefined, ['--app=web'])).toBe('unknown parameter app');
    expect(fill(selector, undefined, ['--', 'coutn=3'])).toBe('{"selector":"coutn=3"}');
  });

  test('are explained', () => {
    const parameters = parametersOf(
      shape('R', { ...fields, for: 'int64' }).value,
      new Map(Object.entries({ ...declared, for: { type: 'duration' } })),
    );
    expect(usageOf('do', parameters)).toBe('do [service] [for] [--version string] [--dryRun] [--tags []string]');
    expect(detailsOf(parameters)).toEqual([
      'service (string)',
      '--version, -v (string)',
      '--dryRun, -n (bool)',
      '--tags, -t ([]string)',
      'for (duration)',
    ]);
  });
});

describe('what is missing', () => {
  const declared: Declared = {
    env: { enum: ['eu', 'us'], required: true },
    for: { type: 'duration', required: true, description: 'how long' },
    token: { required: true, secret: true, positional: false },
  };

  test('can be asked for, one after the other, as soon as nothing else is wrong', () => {
    const all = complaint({}, declared, []);
    expect(all.missing).toMatchObject({
      name: 'env',
      expected: 'one of eu, us',
      choices: ['eu', 'us'],
      isSecret: false,
      description: '',
      kind: 'choice',
    });
    expect(all.alsoMissing.map(({ name, kind }) => [name, kind])).toEqual([
      ['for', 'text'],
      ['token', 'text'],
    ]);
    expect(all.missing?.complaint?.('EU')).toBeUndefined();
    expect(all.missing?.complaint?.('moon')).toBe('env: "moon" is none of eu, us');
    expect(all.alsoMissing[0]?.complaint?.('soon')).toBe('for: "soon" is not a duration such as 5m or 1h30m');
    const asked = complaint({}, declared, ['--env=eu']).missing;
    expect(asked).toMatchObject({ name: 'for', expected: 'a duration such as 5m or 1h30m', description: 'how long' });
    expect(complaint({}, declared, ['--env=eu', '--for=5m']).missing).toMatchObject({ name: 'token', isSecret: true });
    expect(fill({}, declared, ['--env=eu', '--for=5m', '--token=x'])).toBe('{"env":"eu","for":"5m","token":"x"}');
    expect(complaint({}, declared, ['--env=moon']).missing).toBeUndefined();
    expect(complaint({}, declared, ['eu', 'soon']).missing).toBeUndefined();
    // A name behind it would be a word.
    expect(complaint({}, declared, ['--', 'eu']).missing).toBeUndefined();
  });
});

describe('a wrong word', () => {
  const fields = { service: 'string', count: 'int64', token: 'string' };
  const shown = (words: readonly string[], declared?: Declared): readonly string[] =>
    complaint(fields, declared, words).message.split('\n').slice(1);
  const usage = 'usage: do [service] [count] [token]';

  test.each<[readonly string[], readonly string[]]>([
    [
      ['x', 'lots'],
      ['  do x lots', '       ^'],
    ],
    [
      ['🌍', '--count', 'lots', 'more'],
      ['  do 🌍 --count lots …', '               ^'],
    ],
    [
      ['x', 'count=lots'],
      ['  do x count=lots', '             ^'],
    ],
    [
      ['a b', '--count=l o'],
      ['  do "a b" --count="l o"', '                   ^'],
    ],
    [
      ['x', 'count='],
      ['  do x count=""', '             ^'],
    ],
    [
      ['a\nb', '--cuont'],
      ['  do "a b" --cuont', '           ^'],
    ],
  ])('%j is shown with a caret', (words, lines) => {
    expect(shown(words)).toEqual([usage, ...lines]);
  });

  test('of a long line is shown with what stands around it', () => {
    const [, line = '', caret = ''] = shown(['x'.repeat(500), 'y'.repeat(500)]);
    expect(line).toMatch(/^ {2}do x{40}… y{40}…$/);
    expect(caret.indexOf('^')).toBe(line.indexOf('y'));
  });

  test('never shows a secret, neither one that was understood nor one that was not', () => {
    const secret: Declared = { service: {}, count: {}, token: { secret: true, positional: false, short: 't' } };
    fc.assert(
      fc.property(
        fc.shuffledSubarray(
          [
            '--token hunter2',
            '-t=hunter2',
            'token=hunter2',
            '--tokn=hunter2',
            'tokn=hunter2',
            '-thunter2',
            'a',
            'lots',
            'count=x',
          ],
          { minLength: 1 },
        ),
        (parts) => {
          const words = parts.flatMap((part) => part.split(' '));
          const isSecret = parts.some((part) => part.includes('hunter2'));
          try {
            expect(filled(fields, secret, words).secrets.includes('hunter2')).toBe(isSecret);
          } catch (error) {
            expect(error).toMatchObject({ code: 'usage', message: expect.not.stringContaining('hunter2') });
          }
        },
      ),
      { numRuns: 2_000 },
    );
    expect(complaint(fields, secret, ['--token', 'hunter2', 'x', 'lots']).message).toContain('  do --token *** x lots');
    expect(complaint(fields, secret, ['x', '1', 'hunter2']).message).toContain('one word too many\n');
  });
});
