import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('every proof meets its goal', () => {
  const output = execFileSync(process.execPath, ['dist/proofs/main.js'], { encoding: 'utf8' });
  const lines = output.trimEnd().split('\n');
  expect(lines.length).toBeGreaterThanOrEqual(2);
  for (const line of lines) expect(line).toMatch(/^met {4}[\w ]+: .+ \| .+ \| goal: /);
}, 60_000);
