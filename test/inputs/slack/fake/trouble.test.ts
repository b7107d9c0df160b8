import { expect, test } from 'vitest';
import type { Trouble } from '../../../support/slack/trouble.ts';
import { client, post, slack } from './apps.ts';

const cases: readonly (readonly [Trouble, expected: Record<string, unknown>, done: boolean])[] = [
  [{ kind: 'status', status: 503 }, { code: 'slack_webapi_http_error', statusCode: 503 }, false],
  [{ kind: 'status', status: 500 }, { code: 'slack_webapi_http_error', statusCode: 500 }, false],
  [
    { kind: 'error', error: 'invalid_auth' },
    { code: 'slack_webapi_platform_error', data: { error: 'invalid_auth' } },
    false,
  ],
  [{ kind: 'ratelimited', retryAfterS: 30 }, { code: 'slack_webapi_rate_limited_error', retryAfter: 30 }, false],
  [{ kind: 'cut' }, { code: 'slack_webapi_request_error' }, false],
  [{ kind: 'cut after' }, { code: 'slack_webapi_request_error' }, true],
  [{ kind: 'garbage', body: '<html>' }, { code: 'slack_webapi_platform_error' }, true],
];

test.each(cases)('%j is told by the SDK as it documents', async (trouble, expected, done) => {
  const fake = await slack();
  const web = client(fake, { rejectRateLimitedCalls: true });
  const posting = (text: string): Promise<unknown> => post(web, { channel: fake.general, text });
  fake.trouble('chat.postMessage', trouble, 1);
  await expect(posting('one')).rejects.toMatchObject(expected);
  expect(fake.posted.map(({ text }) => text)).toEqual(done ? ['one'] : []);
  expect(fake.calls('chat.postMessage')).toHaveLength(1);
  await posting('two');
  expect(fake.posted.at(-1)?.text).toBe('two');
});

test('trouble is for one method, or for all, until it is lifted', async () => {
  const fake = await slack();
  const web = client(fake);
  const lift = fake.trouble('*', { kind: 'status', status: 503 });
  await expect(web.auth.test()).rejects.toThrow();
  await expect(web.users.info({ user: fake.user })).rejects.toThrow();
  lift();
  fake.trouble('users.info', { kind: 'error', error: 'fatal_error' });
  await web.auth.test();
  await expect(web.users.info({ user: fake.user })).rejects.toThrow('fatal_error');
});

test('an answer that never comes is given up by who waits', async () => {
  const fake = await slack();
  fake.trouble('auth.test', { kind: 'silent' }, 1);
  await expect(client(fake, { timeout: 50 }).auth.test()).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
});

test('a slow answer comes', async () => {
  const fake = await slack();
  fake.trouble('auth.test', { kind: 'slow', ms: 50 }, 1);
  let fast = 0;
  const slow = client(fake).auth.test();
  const other = client(fake)
    .users.info({ user: fake.user })
    .then(() => (fast += 1));
  await Promise.all([slow.then(() => expect(fast).toBe(1)), other]);
});
