import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { FakeSlack } from '../../../support/slack/fake.ts';
import { slack } from './apps.ts';

interface Heard {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** No answer at all. */
  readonly silent?: boolean;
}

/** An app behind HTTP that answers as told, in turn, and keeps what it heard. */
async function app(fake: FakeSlack, ...answers: readonly Answer[]): Promise<readonly Heard[]> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => {
      const { status = 200, headers = {}, body: text = '', silent = false } = answers[heard.length] ?? {};
      heard.push({ headers: request.headers, body });
      if (!silent) response.writeHead(status, headers).end(text);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  fake.http({ url: `http://127.0.0.1:${port}/slack/events`, signingSecret: fake.signingSecret });
  return heard;
}

test('an event is signed; its retries say how many and why', async () => {
  const fake = await slack({ ackWithinMs: 100, retryAfterMs: [0, 0, 0] });
  const heard = await app(fake, { status: 500 }, { silent: true }, {});
  expect(await fake.say({ typed: 'hello' })).toMatchObject({ acknowledged: true, attempts: 3 });
  const retries = heard.map(({ headers }) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']]);
  expect(retries).toEqual([
    [undefined, undefined],
    ['1', 'http_error'],
    ['2', 'http_timeout'],
  ]);
  expect(new Set(heard.map(({ body }) => body)).size).toBe(1);
  for (const { headers, body } of heard) {
    const signed = `v0:${String(headers['x-slack-request-timestamp'])}:${body}`;
    const signature = createHmac('sha256', fake.signingSecret).update(signed).digest('hex');
    expect(headers['x-slack-signature']).toBe(`v0=${signature}`);
    expect(headers['content-type']).toBe('application/json');
  }
});

test('an app can refuse further tries', async () => {
  const fake = await slack({ retryAfterMs: [0, 0, 0] });
  await app(fake, { status: 500, headers: { 'x-slack-no-retry': '1' } });
  expect(await fake.say({ typed: 'hello' })).toMatchObject({ acknowledged: false, attempts: 1 });
});

test('an app that is gone is asked again', async () => {
  const fake = await slack({ retryAfterMs: [0] });
  fake.http({ url: 'http://127.0.0.1:9/', signingSecret: fake.signingSecret });
  expect(await fake.say({ typed: 'hello' })).toMatchObject({ acknowledged: false, attempts: 2 });
});

test('a slash command and an interaction are forms; what comes back is their payload', async () => {
  const fake = await slack();
  const heard = await app(
    fake,
    { body: 'plain words' },
    { headers: { 'content-type': 'application/json' }, body: '{}' },
  );
  const slash = await fake.slash({ command: '/micro', text: 'a&b=c' });
  expect(slash.payload).toEqual({ text: 'plain words' });
  expect(fake.channel()).toMatchObject([{ text: 'plain words', to: fake.user }]);
  await fake.shortcut('run');
  const form = new URLSearchParams(heard[0]?.body);
  expect(Object.fromEntries(form)).toMatchObject({ command: '/micro', text: 'a&b=c', user_id: fake.user });
  const payload = JSON.parse(new URLSearchParams(heard[1]?.body).get('payload') ?? '') as unknown;
  expect(payload).toMatchObject({ type: 'shortcut', callback_id: 'run', user: { id: fake.user } });
});
