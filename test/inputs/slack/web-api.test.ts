import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebClient } from '@slack/web-api';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Api, SlackError } from '../../../src/inputs/slack/api.ts';
import { clientOptions, webApi } from '../../../src/inputs/slack/web-api.ts';
import { silent } from '../../../src/log/log.ts';
import type { Trouble } from '../../support/slack/trouble.ts';
import { until } from '../../support/until.ts';
import { scene, unheard } from './outbox/scene.ts';

const hello = (channel: string) => ({ channel, text: 'hello' });
const failure = async (call: Promise<unknown>): Promise<SlackError> => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof SlackError) return error;
  throw new Error('no SlackError', { cause: error });
};

test('gives what Slack answers', async () => {
  const { api, fake } = await scene();
  expect(await api.call('auth.test', {})).toMatchObject({ ok: true, user_id: fake.home.botUser });
  const answer = await api.call('chat.postMessage', hello(fake.general));
  expect(fake.channel().at(-1)).toMatchObject({ text: 'hello', ts: answer['ts'] });
});

test('names the method, the reason and the scope that is missing, and no token', async () => {
  const { api, fake } = await scene();
  const giveBack = fake.withoutScope('chat:write');
  const error = await failure(api.call('chat.postMessage', hello(fake.general)));
  expect(error).toMatchObject({ code: 'refused', reason: 'missing_scope' });
  expect(error.message).toBe('Slack refuses chat.postMessage: missing_scope (the app needs the scope chat:write)');
  giveBack();
  const unknown = await failure(api.call('chat.postMessage', { ...hello(fake.general), [fake.home.token]: 1 }));
  expect(unknown).toMatchObject({ code: 'refused', reason: 'invalid_arguments' });
  expect(unknown.message).toContain('unexpected argument');
  expect(unknown.message).not.toContain(fake.home.token);
});

test('a refusal is not asked again', async () => {
  const { api, fake } = await scene();
  expect(await failure(api.call('chat.postMessage', hello('C0')))).toMatchObject({
    code: 'refused',
    reason: 'channel_not_found',
  });
  expect(fake.calls('chat.postMessage')).toHaveLength(1);
});

test('waits as long as Slack says, and posts once', async () => {
  const { api, fake } = await scene();
  fake.trouble('chat.postMessage', { kind: 'ratelimited', retryAfterS: 1 }, 1);
  await api.call('chat.postMessage', hello(fake.general));
  const [first, second] = fake.calls('chat.postMessage');
  expect(Number(second?.at) - Number(first?.at)).toBeGreaterThan(900);
  expect(fake.posted).toHaveLength(1);
});

test('while a channel has to wait, nothing else is sent there, and others go on', async () => {
  const { api, fake } = await scene();
  const other = fake.addChannel();
  fake.trouble('chat.postMessage', { kind: 'ratelimited', retryAfterS: 1 }, 1);
  const first = api.call('chat.postMessage', hello(fake.general));
  await until(() => fake.calls('chat.postMessage').length === 1);
  // Its answer is on its way: the gate is closed with it.
  await api.call('auth.test', {});
  const second = api.call('chat.postMessage', hello(fake.general));
  await api.call('chat.postMessage', hello(other));
  expect(fake.channel(other)).toHaveLength(1);
  expect(fake.channel()).toHaveLength(0);
  await Promise.all([first, second]);
  expect(fake.channel()).toHaveLength(2);
  expect(fake.calls('chat.postMessage')).toHaveLength(4);
});

test('a wait beyond the patience is told at once', async () => {
  const { api, fake } = await scene({ web: { patienceMs: 5_000 } });
  fake.trouble('auth.test', { kind: 'ratelimited', retryAfterS: 3_600 });
  const error = await failure(api.call('auth.test', {}));
  expect(error).toMatchObject({ code: 'unavailable', reason: 'ratelimited' });
  expect(error.message).toMatch(/^Slack takes no auth\.test for another \d+ s/);
  expect(fake.calls('auth.test')).toHaveLength(1);
});

test('what a person waits to read has more patience than what the bot asks', async () => {
  const { api, fake } = await scene();
  fake.trouble('*', { kind: 'ratelimited', retryAfterS: 600 });
  const stop = new AbortController();
  const post = api.call('chat.postMessage', hello(fake.general), stop.signal);
  await until(() => fake.calls('chat.postMessage').length === 1);
  // Its answer is here as well by then.
  expect(await failure(api.call('auth.test', {}))).toMatchObject({ code: 'unavailable', reason: 'ratelimited' });
  const why = new Error('stopped');
  stop.abort(why);
  await expect(post).rejects.toBe(why);
});

