import { App, LogLevel } from '@slack/bolt';
import { SocketModeClient } from '@slack/socket-mode';
import {
  type ChatPostMessageArguments,
  type ChatPostMessageResponse,
  WebClient,
  type WebClientOptions,
} from '@slack/web-api';
import { onTestFinished } from 'vitest';
import { type FakeSlack, type FakeSlackOptions, startFakeSlack } from '../../../support/slack/fake.ts';

/** Says nothing: what goes wrong here goes wrong on purpose. */
export const quiet = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

/** A fake Slack until the test ends. */
export async function slack(options?: FakeSlackOptions): Promise<FakeSlack> {
  const fake = await startFakeSlack(options);
  onTestFinished(() => fake.stop());
  return fake;
}

/** Slack's client of the Web API, with a bot's token; it tries once. */
export const client = (fake: FakeSlack, options: WebClientOptions = {}, token: string = fake.home.token): WebClient =>
  new WebClient(token, { slackApiUrl: fake.apiUrl, retryConfig: { retries: 0 }, logger: quiet, ...options });

/** Posts with Slack's client. */
export function post(web: WebClient, args: ChatPostMessageArguments): Promise<ChatPostMessageResponse> {
  const { postMessage } = web.chat;
  return postMessage(args);
}

/** Bolt in Socket Mode, until the test ends. */
export async function socketApp(fake: FakeSlack, prepare: (app: App) => void): Promise<App> {
  const app = new App({
    token: fake.home.token,
    appToken: fake.appToken,
    socketMode: true,
    logger: quiet,
    clientOptions: { slackApiUrl: fake.apiUrl },
  });
  prepare(app);
  await app.start();
  onTestFinished(async () => {
    await app.stop();
  });
  return app;
}

/** Bolt behind HTTP, until the test ends; the fake Slack sends there. */
export async function httpApp(fake: FakeSlack, prepare: (app: App) => void): Promise<{ readonly url: string }> {
  const app = new App({
    token: fake.home.token,
    signingSecret: fake.signingSecret,
    logger: quiet,
    clientOptions: { slackApiUrl: fake.apiUrl },
  });
  prepare(app);
  const server = await app.start({ port: 0, host: '127.0.0.1' });
  onTestFinished(async () => {
    await app.stop();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Bolt listens nowhere');
  const url = `http://127.0.0.1:${address.port}/slack/events`;
  fake.http({ url, signingSecret: fake.signingSecret });
  return { url };
}

/** Slack's own socket, until the test ends. It acknowledges everything unless told otherwise. */
export async function socketClient(fake: FakeSlack, take?: (envelope: Envelope) => void): Promise<SocketModeClient> {
  const made = new SocketModeClient({
    appToken: fake.appToken,
    logger: quiet,
    // Also its pause before it connects anew.
    clientPingTimeout: 2_000,
    clientOptions: { slackApiUrl: fake.apiUrl, retryConfig: { retries: 0 } },
  });
  made.on('slack_event', (envelope: Envelope) => {
    if (take === undefined) void envelope.ack();
    else take(envelope);
  });
  await made.start();
  onTestFinished(async () => {
    await made.disconnect();
  });
  return made;
}

export interface Envelope {
  readonly ack: (payload?: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly envelope_id: string;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly retry_num?: number;
  readonly retry_reason?: string;
}
