import type { WebClient } from '@slack/web-api';
import { expect, test } from 'vitest';
import type { FakeSlack } from '../../../support/slack/fake.ts';
import { client, slack } from './apps.ts';

const base = {
  display_information: { name: 'micro' },
  features: {
    bot_user: { display_name: 'micro' },
    slash_commands: [{ command: '/micro', description: 'The bot' }],
    shortcuts: [{ type: 'global' as const, name: 'Run', callback_id: 'run', description: 'Runs a command' }],
  },
  oauth_config: { scopes: { bot: ['commands' as const] } },
  settings: {
    socket_mode_enabled: true,
    interactivity: { is_enabled: true },
    event_subscriptions: { bot_events: ['app_mention' as const] },
  },
};

const tool = (fake: FakeSlack): WebClient => client(fake, {}, fake.configuration.token);

test('a manifest is created, exported, changed by hand and updated', async () => {
  const fake = await slack();
  const web = tool(fake);
  const { app_id = '' } = await web.apps.manifest.create({ manifest: base });
  fake.configuration.manifests.set(app_id, { ...base, display_information: { name: 'by hand' } });
  const exported = await web.apps.manifest.export({ app_id });
  expect(exported.manifest).toMatchObject({ display_information: { name: 'by hand' } });
  const same = await web.apps.manifest.update({ app_id, manifest: base });
  expect(same.permissions_updated).toBe(false);
  const more = { ...base, oauth_config: { scopes: { bot: ['commands' as const, 'chat:write' as const] } } };
  expect((await web.apps.manifest.update({ app_id, manifest: more })).permissions_updated).toBe(true);
  expect(fake.configuration.manifests.get(app_id)).toEqual(more);
  await expect(web.apps.manifest.export({ app_id: 'A404' })).rejects.toThrow('invalid_app_id');
});

const commands = (count: number): object[] =>
  Array.from({ length: count }, (_, index) => ({ command: `/c${index}`, description: 'x' }));
const feature = (more: object): object => ({ ...base, features: { ...base.features, ...more } });

const wrong: readonly (readonly [pointer: string, manifest: object])[] = [
  ['/display_information/name', { ...base, display_information: { name: 'x'.repeat(36) } }],
  ['/display_information/long_description', { ...base, display_information: { name: 'x', long_description: 'short' } }],
  ['/features/slash_commands', feature({ slash_commands: commands(51) })],
  ['/features/slash_commands/0/command', feature({ slash_commands: [{ command: '/Micro', description: 'x' }] })],
  [
    '/features/slash_commands/0/command',
    feature({ slash_commands: [{ command: `/${'x'.repeat(32)}`, description: 'x' }] }),
  ],
  ['/features/slash_commands/1/command', feature({ slash_commands: [...commands(1), ...commands(1)] })],
  [
    '/features/slash_commands/0/description',
    feature({ slash_commands: [{ command: '/x', description: 'x'.repeat(2_001) }] }),
  ],
  ['/features/slash_commands/0/description', feature({ slash_commands: [{ command: '/x', description: '' }] })],
  ['/oauth_config/scopes/bot', { ...base, oauth_config: {} }],
  ['/settings/interactivity', { ...base, settings: { interactivity: { is_enabled: true } } }],
];

test.each(wrong)('what is wrong at %s is told', async (pointer, manifest) => {
  const fake = await slack();
  const errors = expect.arrayContaining([expect.objectContaining({ pointer })]) as unknown;
  const data = { error: 'invalid_manifest', errors };
  await expect(tool(fake).apiCall('apps.manifest.validate', { manifest })).rejects.toMatchObject({ data });
});

test('fifty slash commands are not too many', async () => {
  const fake = await slack();
  await tool(fake).apiCall('apps.manifest.validate', { manifest: feature({ slash_commands: commands(50) }) });
});

test('a configuration token lives twelve hours; rotating ends it and its refresh token', async () => {
  let at = 1_000_000_000;
  const fake = await slack({ now: () => at });
  const old = fake.configuration.refreshToken;
  const ask = (token: string): Promise<unknown> => client(fake, {}, token).apps.manifest.validate({ manifest: base });
  const first = fake.configuration.token;
  await ask(first);
  at += 12 * 3_600_000;
  await expect(ask(first)).rejects.toThrow('token_expired');
  const rotated = await client(fake, {}, '').tooling.tokens.rotate({ refresh_token: old });
  expect(rotated).toMatchObject({ exp: (rotated.iat ?? 0) + 43_200 });
  await ask(rotated.token ?? '');
  await expect(ask(first)).rejects.toThrow('invalid_auth');
  await expect(client(fake, {}, '').tooling.tokens.rotate({ refresh_token: old })).rejects.toThrow(
    'invalid_refresh_token',
  );
  await expect(ask(fake.home.token)).rejects.toThrow('not_allowed_token_type');
});