const doneAnyway: readonly Trouble[] = [
  { kind: 'cut after' },
  { kind: 'silent' },
  { kind: 'garbage', body: '<html>xoxb-1-secret</html>' },
];
const unknownFate: readonly Trouble[] = [
  { kind: 'cut' },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 502 },
  { kind: 'status', status: 503 },
  { kind: 'error', error: 'internal_error' },
  { kind: 'error', error: 'fatal_error' },
];

/** Only who says nothing is not waited for. */
const timeFor = ({ kind }: Trouble): number => (kind === 'silent' ? 1_000 : 20_000);

describe.each(doneAnyway)('a message that was posted, $kind', (trouble) => {
  test('is not posted again', async () => {
    const { api, fake } = await scene({ web: { timeoutMs: timeFor(trouble) } });
    fake.trouble('chat.postMessage', trouble, 1);
    const error = await failure(api.call('chat.postMessage', hello(fake.general)));
    expect(error.code).toBe('unavailable');
    expect(error.message).not.toContain('xoxb');
    expect(fake.channel()).toHaveLength(1);
    expect(fake.calls('chat.postMessage')).toHaveLength(1);
  });
});

describe.each([
  ...unknownFate,
  ...doneAnyway,
])('a request of which nobody knows what became, $kind $status$error', (trouble) => {
  test('is tried again where that does no harm, and a message is not', async () => {
    const { api, fake } = await scene({ web: { timeoutMs: timeFor(trouble) } });
    fake.trouble('auth.test', trouble, 1);
    expect(await api.call('auth.test', {})).toMatchObject({ ok: true });
    expect(fake.calls('auth.test')).toHaveLength(2);
    fake.trouble('chat.postMessage', trouble, 1);
    expect((await failure(api.call('chat.postMessage', hello(fake.general)))).code).toBe('unavailable');
    expect(fake.calls('chat.postMessage')).toHaveLength(1);
  });
});

test.each([
  'service_unavailable',
  'request_timeout',
  'ratelimited',
  'rate_limited',
])('Slack did nothing when it says %s: a message is posted then, once', async (error) => {
  const { api, fake } = await scene();
  fake.trouble('chat.postMessage', { kind: 'error', error }, 1);
  await api.call('chat.postMessage', hello(fake.general));
  expect(fake.channel()).toHaveLength(1);
});

test('while the port is refused nothing is lost: a message is posted when Slack is back', async () => {
  const { api, fake } = await scene();
  const { general } = fake;
  await fake.down();
  const posted = api.call('chat.postMessage', hello(general));
  expect(await failure(webApiTo(fake.apiUrl, 1).call('chat.postMessage', hello(general)))).toMatchObject({
    code: 'unavailable',
    message: "Slack can't be reached for chat.postMessage (ECONNREFUSED)",
  });
  await fake.up();
  await posted;
  expect(fake.channel()).toHaveLength(1);
});

test('who is too busy for a request, and says only that, did nothing', async () => {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    request.resume();
    if (asked === 1) response.writeHead(503).end();
    else if (asked === 2) response.writeHead(503, { 'retry-after': '1' }).end('<html>busy</html>');
    else response.setHeader('content-type', 'application/json').end('{"ok":true}');
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await until(() => server.listening);
  const { port } = server.address() as AddressInfo;
  expect(await webApiTo(`http://127.0.0.1:${port}/api/`).call('chat.postMessage', {})).toMatchObject({ ok: true });
  expect(asked).toBe(3);
});

test('an abort ends a request, and a wait', async () => {
  const { api, fake } = await scene();
  const stop = new AbortController();
  fake.trouble('auth.test', { kind: 'silent' }, 1);
  const request = api.call('auth.test', {}, stop.signal);
  request.catch(() => {});
  await until(() => fake.calls('auth.test').length === 1);
  stop.abort(new Error('stopped'));
  await expect(request).rejects.toThrow('stopped');
  await expect(api.call('auth.test', {}, stop.signal)).rejects.toThrow('stopped');
  expect(fake.calls('auth.test')).toHaveLength(1);

  const later = new AbortController();
  fake.trouble('auth.test', { kind: 'ratelimited', retryAfterS: 60 }, 1);
  const waiting = api.call('auth.test', {}, later.signal);
  waiting.catch(() => {});
  await until(() => fake.calls('auth.test').length === 2);
  later.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
});

const webApiTo = (slackApiUrl: string, patienceMs?: number): Api =>
  webApi(new WebClient('xoxb-1', { ...clientOptions, slackApiUrl, logger: unheard }), {
    log: silent,
    ...(patienceMs === undefined ? {} : { patienceMs }),
  });
