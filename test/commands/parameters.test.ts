import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CommandError } from '../../src/commands/command.ts';
import { type Declaration, detailsOf, parametersOf, usageOf } from '../../src/commands/parameter.ts';
import { readParameters } from '../../src/commands/parameter-schema.ts';
import { fillRequest } from '../../src/commands/parameters.ts';
import { type Schema, shape } from '../../src/runtime/schema.ts';

const fill = (
  fields: Readonly<Record<string, string | Schema>>,
  words: readonly string[],
  declared?: Readonly<Record<string, Declaration>>,
): string => {
  const parameters = parametersOf(
    shape('Request', fields).value,
    declared === undefined ? undefined : new Map(Object.entries(declared)),
  );
  return fillRequest(parameters, { name: 'deploy', usage: usageOf('deploy', parameters), words }).body;
};

const complaint = (...args: Parameters<typeof fill>): string => {
  try {
    return `accepted: ${fill(...args)}`;
  } catch (error) {
    if (error instanceof CommandError && error.code === 'usage') return error.message.split('\n')[0] ?? '';
    throw error;
  }
};

const deploy = { service: 'string', version: 'string', env: 'string', count: 'int32', force: 'bool', tags: '[]string' };

describe('filling a request', () => {
  test('by words in order, by name, and by key', () => {
    expect(
      fill(deploy, ['billing', '--version', '1.2', 'env=prod', '--count=3', '--force', '--tags', 'a,b', 'tags=c']),
    ).toBe('{"service":"billing","version":"1.2","env":"prod","count":3,"force":true,"tags":["a","b","c"]}');
    expect(fill(deploy, ['billing', '1.2', 'prod', '7', 'x', 'y,z'])).toBe(
      '{"service":"billing","version":"1.2","env":"prod","count":7,"tags":["x","y","z"]}',
    );
    expect(fill(deploy, [])).toBe('{}');
  });

  test('in any spelling of a name', () => {
    expect(fill({ dryRun: 'bool', max_age: 'int' }, ['--dry-run', 'maxAge=5'])).toBe('{"dryRun":true,"max_age":5}');
  });

  test('takes everything after -- for words', () => {
    expect(fill({ a: 'string', b: 'string' }, ['--', '--force', 'env=x'])).toBe('{"a":"--force","b":"env=x"}');
  });

  test('takes an address with a query and a negative number for words', () => {
    expect(fill({ url: 'string', by: 'int' }, ['https://x.example/a?b=c', '-5'])).toBe(
      '{"url":"https://x.example/a?b=c","by":-5}',
    );
  });

  test('takes words that every object knows for words', () => {
    for (const word of ['constructor', 'toString', '__proto__']) {
      expect(complaint({ force: 'bool' }, [`force=${word}`])).toBe(`force: "${word}" is not true or false`);
      expect(fill({ a: word }, [`a=${word}`])).toBe(`{"a":"${word}"}`);
      expect(usageOf('x', parametersOf(shape('Request', { a: word }).value, undefined))).toBe(`x [--a ${word}]`);
    }
  });

  test('keeps every digit', () => {
    const fields = { a: 'int64', b: 'uint64', c: 'float64' };
    const words = ['-9223372036854775808', '18446744073709551615', '0.10000000000000000001'];
    expect(fill(fields, words)).toBe('{"a":-9223372036854775808,"b":18446744073709551615,"c":0.10000000000000000001}');
  });

  test('takes messages as JSON, bytes as text, and names of enum values', () => {
    const fields = { spec: shape('Spec', { a: 'int' }), kind: 'Kind', raw: '[]uint8' };
    expect(fill(fields, ['spec={"a": 1}', 'kind=BLUE', '--raw', 'hé'])).toBe(
      '{"spec":{"a": 1},"kind":"BLUE","raw":"aMOp"}',
    );
    expect(complaint(fields, ['spec={"a": 1'])).toBe('spec: "{\\"a\\": 1" is not JSON');
  });

  test.each([
    [['--evn', 'x'], 'unknown parameter evn, did you mean env?'],
    [['evn=x'], 'unknown parameter evn, did you mean env?'],
    [['--colour', 'x'], 'unknown parameter colour'],
    [['--help'], 'unknown parameter help: say "help" and then the command'],
    [['--version'], '--version has no value'],
    [['--version', '--force'], '--version has no value'],
    [['-f'], 'unknown option -f: names are written --name; what only looks like one stands behind --'],
    [['-h'], 'unknown option -h: say "help" and then the command'],
    [['-force'], 'unknown option -force, did you mean --force?'],
    [['-env=prod'], 'unknown option -env, did you mean --env?'],
    [['a', '--force', 'false'], 'write --force=false, or -- before false where it is a word of its own'],
    [['--force', 'No'], 'write --force=No, or -- before No where it is a word of its own'],
    [['--count', '99999999999'], 'count: "99999999999" is not a whole number from -2147483648 to 2147483647'],
    [['--count', '1.5'], 'count: "1.5" is not a whole number'],
    [['--force=maybe'], 'force: "maybe" is not true or false'],
    [['a', '--service', 'b'], 'service is given twice'],
  ])('%j: %s', (words, message) => {
    expect(complaint(deploy, words)).toBe(message);
  });

  test('names a word too many, and shows how to write it', () => {
    expect(() => fill({ a: 'string' }, ['x', 'y'])).toThrow('one word too many: y\nusage: deploy [a]');
    expect(complaint({ f: 'float32', u: 'uint8' }, ['1e39'])).toBe('f: "1e39" is not a number');
    expect(complaint({ u: 'uint8' }, ['256'])).toBe('u: "256" is not a whole number from 0 to 255');
    expect(complaint({ n: 'int' }, ['1'.repeat(10_000)])).toMatch(/is not a whole number/);
  });

  test('is JSON that means the words, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 20 }),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        (word, number) => {
          const json = fill({ word: 'string', number: 'int64' }, ['--', word, String(number)]);
          expect((JSON.parse(json) as { word: string }).word).toBe(word);
          expect(json.endsWith(`"number":${number}}`)).toBe(true);
        },
      ),
    );
  });
});

