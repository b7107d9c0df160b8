import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { block, compileExample, page } from './example.ts';

test('the program of the resilience guide compiles and prints what the guide shows', () => {
  const guide = page('docs/guides/resilience.md');
  using example = compileExample(block(guide, 'ts'));
  const printed = execFileSync(process.execPath, [example.file], { encoding: 'utf8', stdio: 'pipe' });
  expect(printed).toBe(/It prints:\n\n```\n([^]*?)```/.exec(guide)?.[1]);
});
