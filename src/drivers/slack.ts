import { overview } from '../commands/overview.ts';
import { ConfigError } from '../config/error.ts';
import type { Input } from '../inputs/input.ts';
import type { Host } from './host.ts';

/** The Slack input as it is configured. Throws a `ConfigError` when it can't be. */
export async function openSlack(host: Host): Promise<Input> {
  const { slack } = host.config.bot;
  if (slack.tokens.length === 0) throw new ConfigError('invalid', 'missing slack token');
  if (slack.appTokens.length + slack.signingSecrets.length === 0) {
    throw new ConfigError('invalid', 'slack needs slack_app_token for Socket Mode, or slack_signing_secret for HTTP');
  }
  const { slackInput } = await import('../inputs/slack/slack.ts');
  return slackInput({ ...slack, home: (signal) => overview(host, signal), log: host.log });
}
