import { expect, test } from 'vitest';
import type { Flag } from '../../src/config/flag.ts';
import { xmppFlags } from '../../src/config/xmpp.ts';
import { page } from './example.ts';

const quoted = (text: string | undefined): string => (text === undefined ? '' : `\`${text}\``);
const row = ({ name, env, default: preset, usage }: Flag): string =>
  `| \`--${name}\` | ${quoted(env)} | ${quoted(preset)} | ${usage} |`;

test('the table of settings of the XMPP guide is that of the source', () => {
  const [, after = ''] = page('docs/guides/xmpp.md').split(
    '| flag | variable | default | meaning |\n|---|---|---|---|\n',
  );
  expect(after.slice(0, after.indexOf('\n\n')).split('\n')).toEqual(xmppFlags.map(row));
});
