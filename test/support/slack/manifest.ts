import { lengthOf } from './block-checks.ts';
import { type Fields, fieldsOf, isFields, objectOf, textOf } from './fields.ts';
import type { Method } from './method.ts';
import { Refusal } from './refusal.ts';
import { newId, type World } from './world.ts';

/** Tokens that configure apps, and what is configured. */
export interface Configuration {
  token: string;
  refreshToken: string;
  /** As in `World.now`. */
  expiresAt: number;
  readonly manifests: Map<string, Fields>;
  /** Names of slash commands that Slack has itself, without the `/`. */
  readonly reserved: Set<string>;
}

const tokenLivesS = 12 * 60 * 60;

export const configuration = (now: number): Configuration => ({
  token: `xoxe.xoxp-1-${newId('')}`,
  refreshToken: `xoxe-1-${newId('')}`,
  expiresAt: now + tokenLivesS * 1000,
  manifests: new Map(),
  reserved: new Set(['invite', 'me', 'remind', 'status']),
});

/** What configures apps. */
export function manifestMethods(config: Configuration): Readonly<Record<string, Method>> {
  const authorize = (token: string, world: World): void => {
    if (token === '') throw new Refusal('not_authed');
    if (token.startsWith('xoxb-') || token.startsWith('xapp-')) throw new Refusal('not_allowed_token_type');
    if (token !== config.token) throw new Refusal('invalid_auth');
    if (world.now() >= config.expiresAt) throw new Refusal('token_expired');
  };
  const known = (args: Fields): Fields => {
    const found = config.manifests.get(textOf(args['app_id']));
    if (found === undefined) throw new Refusal('invalid_app_id');
    return found;
  };
  return {
    'apps.manifest.export': {
      token: 'configuration',
      required: ['app_id'],
      run(args, world, token) {
        authorize(token, world);
        return { manifest: known(args) };
      },
    },
    'apps.manifest.validate': {
      token: 'configuration',
      required: ['manifest'],
      optional: ['app_id'],
      run(args, world, token) {
        authorize(token, world);
        manifestOf(args, config);
        return { errors: [] };
      },
    },
    'apps.manifest.create': {
      token: 'configuration',
      required: ['manifest'],
      run(args, world, token) {
        authorize(token, world);
        const id = newId('A');
        config.manifests.set(id, manifestOf(args, config));
        const secrets = { client_id: newId('1.'), client_secret: newId('c'), signing_secret: newId('s') };
        return { app_id: id, credentials: secrets, oauth_authorize_url: `${world.origin()}/oauth/v2/authorize` };
      },
    },
    'apps.manifest.update': {
      token: 'configuration',
      required: ['app_id', 'manifest'],
      run(args, world, token) {
        authorize(token, world);
        const old = known(args);
        const manifest = manifestOf(args, config);
        config.manifests.set(textOf(args['app_id']), manifest);
        return { app_id: args['app_id'], permissions_updated: scopes(old).join() !== scopes(manifest).join() };
      },
    },
    'tooling.tokens.rotate': {
      token: 'none',
      required: ['refresh_token'],
      run(args, world) {
        if (args['refresh_token'] !== config.refreshToken) throw new Refusal('invalid_refresh_token');
        const iat = Math.floor(world.now() / 1000);
        const exp = iat + tokenLivesS;
        const { token, refreshToken } = configuration(world.now());
        Object.assign(config, { token, refreshToken, expiresAt: exp * 1000 });
        return { token, refresh_token: refreshToken, team_id: 'T', user_id: 'U', iat, exp };
      },
    },
  };
}

const scopes = (manifest: Fields): readonly string[] => {
  const { bot } = fieldsOf(fieldsOf(manifest['oauth_config'])['scopes']);
  return (Array.isArray(bot) ? bot : []).map(String).toSorted((a, b) => a.localeCompare(b));
};

interface Fault {
  readonly message: string;
  readonly pointer: string;
}

/** The manifest in the arguments. Throws what Slack says about a wrong one. */
function manifestOf(args: Fields, { reserved }: Configuration): Fields {
  const manifest = objectOf(args['manifest']);
  if (manifest === undefined) throw new Refusal('invalid_manifest', { errors: [fault('must be an object', '/')] });
  const errors = faults(manifest, reserved);
  if (errors.length > 0) throw new Refusal('invalid_manifest', { errors });
  return manifest;
}

