import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Flag } from '../../src/config/flag.ts';
import { slackFlags } from '../../src/config/slack.ts';
import { allFeatures, appManifest, defaultFeatures, type Feature } from '../../src/inputs/slack/manifest/manifest.ts';
import { page } from './example.ts';

const guide = page('docs/guides/slack.md');

/** The cells of the rows of the table with this head. */
function table(head: string): readonly (readonly string[])[] {
  const [, after] = guide.split(`${head}\n`);
  if (after === undefined) throw new Error(`there is no table ${head}`);
  const rows = after.slice(0, after.indexOf('\n\n')).split('\n').slice(1);
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const quoted = (text: string | undefined): string => (text === undefined ? '' : `\`${text}\``);

const flagRow = ({ name, env, default: preset, usage }: Flag): readonly string[] => [
  `\`--${name}\``,
  quoted(env),
  quoted(preset),
  usage,
];

test('the table of settings is that of the source, both ways', () => {
  expect(table('| flag | variable | default | meaning |')).toEqual(slackFlags.map(flagRow));
});

test('the table of features says what the manifest asks for', () => {
  const needs = (
    features: readonly Feature[],
  ): { readonly scopes: readonly string[]; readonly events: readonly string[] } => {
    const { manifest } = appManifest({ name: 'micro', commands: [], mode: { kind: 'socket' }, features });
    return {
      scopes: manifest.oauth_config.scopes.bot,
      events: manifest.settings.event_subscriptions.bot_events,
    };
  };
  const always = needs([]);
  const row = (name: string, { scopes, events }: ReturnType<typeof needs>): readonly (string | readonly string[])[] => [
    name,
    scopes.map(quoted).toSorted(),
    events.map(quoted).toSorted(),
  ];
  const own = (feature: Feature): ReturnType<typeof needs> => {
    const { scopes, events } = needs([feature]);
    return {
      scopes: scopes.filter((scope) => !always.scopes.includes(scope)),
      events: events.filter((event) => !always.events.includes(event)),
    };
  };
  const list = (cell: string): readonly string[] => (cell === '' ? [] : cell.split(', ').toSorted());
  expect(
    table('| feature | bot scopes | events | without it |').map(([name = '', scopes = '', events = '']) => [
      name,
      list(scopes),
      list(events),
    ]),
  ).toEqual([row('always', always), ...allFeatures.map((feature) => row(quoted(feature), own(feature)))]);
  expect(allFeatures.slice(0, -2)).toEqual(defaultFeatures);
});

test('what the log says in the guide, the source says', () => {
  const src = fileURLToPath(new URL('../../src', import.meta.url));
  const sources = ['inputs/slack', 'drivers']
    .flatMap((folder) =>
      readdirSync(join(src, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(src, folder, file)),
    )
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const lines = table('| the log says | what it means, and what to do |').map(([line = '']) =>
    line.replaceAll('`', ''),
  );
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.filter((line) => !sources.includes(line))).toEqual([]);
});
