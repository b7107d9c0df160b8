import { expect, test } from 'vitest';
import { options as callOptions } from '../../src/commands/call.ts';
import type { Flag } from '../../src/config/flag.ts';
import { botFlags, globalFlags } from '../../src/config/flags.ts';
import { page } from './example.ts';

const quoted = (text: string | undefined): string => (text === undefined ? '' : `\`${text}\``);

const row = ({ name, env, default: preset, usage }: Flag): string =>
  `| \`--${name}\` | ${quoted(env)} | ${quoted(preset)} | ${usage} |`;

/** The tables of flags, each a list of rows, in the order of the page. */
const tables = (): readonly (readonly string[])[] =>
  page('docs/guides/command-line.md')
    .split('| flag | variable | default | meaning |\n|---|---|---|---|\n')
    .slice(1)
    .map((part) => part.slice(0, part.indexOf('\n\n')).split('\n'));

test('the tables of flags are those of the source, both ways', () => {
  expect(tables()).toEqual([globalFlags, botFlags, callOptions].map((flags) => flags.map(row)));
});
