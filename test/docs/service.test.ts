import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { block, compileExample, page } from './example.ts';

const [service = '', fromProto = ''] = page('docs/guides/service.md').split('## From a .proto file');

test.each([
  ['the service', service],
  ['the .proto service', fromProto],
])('the program of %s compiles and prints what the guide shows', (_name, part) => {
  using example = compileExample(block(part, 'ts'));
  const printed = execFileSync(process.execPath, [example.file], { encoding: 'utf8', stdio: 'pipe' });
  expect(printed).toBe(/It prints:\n\n```\n([^]*?)```/.exec(part)?.[1]);
});
