import { runMessageShortcut, runShortcut } from '../controls.ts';
import { checkSlash, entryOf, maxEntries, type Refused, type SlashCommand, type SlashEntry } from './slash.ts';

/** What the app shall be able to do. Each needs permissions of its own; answering who mentions the bot is always there. */
export type Feature =
  /** Direct messages. */
  | 'direct'
  /** Slash commands and shortcuts. */
  | 'commands'
  /** The page about services and commands in the app's Home tab. */
  | 'home'
  /** Answers that are too long for messages, as files. */
  | 'files'
  /** A mark at a message whose command takes a while. */
  | 'reactions'
  /** Being called by name in channels, without a mention: Slack then sends every message of the channels the bot is in. */
  | 'name'
  /** Names of people and channels, beside their ids, in the log. */
  | 'people';

export const allFeatures: readonly Feature[] = ['direct', 'commands', 'home', 'files', 'reactions', 'name', 'people'];

/** All that does not let the app read what is not meant for it. */
export const defaultFeatures: readonly Feature[] = ['direct', 'commands', 'home', 'files', 'reactions'];

/** How Slack reaches the bot: by its sockets, or at an address of ours (`https://…/slack/events`). */
export type Mode = { readonly kind: 'socket' } | { readonly kind: 'http'; readonly url: string };

export interface ManifestOptions {
  /** Of the app, the bot user and its slash command: lower-case letters, digits, `-`, `_`. */
  readonly name: string;
  /** Of services. */
  readonly commands: readonly SlashCommand[];
  readonly mode: Mode;
  /** Default `defaultFeatures`. */
  readonly features?: readonly Feature[];
}

/** Slack's app manifest, as far as we fill it. */
export interface Manifest {
  readonly display_information: { readonly name: string; readonly description: string };
  readonly features: {
    readonly app_home: {
      readonly home_tab_enabled: boolean;
      readonly messages_tab_enabled: boolean;
      readonly messages_tab_read_only_enabled: boolean;
    };
    readonly bot_user: { readonly display_name: string; readonly always_online: boolean };
    readonly shortcuts?: readonly Shortcut[];
    readonly slash_commands?: readonly SlashEntry[];
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: {
    readonly event_subscriptions: { readonly request_url?: string; readonly bot_events: readonly string[] };
    readonly interactivity: { readonly is_enabled: boolean; readonly request_url?: string };
    readonly org_deploy_enabled: boolean;
    readonly socket_mode_enabled: boolean;
    readonly token_rotation_enabled: boolean;
  };
}

interface Shortcut {
  readonly name: string;
  readonly type: 'global' | 'message';
  readonly callback_id: string;
  readonly description: string;
}

export interface Made {
  readonly manifest: Manifest;
  /** Slash commands that could not be put into it. */
  readonly refused: readonly Refused[];
}

/** Slack refuses an event without its scope, so both come from here. */
const needs: Readonly<Record<Feature, { readonly scopes: readonly string[]; readonly events: readonly string[] }>> = {
  direct: { scopes: ['im:history'], events: ['message.im'] },
  commands: { scopes: ['commands'], events: [] },
  home: { scopes: [], events: ['app_home_opened'] },
  files: { scopes: ['files:write'], events: [] },
  reactions: { scopes: ['reactions:write'], events: [] },
  name: {
    scopes: ['channels:history', 'groups:history', 'mpim:history'],
    events: ['message.channels', 'message.groups', 'message.mpim'],
  },
  people: { scopes: ['users:read', 'channels:read', 'groups:read', 'im:read', 'mpim:read'], events: [] },
};

/** The whole app: what to paste where Slack asks for a manifest. */
export function appManifest({ name, commands, mode, features = defaultFeatures }: ManifestOptions): Made {
  const url = mode.kind === 'http' ? mode.url : undefined;
  const address = url === undefined ? {} : { request_url: url };
  const wanted = new Set(features);
  const { accepted, refused } = checkSlash(wanted.has('commands') ? commands : [], name);
  const room = maxEntries - 1;
  const tooMany = accepted.slice(room).map((command) => ({ command, reason: noRoom }));
  const list = (kind: 'scopes' | 'events', always: readonly string[]): readonly string[] =>
    [...new Set([...always, ...features.flatMap((feature) => needs[feature][kind])])].toSorted();
  const manifest: Manifest = {
    display_information: { name, description: 'Runs commands of your services' },
    features: {
      app_home: {
        home_tab_enabled: wanted.has('home'),
        messages_tab_enabled: wanted.has('direct'),
        messages_tab_read_only_enabled: !wanted.has('direct'),
      },
      bot_user: { display_name: name, always_online: true },
      ...(wanted.has('commands')
        ? {
            shortcuts,
            slash_commands: [
              ownEntry(name, url),
              ...accepted.slice(0, room).map((command) => entryOf(command, name, url)),
            ],
          }
        : {}),
    },
    oauth_config: { scopes: { bot: list('scopes', ['app_mentions:read', 'chat:write']) } },
    settings: {
      event_subscriptions: { ...address, bot_events: list('events', ['app_mention']) },
      interactivity: { is_enabled: true, ...address },
      org_deploy_enabled: false,
      socket_mode_enabled: mode.kind === 'socket',
      token_rotation_enabled: false,
    },
  };
  return { manifest, refused: [...refused, ...tooMany] };
}

/** Why a slash command had to stay out that nothing is wrong with. */
export const noRoom: string = `an app has at most ${maxEntries} slash commands`;

const ownEntry = (name: string, url: string | undefined): SlashEntry => ({
  command: `/${name}`,
  description: 'Runs a command of the bot or of a service',
  usage_hint: 'help',
  should_escape: false,
  ...(url === undefined ? {} : { url }),
});

const shortcuts: readonly Shortcut[] = [
  { name: 'Run a command', type: 'global', callback_id: runShortcut, description: 'Runs a command and answers you' },
  {
    name: 'Run this',
    type: 'message',
    callback_id: runMessageShortcut,
    description: 'Runs what the message says, and answers in its thread',
  },
];
