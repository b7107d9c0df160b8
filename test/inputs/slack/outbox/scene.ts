import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import { text } from '../../../../src/document/document.ts';
import type { Api } from '../../../../src/inputs/slack/api.ts';
import type { Incoming } from '../../../../src/inputs/slack/incoming.ts';
import { createOutbox, type OutboxOptions } from '../../../../src/inputs/slack/outbox/outbox.ts';
import type { Outbox } from '../../../../src/inputs/slack/outbox.ts';
import { clientOptions, webApi, type WebApiOptions } from '../../../../src/inputs/slack/web-api.ts';
import type { Log, LogFields } from '../../../../src/log/log.ts';
import { type FakeSlack, type FakeSlackOptions, startFakeSlack } from '../../../support/slack/fake.ts';

export interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: LogFields;
}

/** A fake Slack, and an outbox that speaks to it by Slack's own client. */
export interface Scene {
  readonly fake: FakeSlack;
  readonly api: Api;
  readonly outbox: Outbox;
  readonly lines: readonly Line[];
  /** Everything that was logged, as one text. */
  readonly logged: () => string;
  /** What somebody says in a channel. */
  readonly asked: (options?: Partial<Incoming>) => Promise<Incoming>;
  /** What somebody types as a slash command: there is no message of it. */
  readonly typed: (options?: Partial<Incoming>) => Promise<Incoming>;
}

export interface SceneOptions {
  readonly slack?: FakeSlackOptions;
  readonly outbox?: Partial<OutboxOptions>;
  readonly web?: Partial<WebApiOptions>;
}

export async function scene(options: SceneOptions = {}): Promise<Scene> {
  const fake = await startFakeSlack({ retryAfterMs: [], postsPerSecond: 1_000, burst: 1_000, ...options.slack });
  const lines: Line[] = [];
  const log = recorder(lines);
  const client = new WebClient(fake.home.token, { ...clientOptions, slackApiUrl: fake.apiUrl, logger: unheard });
  const api = webApi(client, { log, ...options.web });
  const outbox = createOutbox({ api: () => api, apiUrl: fake.apiUrl, log, paceMs: 1, ...options.outbox });
  onTestFinished(async () => {
    await outbox.close(AbortSignal.abort());
    await fake.stop();
  });
  const incoming = (more: Partial<Incoming>): Incoming => ({
    keys: ['event:Ev1'],
    team: fake.home.team,
    channel: fake.general,
    sender: `${fake.home.team}/${fake.user}`,
    user: fake.user,
    text: 'list services',
    direct: false,
    addressed: true,
    thread: undefined,
    ts: undefined,
    responseUrl: undefined,
    ...more,
  });
  return {
    fake,
    api,
    outbox,
    lines,
    logged: () => lines.map(({ level, message, fields }) => `${level} ${message} ${written(fields)}`).join('\n'),
    asked: async (more = {}) => {
      const { ts } = await fake.mention({ channel: more.channel ?? fake.general, typed: 'list services' });
      return incoming({ ts, keys: [`message:${fake.home.team}:${fake.general}:${ts}`], ...more });
    },
    typed: async (more = {}) => {
      const { responseUrl } = await fake.slash({ channel: more.channel ?? fake.general, command: '/micro' });
      return incoming({ responseUrl, keys: ['slash:1'], ...more });
    },
  };
}

const written = (fields: LogFields): string =>
  Object.entries(fields)
    .map(
      ([name, value]) =>
        `${name}=${value instanceof Error ? `${value.message} ${JSON.stringify(value)}` : String(value)}`,
    )
    .join(' ');

function recorder(lines: Line[]): Log {
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}): void =>
      void lines.push({ level, message, fields });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

const ignore = (): void => {};
export const unheard: Logger = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  setLevel: ignore,
  setName: ignore,
  getLevel: () => LogLevel.ERROR,
};

export const lines = (...texts: readonly string[]): ReturnType<typeof text> => text(texts.join('\n'));
