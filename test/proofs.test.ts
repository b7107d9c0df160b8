import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { proofs } from '../proofs/all.ts';
import { missingEtcd } from './support/etcd.ts';
import { missingPerson } from './support/xmpp/person.ts';
import { missingProsody } from './support/xmpp/prosody.ts';

/** What takes long is done in small: `npm run proofs` does the whole. */
const share = (name: string): number => (name === 'fuzz' ? 0.02 : 0.005);

/** What a proof needs and is not here; in CI everything has to be. */
const needs: Readonly<Record<string, () => string | undefined>> = {
  churn: missingEtcd,
  'xmpp life': () => missingProsody() ?? missingPerson(),
};

const missing = (name: string): string | undefined => (process.env['CI'] === 'true' ? undefined : needs[name]?.());

for (const { name } of proofs) {
  test(name, { timeout: 120_000 }, ({ skip }) => {
    const reason = missing(name);
    if (reason !== undefined) skip(reason);
    const output = execFileSync(process.execPath, ['dist/proofs/main.js', name, `--share=${share(name)}`], {
      encoding: 'utf8',
    });
    expect(output.trimEnd()).toMatch(/^met {4}[\w ]+: .+ \| .+ \| goal: /);
    expect(output).toContain(`met    ${name}: `);
  });
}

test('the first words of a name stand for all that begin so', { timeout: 60_000 }, () => {
  const output = execFileSync(process.execPath, ['dist/proofs/main.js', 'shutdown'], { encoding: 'utf8' });
  expect(output.split(' |')[0]).toMatch(/^met {4}shutdown under load: [^\n]+$/);
});

test.each(['nothing', 'shut', ''])('a proof that does not exist is refused: "%s"', (name) => {
  const run = (): string =>
    execFileSync(process.execPath, ['dist/proofs/main.js', name], { stdio: 'pipe', encoding: 'utf8' });
  expect(run).toThrow(/takes names of proofs/);
});
