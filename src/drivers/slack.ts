import type { Command } from '../commands/command.ts';
import { manifest } from '../commands/manifest.ts';
import { overview } from '../commands/overview.ts';
import type { CommandSet } from '../commands/set.ts';
import { type Slash, slashCommands } from '../commands/slash.ts';
import { access, constants } from 'node:fs/promises';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/error.ts';
import type { SlackConfig } from '../config/slack.ts';
import type { Input } from '../inputs/input.ts';
import type { SlackOptions } from '../inputs/slack/slack.ts';
import type { Host } from './host.ts';

/** Rejects with a `ConfigError` that names the flag for settings with which there can be no Slack input. Asks nobody. */
export async function checkSlack({ bot: { slack } }: Config): Promise<void> {
  if (slack.tokens.length === 0) throw new ConfigError('invalid', 'missing slack token');
  if (slack.appTokens.length + slack.signingSecrets.length === 0) {
    throw new ConfigError('invalid', 'slack needs slack_app_token for Socket Mode, or slack_signing_secret for HTTP');
  }
  const changesApp = slack.configToken !== undefined || slack.configRefreshTokenFile !== undefined;
  if (changesApp && slack.appId === undefined) {
    throw new ConfigError('invalid', 'slack_config_token needs slack_app_id, the id of the app');
  }
  checkTokens('token', slack.tokens, botToken, 'the token of a bot begins with xoxb-');
  checkTokens('app_token', slack.appTokens, appToken, 'the token of an app begins with xapp-');
  if (slack.sockets < 1 || slack.sockets > 5) throw refused('sockets', `1 to 5 can be kept open, not ${slack.sockets}`);
  if (!isWebAddress(slack.apiUrl)) throw refused('api_url', `${slack.apiUrl} is no address, https://…`);
  await checkHttp(slack);
  const { configRefreshTokenFile: file } = slack;
  if (file !== undefined) {
    await access(file, constants.R_OK | constants.W_OK).catch((error: unknown) => {
      throw refused('config_refresh_token_file', `it must be there and be rewritten: ${String(error)}`);
    });
  }
}

/** Also of those that rotate. */
const botToken = /^(?:xoxe\.)?xox[bp]-./;
const appToken = /^xapp-./;

/** What is a secret is not shown, wherever it was written by mistake. */
function checkTokens(flag: string, tokens: readonly string[], form: RegExp, sentence: string): void {
  const wrong = tokens.findIndex((token) => !form.test(token));
  if (wrong < 0) return;
  throw refused(
    flag,
    tokens.length === 1 ? `${sentence}, this one does not` : `${sentence}, number ${wrong + 1} does not`,
  );
}

async function checkHttp({ signingSecrets, address }: SlackConfig): Promise<void> {
  if (signingSecrets.length === 0) return;
  const [{ readBindAddress }, { checkSecrets }] = await Promise.all([
    import('../inputs/slack/http/address.ts'),
    import('../inputs/slack/http/signature.ts'),
  ]);
  try {
    readBindAddress(address);
  } catch (error) {
    throw refused('address', error instanceof Error ? error.message : String(error));
  }
  try {
    checkSecrets(signingSecrets);
  } catch (error) {
    throw refused('signing_secret', error instanceof Error ? error.message : String(error));
  }
}

const isWebAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

const refused = (flag: string, sentence: string): ConfigError =>
  new ConfigError('invalid', `slack_${flag}: ${sentence}`);

/** The Slack input as it is configured. */
export async function openSlack(host: Host): Promise<Input> {
  const { slack } = host.config.bot;
  const { slackInput } = await import('../inputs/slack/slack.ts');
  const manifest = manifestOf(host);
  return slackInput({
    ...slack,
    ...(manifest === undefined ? {} : { manifest }),
    home: (signal) => overview(host, signal),
    taken: await host.taken('slack'),
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
