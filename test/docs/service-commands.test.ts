import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { readDeclared } from '../../src/commands/declared.ts';
import { readParameters } from '../../src/commands/parameter-schema.ts';
import { loopback, micro } from '../support/micro.ts';
import { unique } from '../support/name.ts';
import { until } from '../support/until.ts';
import { block, compileExample, page } from './example.ts';

const guide = page('docs/guides/service-commands.md');
const prompt = 'micro> ';

/** The names in the first column of the table under a heading. */
const keysUnder = (heading: string): readonly string[] => {
  const section = guide.split(/^## /m).find((each) => each.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = '']) => cell.replaceAll('`', '').split(', '));
};

test('the service of the guide compiles, runs, and answers in chat as the guide shows', async () => {
  const domain = unique('guide');
  const local = `mdnsRegistry({ interface: '127.0.0.1', domain: '${domain}' })`;
  using example = compileExample(block(guide, 'ts').replace('mdnsRegistry()', local));
  const service = fork(example.file);
  try {
    const env = loopback(domain);
    await until(async () => (await micro(['list', 'services'], env)).stdout === 'billing\n');
    const lines = block(guide, 'console').trimEnd().split('\n');
    const isTyped = (line: string): boolean => line.startsWith(prompt);
    const typed = lines.filter(isTyped).map((line) => `${line.slice(prompt.length)}\n`);
    const { code, stdout } = await micro(['bot', '--inputs=console'], env, typed.join(''));
    expect(stdout.trimEnd().split('\n')).toEqual(lines.filter((line) => !isTyped(line)));
    expect(code).toBe(0);
  } finally {
    service.kill('SIGTERM');
    await once(service, 'exit');
  }
});

test('the guide knows every metadata key that is read, and no other', () => {
  const read = new Set<string>();
  const metadata = new Proxy<Record<string, string>>(
    { command: 'deploy' },
    {
      get(keys, key) {
        read.add(String(key));
        return keys[String(key)];
      },
    },
  );
  readDeclared(metadata);
  expect(keysUnder('Metadata keys').toSorted()).toEqual([...read].toSorted());
});

test('the parameters of the guide can be read, and so can every key it lists', () => {
  expect([...readParameters(block(guide, 'json')).keys()]).toEqual(['service', 'version', 'region', 'token']);
  const values: Readonly<Record<string, unknown>> = {
    type: 'int64',
    short: 'c',
    positional: false,
    required: true,
    default: 3,
    enum: [3, '4'],
    secret: true,
    description: 'how many',
  };
  expect(keysUnder('Parameters').toSorted()).toEqual(Object.keys(values).toSorted());
  expect(readParameters(JSON.stringify({ count: values })).get('count')).toEqual({
    ...values,
    default: '3',
    enum: ['3', '4'],
  });
});