const fault = (message: string, pointer: string): Fault => ({ message, pointer });

/** What is wrong with a manifest, by the documented limits. */
export function faults(manifest: Fields, reserved: ReadonlySet<string> = new Set()): readonly Fault[] {
  const found: Fault[] = [];
  const text = (of: Fields, key: string, at: string, max: number, required = false, min = 1): void => {
    const value = of[key];
    if (value === undefined && !required) return;
    if (typeof value !== 'string') found.push(fault(`Must be a string`, `${at}/${key}`));
    else if (lengthOf(value) > max) found.push(fault(`Must be at most ${max} characters`, `${at}/${key}`));
    else if (lengthOf(value) < min) found.push(fault(`Must be at least ${min} characters`, `${at}/${key}`));
  };
  const list = (of: Fields, key: string, at: string, max: number): readonly unknown[] => {
    const value = of[key] ?? [];
    if (!Array.isArray(value)) {
      found.push(fault('Must be an array', `${at}/${key}`));
      return [];
    }
    if (value.length > max) found.push(fault(`Must have at most ${max} items`, `${at}/${key}`));
    return value;
  };
  const shown = fieldsOf(manifest['display_information']);
  text(shown, 'name', '/display_information', 35, true);
  text(shown, 'description', '/display_information', 140);
  text(shown, 'long_description', '/display_information', 4_000, false, 174);
  const features = fieldsOf(manifest['features']);
  const settings = fieldsOf(manifest['settings']);
  const socketMode = settings['socket_mode_enabled'] === true;
  if (isFields(features['bot_user'])) text(features['bot_user'], 'display_name', '/features/bot_user', 80, true);
  if (Array.isArray(features['slash_commands']) && features['slash_commands'].length === 0) {
    found.push(fault('Must have at least 1 item', '/features/slash_commands'));
  }
  const names = new Set<unknown>();
  for (const [index, item] of list(features, 'slash_commands', '/features', 50).entries()) {
    const at = `/features/slash_commands/${index}`;
    const command = fieldsOf(item);
    text(command, 'command', at, 32, true, 2);
    text(command, 'description', at, 2_000, true);
    text(command, 'usage_hint', at, 1_000);
    const name = textOf(command['command']);
    if (!/^\/[^\s/A-Z]+$/u.test(name) || reserved.has(name.slice(1)))
      found.push(fault('Not a valid command name', `${at}/command`));
    if (names.has(name)) found.push(fault('Command names must be unique', `${at}/command`));
    names.add(name);
    if (!socketMode && typeof command['url'] !== 'string')
      found.push(fault('Slash Command requires a Request URL', at));
  }
  if (names.size > 0 && !scopes(manifest).includes('commands')) {
    found.push(fault('Slash Commands require the scope commands', '/oauth_config/scopes/bot'));
  }
  const ids = new Set<unknown>();
  for (const [index, item] of list(features, 'shortcuts', '/features', 10).entries()) {
    const at = `/features/shortcuts/${index}`;
    const shortcut = fieldsOf(item);
    text(shortcut, 'name', at, 24, true);
    text(shortcut, 'callback_id', at, 255, true);
    text(shortcut, 'description', at, 150, true);
    if (!['global', 'message'].includes(textOf(shortcut['type']))) found.push(fault('Not a valid type', `${at}/type`));
    if (ids.has(shortcut['callback_id'])) found.push(fault('Callback IDs must be unique', `${at}/callback_id`));
    ids.add(shortcut['callback_id']);
  }
  list(fieldsOf(fieldsOf(manifest['oauth_config'])['scopes']), 'bot', '/oauth_config/scopes', 255);
  const events = fieldsOf(settings['event_subscriptions']);
  if (list(events, 'bot_events', '/settings/event_subscriptions', 100).length > 0) {
    if (!socketMode && typeof events['request_url'] !== 'string') {
      const message = 'Event Subscription requires either Request URL or Socket Mode Enabled';
      found.push(fault(message, '/settings/event_subscriptions'));
    }
  }
  const interactivity = fieldsOf(settings['interactivity']);
  if (interactivity['is_enabled'] === true && !socketMode && typeof interactivity['request_url'] !== 'string') {
    found.push(fault('Interactivity requires a Request URL', '/settings/interactivity'));
  }
  return found;
}