describe('declared parameters', () => {
  const declared = {
    version: { required: true, description: 'what to deploy' },
    env: { default: 'staging', enum: ['staging', 'prod'] },
    token: { secret: true, positional: false, enum: ['s3cret'] },
  };
  const fields = { env: 'string', version: 'string', token: 'string', extra: 'int64' };

  test('set the order, what is needed and what is left to choose', () => {
    expect(fill(fields, ['1.2', 'prod'], declared)).toBe('{"version":"1.2","env":"prod"}');
    expect(fill(fields, ['1.2'], declared)).toBe('{"version":"1.2","env":"staging"}');
    expect(complaint(fields, [], declared)).toBe('version is missing');
    expect(complaint(fields, ['1', 'moon'], declared)).toBe('env: "moon" is none of staging, prod');
    expect(complaint(fields, ['1', 'prod', '5'], declared)).toBe('one word too many');
  });

  test('never repeat a secret', () => {
    expect(complaint(fields, ['1', '--token', 'hunter2'], declared)).not.toContain('hunter2');
  });

  test('explain themselves', () => {
    const parameters = parametersOf(shape('R', fields).value, new Map(Object.entries(declared)));
    expect(usageOf('deploy', parameters)).toBe('deploy [version] [env] [--token string] [--extra int64]');
    expect(detailsOf(parameters)).toEqual([
      'version (string, required) - what to deploy',
      'env (string, default staging, one of staging, prod)',
      '--token (string, one of s3cret, secret)',
      '--extra (int64)',
    ]);
  });

  test('give the type where the request tells none', () => {
    const parameters = parametersOf(undefined, readParameters('{"count": {"type": "int64", "default": 3}}'));
    expect(fillRequest(parameters, { name: 'x', usage: 'x', words: [] }).body).toBe('{"count":3}');
  });

  test.each([
    '',
    'no',
    '[]',
    '{"a": 1}',
    '{"a": {"requird": true}}',
    '{"a": {"enum": []}}',
    '{"": {}}',
  ])('are refused when they are %j', (json) => {
    expect(() => readParameters(json)).toThrow(Error);
  });
});
