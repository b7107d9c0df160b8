import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { Server } from '../../src/runtime/server/server.ts';
import { runVerify } from '../cli/verify-world.ts';
import { newWorld, type World } from '../commands/world.ts';
import { block, compileExample, page } from './example.ts';

const guide = page('docs/guides/testing.md');
const [service = '', tests = ''] = [...guide.matchAll(/^```ts\n([^]*?)^```/gm)].map(([, code]) => code);

test('the tests of the guide compile and pass', () => {
  const inOneFile = tests.replace(/^import .*billing\.js';$/m, '');
  using example = compileExample(`${service}\n${inOneFile}`);
  const { status, stdout } = spawnSync(process.execPath, ['--test-reporter=tap', example.file], { encoding: 'utf8' });
  const count = tests.match(/^test\(/gm)?.length;
  expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining(`# pass ${count}\n`) });
});

test('micro verify shows what the guide shows', async () => {
  using example = compileExample(service);
  const { billing } = (await import(pathToFileURL(example.file).href)) as {
    readonly billing: (network: Pick<World, 'registry' | 'transport'>) => Server;
  };
  const world = newWorld();
  onTestFinished(() => world.close());
  const server = billing(world);
  await server.start();
  onTestFinished(() => server.stop({ graceMs: 0 }));
  const { code, stdout } = await runVerify(world, 'billing');
  const timeless = (text: string): string => text.replaceAll(/\t[\d.]+m?s$/gm, '\t');
  expect(code).toBe(0);
  expect(timeless(stdout)).toBe(timeless(block(guide, 'console').replace(/^.*\n/, '')));
});

test('the guide has each option', () => {
  for (const name of [
    'commands',
    'services',
    'network',
    'access',
    'inputs',
    'now',
    'timeZone',
    'name',
    'timeoutMs',
    'log',
  ]) {
    expect(guide).toMatch(new RegExp(`^\\|.*\`${name}\``, 'm'));
  }
});
