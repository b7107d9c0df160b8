import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { proofs } from '../proofs/all.ts';

/** What takes long is done in small: `npm run proofs` does the whole. */
const share = (name: string): number => (name === 'fuzz' ? 0.02 : 0.005);

test.each(proofs.map(({ name }) => name))('%s', (name) => {
  const output = execFileSync(process.execPath, ['dist/proofs/main.js', name, `--share=${share(name)}`], {
    encoding: 'utf8',
  });
  expect(output.trimEnd()).toMatch(/^met {4}[\w ]+: .+ \| .+ \| goal: /);
  expect(output).toContain(`met    ${name}: `);
}, 120_000);

test('a proof that does not exist is refused', () => {
  const run = (): string =>
    execFileSync(process.execPath, ['dist/proofs/main.js', 'nothing'], { stdio: 'pipe', encoding: 'utf8' });
  expect(run).toThrow(/takes names of proofs/);
});
