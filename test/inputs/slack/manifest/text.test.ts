import { assert, property, string, subarray } from 'fast-check';
import { expect, it } from 'vitest';
import { allFeatures, appManifest } from '../../../../src/inputs/slack/manifest/manifest.ts';
import { printManifest } from '../../../../src/inputs/slack/manifest/print.ts';
import { manifestText } from '../../../../src/inputs/slack/manifest/text.ts';
import { wanting } from './wanting.ts';

const print = (more: Partial<Parameters<typeof printManifest>[0]> = {}): string =>
  printManifest({ commands: [], format: 'yaml', url: undefined, features: undefined, ...more });

it('is YAML that a person can read and edit', () => {
  expect(print({ commands: [wanting('refund')], features: ['direct', 'home'] })).toBe(
    `display_information:
  name: "micro"
  description: "Runs commands of your services"
features:
  app_home:
    home_tab_enabled: true
    messages_tab_enabled: true
    messages_tab_read_only_enabled: false
  bot_user:
    display_name: "micro"
    always_online: true
oauth_config:
  scopes:
    bot:
      - "app_mentions:read"
      - "chat:write"
      - "im:history"
settings:
  event_subscriptions:
    bot_events:
      - "app_home_opened"
      - "app_mention"
      - "message.im"
  interactivity:
    is_enabled: true
  org_deploy_enabled: false
  socket_mode_enabled: true
  token_rotation_enabled: false`,
  );
  expect(print({ commands: [wanting('refund')] })).toContain(`  slash_commands:
    - command: "/micro"
      description: "Runs a command of the bot or of a service"
      usage_hint: "help"
      should_escape: false
    - command: "/refund"
      description: "Does refund [micro]"
      usage_hint: "[what]"
      should_escape: false
`);
});

it('tells in comments what is left out', () => {
  const lines = print({ commands: [wanting('remind'), wanting('micro', { service: '' })] }).split('\n');
  expect(lines.slice(0, 3)).toEqual([
    '# left out: "/micro": it is the command of the bot itself',
    '# left out: "/remind" of "billing": Slack has a command of this name itself',
    'display_information:',
  ]);
});

it('is JSON without comments', () => {
  const commands = [wanting('remind'), wanting('refund')];
  const { manifest } = appManifest({ name: 'micro', commands, mode: { kind: 'socket' } });
  expect(JSON.parse(print({ commands, format: 'json' }))).toEqual(manifest);
});

it('names the features there are', () => {
  expect(() => print({ features: ['direct', 'magic'] })).toThrow(
    `no feature magic; there are ${allFeatures.join(', ')}`,
  );
});

/** Reads the YAML we write, and nothing else: keys, lists, texts in JSON's quotes. */
function readYaml(lines: readonly string[]): unknown {
  const groups: string[][] = [];
  for (const line of lines) {
    if (/^\s/.test(line)) groups.at(-1)?.push(line.slice(2));
    else groups.push([line]);
  }
  if (lines[0]?.startsWith('- ') === true) {
    return groups.map(([first = '', ...rest]) => readYaml([first.slice(2), ...rest]));
  }
  const [only = ''] = lines;
  if (lines.length === 1 && !/^\w+:/.test(only)) return JSON.parse(only) as unknown;
  return Object.fromEntries(
    groups.map(([head = '', ...rest]) => {
      const [, key = '', value = ''] = /^(\w+):(?: (.*))?$/s.exec(head) ?? [];
      return [key, rest.length === 0 ? (JSON.parse(value) as unknown) : readYaml(rest)];
    }),
  );
}

it('is the same as YAML and as JSON, whatever services say', () => {
  const any = string({ unit: 'binary', maxLength: 40 });
  assert(
    property(any, any, subarray([...allFeatures]), (description, usage, features) => {
      const commands = [wanting('refund', { description, usage })];
      const { manifest } = appManifest({ name: 'micro', commands, mode: { kind: 'socket' }, features });
      expect(readYaml(manifestText(manifest, 'yaml').split('\n'))).toEqual(manifest);
    }),
  );
});
