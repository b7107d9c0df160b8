import type { Command } from '../commands/command.ts';
import { manifest } from '../commands/manifest.ts';
import { overview } from '../commands/overview.ts';
import type { CommandSet } from '../commands/set.ts';
import { type Slash, slashCommands } from '../commands/slash.ts';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/error.ts';
import type { Input } from '../inputs/input.ts';
import type { SlackOptions } from '../inputs/slack/slack.ts';
import type { Host } from './host.ts';

/** Throws a `ConfigError` for settings with which there can be no Slack input. */
export function checkSlack({ bot: { slack } }: Config): void {
  if (slack.tokens.length === 0) throw new ConfigError('invalid', 'missing slack token');
  if (slack.appTokens.length + slack.signingSecrets.length === 0) {
    throw new ConfigError('invalid', 'slack needs slack_app_token for Socket Mode, or slack_signing_secret for HTTP');
  }
  const changesApp = slack.configToken !== undefined || slack.configRefreshTokenFile !== undefined;
  if (changesApp && slack.appId === undefined) {
    throw new ConfigError('invalid', 'slack_config_token needs slack_app_id, the id of the app');
  }
}

/** The Slack input as it is configured. */
export async function openSlack(host: Host): Promise<Input> {
  const { slack } = host.config.bot;
  const { slackInput } = await import('../inputs/slack/slack.ts');
  const manifest = manifestOf(host);
  return slackInput({
    ...slack,
    ...(manifest === undefined ? {} : { manifest }),
    home: (signal) => overview(host, signal),
    log: host.log,
  });
}

/** Undefined: nobody asked for it. */
function manifestOf({ config, commands }: Host): SlackOptions['manifest'] {
  const { appId, configToken: token, configRefreshTokenFile: refreshTokenFile } = config.bot.slack;
  if (appId === undefined || (token === undefined && refreshTokenFile === undefined)) return undefined;
  const known = (): readonly Slash[] | undefined => {
    const set = commands();
    return set.stale ? undefined : slashCommands(set);
  };
  return { appId, token, refreshTokenFile, commands: known };
}

/** `micro bot manifest`, from the services that run now. */
export const manifestCommand = (set: (signal: AbortSignal) => Promise<CommandSet>): Command =>
  manifest({
    set,
    print: async (wish) => (await import('../inputs/slack/manifest/print.ts')).printManifest(wish),
  });
