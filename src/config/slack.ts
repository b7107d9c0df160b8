import type { Flag } from './flag.ts';
import { splitList, type Values } from './values.ts';

export interface SlackConfig {
  /** Of bots, one a workspace. */
  readonly tokens: readonly string[];
  /** Of apps, for Socket Mode. */
  readonly appTokens: readonly string[];
  /** For events that come over HTTP. */
  readonly signingSecrets: readonly string[];
  /** Where HTTP is listened on. */
  readonly address: string;
  /** Sockets kept open for each app. */
  readonly sockets: number;
  readonly apiUrl: string;
  readonly debug: boolean;
  /** What keeps the app's slash commands in step; undefined: nobody does. */
  readonly appId: string | undefined;
  readonly configToken: string | undefined;
  readonly configRefreshTokenFile: string | undefined;
}

const flag = (name: string, usage: string, rest: Partial<Flag> = {}): Flag => ({
  name: `slack_${name}`,
  kind: 'string',
  env: `MICRO_SLACK_${name.toUpperCase()}`,
  usage,
  ...rest,
});

export const slackFlags: readonly Flag[] = [
  flag('token', "The bot's token in Slack, xoxb-…; several workspaces separated by commas"),
  flag('app_token', "The app's token for Socket Mode, xapp-…"),
  flag('signing_secret', 'The signing secret of the app: events come over HTTP'),
  flag('address', 'Bind address for what Slack sends over HTTP', { default: ':3000' }),
  flag('sockets', 'How many sockets to keep open in Socket Mode', { kind: 'integer', default: '2' }),
  flag('api_url', "Address of Slack's Web API", { default: 'https://slack.com/api/' }),
  flag('app_id', 'Id of the app whose slash commands are kept in step with the services, A…'),
  flag('config_token', 'App configuration token that may change the app, xoxe.xoxp-…'),
  flag('config_refresh_token_file', 'File with the refresh token of the configuration token; it is rewritten'),
  flag('debug', 'Log what is exchanged with Slack, without what people write', { kind: 'boolean' }),
];

export const readSlack = (values: Values): SlackConfig => {
  const list = (name: string): readonly string[] => splitList(values.string(`slack_${name}`) ?? '');
  return {
    tokens: list('token'),
    appTokens: list('app_token'),
    signingSecrets: list('signing_secret'),
    address: values.string('slack_address') ?? '',
    sockets: values.integer('slack_sockets', 2),
    apiUrl: values.string('slack_api_url') ?? '',
    debug: values.boolean('slack_debug'),
    appId: values.string('slack_app_id'),
    configToken: values.string('slack_config_token'),
    configRefreshTokenFile: values.string('slack_config_refresh_token_file'),
  };
};

/** Values that no log line may show. */
export const slackSecrets = ({ tokens, appTokens, signingSecrets, configToken }: SlackConfig): readonly string[] => [
  ...tokens,
  ...appTokens,
  ...signingSecrets,
  ...(configToken === undefined ? [] : [configToken]),
];
