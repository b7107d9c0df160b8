import { assert, constantFrom, property, subarray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allFeatures,
  appManifest,
  defaultFeatures,
  type Feature,
  type ManifestOptions,
  type Mode,
} from '../../../../src/inputs/slack/manifest/manifest.ts';
import { faults } from '../../../support/slack/manifest.ts';
import { wanting } from './wanting.ts';

const made = (options: Partial<ManifestOptions> = {}) =>
  appManifest({ name: 'micro', commands: [], mode: { kind: 'socket' }, ...options });

describe('the manifest of the app', () => {
  it('for Socket Mode needs no address', () => {
    const { manifest, refused } = made({ commands: [wanting('refund')] });
    expect(refused).toEqual([]);
    expect(manifest).toEqual({
      display_information: { name: 'micro', description: 'Runs commands of your services' },
      features: {
        app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
        bot_user: { display_name: 'micro', always_online: true },
        shortcuts: [
          {
            name: 'Run a command',
            type: 'global',
            callback_id: 'micro:run',
            description: 'Runs a command and answers you',
          },
          {
            name: 'Run this',
            type: 'message',
            callback_id: 'micro:run-message',
            description: 'Runs what the message says, and answers in its thread',
          },
        ],
        slash_commands: [
          {
            command: '/micro',
            description: 'Runs a command of the bot or of a service',
            usage_hint: 'help',
            should_escape: false,
          },
          { command: '/refund', description: 'Does refund [micro]', usage_hint: '[what]', should_escape: false },
        ],
      },
      oauth_config: {
        scopes: {
          bot: ['app_mentions:read', 'chat:write', 'commands', 'files:write', 'im:history', 'reactions:write'],
        },
      },
      settings: {
        event_subscriptions: { bot_events: ['app_home_opened', 'app_mention', 'message.im'] },
        interactivity: { is_enabled: true },
        org_deploy_enabled: false,
        socket_mode_enabled: true,
        token_rotation_enabled: false,
      },
    });
  });

  it('for HTTP has the address wherever Slack sends something', () => {
    const url = 'https://bot.example.com/slack/events';
    const { manifest } = made({ commands: [wanting('refund')], mode: { kind: 'http', url } });
    expect(manifest.settings).toMatchObject({
      event_subscriptions: { request_url: url },
      interactivity: { request_url: url },
      socket_mode_enabled: false,
    });
    expect(manifest.features.slash_commands?.map((entry) => entry.url)).toEqual([url, url]);
  });

  it('with no feature at all answers mentions with two scopes', () => {
    const { manifest } = made({ features: [], commands: [wanting('refund')] });
    expect(manifest.oauth_config.scopes.bot).toEqual(['app_mentions:read', 'chat:write']);
    expect(manifest.settings.event_subscriptions.bot_events).toEqual(['app_mention']);
    expect(manifest.features.app_home).toEqual({
      home_tab_enabled: false,
      messages_tab_enabled: false,
      messages_tab_read_only_enabled: true,
    });
    // Slack does not take an empty list.
    expect(manifest.features).not.toHaveProperty('slash_commands');
    expect(manifest.features).not.toHaveProperty('shortcuts');
  });

  const scopes: readonly (readonly [Feature, readonly string[], readonly string[]])[] = [
    ['direct', ['im:history'], ['message.im']],
    ['commands', ['commands'], []],
    ['home', [], ['app_home_opened']],
    ['files', ['files:write'], []],
    ['reactions', ['reactions:write'], []],
    [
      'name',
      ['channels:history', 'groups:history', 'mpim:history'],
      ['message.channels', 'message.groups', 'message.mpim'],
    ],
    ['people', ['users:read', 'channels:read', 'groups:read', 'im:read', 'mpim:read'], []],
  ];

  it.each(scopes)('the feature %s needs no more than it uses', (feature, needed, events) => {
    const { oauth_config, settings } = made({ features: [feature] }).manifest;
    expect(oauth_config.scopes.bot).toEqual(['app_mentions:read', 'chat:write', ...needed].toSorted());
    expect(settings.event_subscriptions.bot_events).toEqual(['app_mention', ...events].toSorted());
  });

  it('knows these features, and reads the channels only when it is told to', () => {
    expect(scopes.map(([feature]) => feature)).toEqual(allFeatures);
    expect(defaultFeatures).not.toContain('name');
    expect(made().manifest.oauth_config.scopes.bot.filter((scope) => scope.endsWith(':history'))).toEqual([
      'im:history',
    ]);
  });

  it('has at most fifty slash commands, and tells which are left out', () => {
    const commands = Array.from({ length: 60 }, (_, at) => wanting(`run-${String(at).padStart(2, '0')}`));
    const { manifest, refused } = made({ commands });
    expect(manifest.features.slash_commands).toHaveLength(50);
    expect(refused.map(({ command }) => command.name)).toEqual(commands.slice(49).map(({ name }) => name));
    expect(refused[0]?.reason).toBe('an app has at most 50 slash commands');
  });

  it('is one that Slack takes, whatever is wanted', () => {
    const modes: readonly Mode[] = [{ kind: 'socket' }, { kind: 'http', url: 'https://bot.example.com/slack/events' }];
    const commands = [wanting('refund', { description: '', usage: '' }), wanting('remind'), wanting('a'.repeat(31))];
    assert(
      property(subarray([...allFeatures]), constantFrom(...modes), (features, mode) => {
        const { manifest } = made({ features, mode, commands });
        expect(faults({ ...manifest }, new Set(['remind']))).toEqual([]);
      }),
    );
  });
});
