import { WebClient } from '@slack/web-api';
import { expect, onTestFinished, test } from 'vitest';
import { withResolvers } from '../../../src/async/queue.ts';
import { type Answer, type Api, SlackError } from '../../../src/inputs/slack/api.ts';
import { createNames, type Names, type NamesOptions } from '../../../src/inputs/slack/identity.ts';
import { clientOptions, webApi } from '../../../src/inputs/slack/web-api.ts';
import { silent } from '../../../src/log/log.ts';
import { startFakeSlack } from '../../support/slack/fake.ts';
import { until } from '../../support/until.ts';

type Answers = (method: string, id: string, signal: AbortSignal | undefined) => Promise<Answer>;

/** A workspace that is told what to answer, and the questions it got. */
function workspace(
  answers: Answers,
  more: Partial<NamesOptions> = {},
): { names: Names; asked: string[]; readonly stop: () => void; readonly pass: (ms: number) => void } {
  const asked: string[] = [];
  const stop = new AbortController();
  let now = 1_000;
  const api: Api = {
    call(method, args, signal) {
      const id = String(args['user'] ?? args['channel']);
      asked.push(`${method} ${id}`);
      return answers(method, id, signal);
    },
  };
  const names = createNames({
    api: (team) => (team === 'T0' ? undefined : api),
    signal: stop.signal,
    now: () => now,
    ...more,
  });
  return { names, asked, stop: () => stop.abort(), pass: (ms) => (now += ms) };
}

const person = (name: string): Answer => ({
  ok: true,
  user: { id: 'U1', name: 'login', real_name: 'Real', profile: { display_name: name } },
});

test('the id stands in until the name is known, and Slack is asked once', async () => {
  const { promise, resolve } = withResolvers<Answer>();
  const { names, asked } = workspace(() => promise);
  expect([names.user('T1', 'U1'), names.user('T1', 'U1'), names.user('T1', 'U1')]).toEqual(['U1', 'U1', 'U1']);
  resolve(person('anna'));
  await until(() => names.user('T1', 'U1') === 'anna');
  expect(asked).toEqual(['users.info U1']);
});

test('a channel has a name, a conversation with one person none, and a person cannot pass for a channel', async () => {
  const { names, asked } = workspace(async () => ({ ok: true, channel: { id: 'C1', name: 'general' } }));
  await until(() => names.channel('T1', 'C1') === 'general');
  expect([names.channel('T1', 'D1'), names.channel('T1', 'U1')]).toEqual(['D1', 'U1']);
  expect(asked).toEqual(['conversations.info C1']);
});

test.each<[string, Answer, string]>([
  ['what they want to be called', person('anna'), 'anna'],
  ['their real name', person(''), 'Real'],
  ['their login', { ok: true, user: { name: 'login' } }, 'login'],
])('a person is called %s', async (_, answer, name) => {
  const { names } = workspace(async () => answer);
  await until(() => names.user('T1', 'U1') === name);
});

test.each<Answer>([
  { ok: true },
  { ok: true, user: null },
  { ok: true, user: { name: 7, profile: 'x' } },
])('an answer without a name leaves the id: %j', async (answer) => {
  const { names, asked } = workspace(async () => answer);
  names.user('T1', 'U1');
  names.user('T1', 'U2');
  await until(() => asked.length === 2);
  expect(names.user('T1', 'U1')).toBe('U1');
  expect(asked).toHaveLength(2);
});

test('the same id in two workspaces is two people', async () => {
  const { names, asked } = workspace(async () => person('anna'));
  await until(() => names.user('T1', 'U1') === 'anna');
  await until(() => names.user('T2', 'U1') === 'anna');
  expect(asked).toHaveLength(2);
});

test('a workspace without a token is not asked', () => {
  const { names, asked } = workspace(async () => person('anna'));
  expect([names.user('T0', 'U1'), asked]).toEqual(['U1', []]);
});

test('an old name is shown while Slack is asked for the new one', async () => {
  let name = 'anna';
  const { names, asked, pass } = workspace(async () => person(name), { keepMs: 1_000 });
  await until(() => names.user('T1', 'U1') === 'anna');
  name = 'anne';
  pass(999);
  expect([names.user('T1', 'U1'), asked.length]).toEqual(['anna', 1]);
  pass(1);
  expect([names.user('T1', 'U1'), asked.length]).toEqual(['anna', 2]);
  await until(() => names.user('T1', 'U1') === 'anne');
});

