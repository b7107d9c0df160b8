import { expect } from 'vitest';
import { SlackError } from '../../../../src/inputs/slack/api.ts';
import { socketSource, type SocketSourceOptions } from '../../../../src/inputs/slack/socket/socket.ts';
import type { Accept, Delivery, Source } from '../../../../src/inputs/slack/source.ts';
import { type Line, logLines } from '../../../support/lines.ts';
import { type FakeSlack, type FakeSlackOptions, startFakeSlack } from '../../../support/slack/fake.ts';
import { until } from '../../../support/until.ts';

/** A source that runs. Disposing it stops it, and checks that no secret was told. */
export interface Receiving extends AsyncDisposable {
  readonly source: Source;
  readonly lines: readonly Line[];
  readonly deliveries: readonly Delivery[];
  /** How often it was told that it can receive. */
  readonly opens: number;
  readonly running: Promise<void>;
  stop(): Promise<void>;
}

export type ReceiveOptions = Partial<SocketSourceOptions> & { readonly accept?: Accept };

/** A clock of its own: seconds become milliseconds. */
export const quick = {
  helloMs: 2_000,
  pingMs: 50,
  graceMs: 2_000,
  closeMs: 200,
  staggerMs: 5,
  minDelayMs: 5,
  maxDelayMs: 60,
  slowDelayMs: 120,
};

export function receive(openUrl: SocketSourceOptions['openUrl'], options: ReceiveOptions = {}): Receiving {
  const { accept = () => undefined, ...given } = options;
  const { log, lines } = logLines();
  const deliveries: Delivery[] = [];
  const secrets = new Set<string>();
  const stop = new AbortController();
  let opens = 0;
  const source = socketSource({
    appToken: 'xapp-1-A1-canary',
    log,
    ...given,
    openUrl: async (signal) => {
      const url = await openUrl(signal);
      if (URL.canParse(url)) secrets.add(url).add(new URL(url).searchParams.get('ticket') ?? url);
      return url;
    },
    timing: { ...quick, ...given.timing },
  });
  const running = source.run(
    (delivery) => {
      deliveries.push(delivery);
      return accept(delivery);
    },
    () => {
      opens += 1;
    },
    stop.signal,
  );
  running.catch(() => {});
  return {
    source,
    lines,
    deliveries,
    get opens() {
      return opens;
    },
    running,
    async stop() {
      stop.abort();
      await running;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running.catch(() => {});
      const told = JSON.stringify([lines, source.outage]);
      for (const secret of [...secrets, 'xapp-1-A1-canary']) expect(told).not.toContain(secret);
    },
  };
}

/** The address of a socket, as the Web API of this Slack gives it. */
export const urlOf =
  (slack: FakeSlack): SocketSourceOptions['openUrl'] =>
  async (signal) => {
    const headers = { authorization: `Bearer ${slack.appToken}` };
    const response = await fetch(`${slack.apiUrl}apps.connections.open`, { method: 'POST', headers, signal });
    if (!response.ok)
      throw new SlackError('unavailable', '', `apps.connections.open: Slack answered ${response.status}`);
    const { ok, url, error } = (await response.json()) as { ok: boolean; url: string; error: string };
    if (!ok) throw new SlackError('refused', error, `apps.connections.open: ${error}`);
    return url;
  };

/** A fake Slack and what receives from it; with `sockets` of them open already. */
export async function connected(
  slackOptions: FakeSlackOptions = {},
  options: ReceiveOptions = {},
): Promise<Receiving & { readonly slack: FakeSlack }> {
  const slack = await startFakeSlack(slackOptions);
  const receiving = receive(urlOf(slack), options);
  await until(() => slack.sockets.open === (options.sockets ?? 2) && receiving.opens > 0);
  return Object.assign(Object.create(receiving) as Receiving, {
    slack,
    async [Symbol.asyncDispose]() {
      await receiving[Symbol.asyncDispose]();
      await slack.stop();
    },
  });
}

/** Log lines that an operator sees. */
export const told = ({ lines }: Receiving): readonly string[] =>
  lines.filter(({ level }) => level !== 'debug').map(({ level, message }) => `${level}: ${message}`);
