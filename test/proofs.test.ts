import { execFile } from 'node:child_process';
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

interface Proven {
  readonly code: number;
  /** Both of its outputs. */
  readonly said: string;
}

const limitMs = 180_000;

const prove = (...args: readonly string[]): Promise<Proven> =>
  new Promise((resolve) => {
    const program = ['dist/proofs/main.js', ...args];
    const child = execFile(process.execPath, program, { timeout: limitMs - 5_000 }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, said: stdout + stderr }),
    );
  });

for (const { name } of proofs) {
  test(name, { timeout: limitMs }, async ({ skip }) => {
    const reason = missing(name);
    if (reason !== undefined) skip(reason);
    const { code, said } = await prove(name, `--share=${share(name)}`);
    expect(said.trimEnd()).toMatch(/^met {4}[\w ]+: .+ \| .+ \| goal: /);
    expect(said).toContain(`met    ${name}: `);
    expect(code).toBe(0);
  });
}

test('the first words of a name stand for all that begin so', { timeout: limitMs }, async () => {
  const { said } = await prove('shutdown');
  expect(said.split(' |')[0]).toMatch(/^met {4}shutdown under load: [^\n]+$/);
});

test.each(['nothing', 'shut', ''])('a proof that does not exist is refused: "%s"', async (name) => {
  const { code, said } = await prove(name);
  expect({ code, said }).toEqual({ code: 2, said: expect.stringContaining('takes names of proofs') });
});