test('what was not found is asked for again after a minute, and an old name outlives it', async () => {
  let fails = false;
  const lines: string[] = [];
  const log = { ...silent, debug: (line: string): void => void lines.push(line) };
  const { names, asked, pass } = workspace(
    async () => {
      if (fails) throw new SlackError('unavailable', '', 'users.info: cut off');
      return person('anna');
    },
    { keepMs: 1_000, log },
  );
  await until(() => names.user('T1', 'U1') === 'anna');
  fails = true;
  pass(1_000);
  names.user('T1', 'U1');
  await until(() => lines.length === 1);
  pass(59_999);
  expect([names.user('T1', 'U1'), asked.length]).toEqual(['anna', 2]);
  pass(1);
  expect([names.user('T1', 'U1'), asked.length]).toEqual(['anna', 3]);
});

test('a missing scope is told once, and that workspace is left alone for an hour', async () => {
  const lines: string[] = [];
  const note = (line: string): void => void lines.push(line);
  const log = { debug() {}, info: note, warn: note, error: note };
  const refusal = new SlackError('refused', 'missing_scope', 'users.info: missing_scope, needs users:read');
  const { names, asked, pass } = workspace(async () => Promise.reject(refusal), { log });
  names.user('T1', 'U1');
  names.user('T1', 'U2');
  await until(() => lines.length === 1);
  names.user('T1', 'U3');
  expect([asked.length, lines.length]).toEqual([2, 1]);
  names.user('T2', 'U3');
  expect(asked).toHaveLength(3);
  pass(3_600_000);
  names.user('T1', 'U3');
  expect(asked).toHaveLength(4);
});

test('no more names are kept than allowed: the oldest go', async () => {
  const { names, asked } = workspace(async (_, id) => person(`name of ${id}`), { most: 2 });
  for (const id of ['U1', 'U2', 'U3']) await until(() => names.user('T1', id) === `name of ${id}`);
  expect([names.user('T1', 'U3'), names.user('T1', 'U2'), asked.length]).toEqual(['name of U3', 'name of U2', 3]);
  expect([names.user('T1', 'U1'), asked.length]).toEqual(['U1', 4]);
});

test('a crowd of new people does not become a crowd of questions', () => {
  const { names, asked } = workspace(() => new Promise(() => {}));
  for (let index = 0; index < 100; index += 1) expect(names.user('T1', `U${index}`)).toBe(`U${index}`);
  expect(asked).toHaveLength(5);
});

test('nothing is asked for after the end, and what was under way ends quietly', async () => {
  const { promise, reject } = withResolvers<Answer>();
  const lines: string[] = [];
  const note = (line: string): void => void lines.push(line);
  const log = { debug: note, info: note, warn: note, error: note };
  const { names, asked, stop } = workspace(
    (_method, _id, signal) => {
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      return promise;
    },
    { log },
  );
  names.user('T1', 'U1');
  stop();
  await expect(promise).rejects.toThrow();
  names.user('T1', 'U2');
  expect([asked, lines]).toEqual([['users.info U1'], []]);
});

test('Slack is asked with the scopes that the app has', async () => {
  const fake = await startFakeSlack();
  const stop = new AbortController();
  onTestFinished(async () => {
    stop.abort();
    await fake.stop();
  });
  const told: string[] = [];
  const log = { ...silent, info: (line: string): void => void told.push(line) };
  const client = new WebClient(fake.home.token, { ...clientOptions, slackApiUrl: fake.apiUrl });
  const api = webApi(client, { log: silent });
  const open = (): Names => createNames({ api: () => api, signal: stop.signal, log });
  const names = open();
  const user = fake.addUser({ name: 'anna' });
  const channel = fake.addChannel({ name: 'ops' });
  await until(() => names.user(fake.home.team, user) === 'anna');
  await until(() => names.channel(fake.home.team, channel) === 'ops');
  fake.withoutScope('users:read');
  const fresh = open();
  expect(fresh.user(fake.home.team, user)).toBe(user);
  await until(() => told.length === 1);
  expect(fresh.user(fake.home.team, user)).toBe(user);
  expect(fake.calls('users.info')).toHaveLength(2);
});
