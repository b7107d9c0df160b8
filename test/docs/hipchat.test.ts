import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Flag } from '../../src/config/flag.ts';
import { hipchatFlags } from '../../src/config/hipchat.ts';
import { page } from './example.ts';

const quoted = (text: string | undefined): string => (text === undefined ? '' : `\`${text}\``);
const row = ({ name, env, default: preset, usage }: Flag): string =>
  `| \`--${name}\` | ${quoted(env)} | ${quoted(preset)} | ${usage} |`;

/** The rows of the table of the HipChat guide with this head. */
function table(head: string): readonly string[] {
  const [, after] = page('docs/guides/hipchat.md').split(`${head}\n`);
  if (after === undefined) throw new Error(`there is no table ${head}`);
  return after.slice(0, after.indexOf('\n\n')).split('\n').slice(1);
}

test('the table of settings of the HipChat guide is that of the source', () => {
  expect(table('| flag | variable | default | meaning |')).toEqual(hipchatFlags.map(row));
});

test('what the log says in the HipChat guide, the source says', () => {
  const src = fileURLToPath(new URL('../../src', import.meta.url));
  const sources = ['inputs/hipchat', 'inputs/xmpp']
    .flatMap((folder) =>
      readdirSync(join(src, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(src, folder, file)),
    )
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
    // The name of a list is put in where it is asked for.
    .replaceAll('HipChat does not tell its ${what}', 'HipChat does not tell its users HipChat does not tell its rooms');
  const lines = table('| the log says | what it means, and what to do |').flatMap((line) =>
    [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, said = '']) => said),
  );
  expect(lines.length).toBeGreaterThan(8);
  expect(lines.filter((line) => !sources.includes(line))).toEqual([]);
});
