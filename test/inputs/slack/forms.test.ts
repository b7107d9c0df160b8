import { expect, test } from 'vitest';
import type { Command } from '../../../src/commands/command.ts';
import type { Parameter } from '../../../src/commands/parameter.ts';
import { fillRequest } from '../../../src/commands/parameters.ts';
import { text } from '../../../src/document/document.ts';
import { freePort } from '../../support/daemon.ts';
import type { Trouble } from '../../support/slack/trouble.ts';
import type { Shown, ShownView } from '../../support/slack/world.ts';
import { until } from '../../support/until.ts';
import { type Scene, type SceneOptions, scene } from './scene.ts';

const parameter = (name: string, type: string, more: Partial<Parameter> = {}): Parameter => ({
  name,
  type,
  isPositional: true,
  isRequired: true,
  isSecret: false,
  description: `the ${name}`,
  ...more,
});

const all: readonly Parameter[] = [
  parameter('service', 'string'),
  parameter('env', 'string', { choices: ['staging', 'prod'] }),
  parameter('count', 'int8'),
  parameter('share', 'float64'),
  parameter('force', 'bool'),
  parameter('owner', 'string', { meaning: 'user' }),
  parameter('spec', '', { meaning: 'json' }),
  parameter('token', 'string', { isSecret: true }),
];

interface Deploying extends Scene {
  /** The requests it was run with. */
  readonly deployed: unknown[];
}

async function deploying(parameters: readonly Parameter[], more: SceneOptions = {}): Promise<Deploying> {
  const deployed: unknown[] = [];
  const usage = 'deploy …';
  const deploy: Command = {
    name: 'deploy',
    usage,
    description: 'Deploys',
    source: { kind: 'builtin' },
    plan({ args }) {
      const { values, secrets } = fillRequest(parameters, { name: 'deploy', usage, words: args.words });
      return { parameters: values, secrets };
    },
    async run({ args }) {
      deployed.push(JSON.parse(fillRequest(parameters, { name: 'deploy', usage, words: args.words }).body));
      return text('deployed');
    },
  };
  const opened = await scene({ ...more, commands: [deploy] });
  return { ...opened, deployed };
}

const formOf = ({ fake }: Scene, user = fake.user): Promise<ShownView> => until(() => fake.viewOf(user));
const blocksOf = ({ view }: ShownView): readonly Record<string, unknown>[] =>
  view['blocks'] as readonly Record<string, unknown>[];
const fieldsOf = (form: ShownView): readonly Record<string, unknown>[] =>
  blocksOf(form).filter(({ type }) => type === 'input');
/** What Slack sends of a field, by its place. */
const filled = (...states: readonly object[]): Record<string, unknown> =>
  Object.fromEntries(states.map((state, index) => [`micro:field:${index}`, { [`micro:field:${index}`]: state }]));
const typed = (value: string): object => ({ type: 'plain_text_input', value });
const said = ({ fake }: Scene): readonly Shown[] => fake.channel().filter(({ byBot }) => byBot);

test('a slash command that lacks values opens a form with a field for each, and runs with them', async () => {
  const at = await deploying(all);
  const { acknowledged } = await at.fake.slash({ command: '/micro', text: 'deploy' });
  expect(acknowledged).toBe(true);
  const form = await formOf(at);
  expect(form.view).toMatchObject({ callback_id: 'micro:ask', notify_on_close: true, title: { text: 'deploy' } });
  expect(String(form.view['private_metadata']).length).toBeLessThan(50);
  expect(fieldsOf(form).map(({ label, element }) => [label, element])).toMatchObject([
    [{ text: 'service' }, { type: 'plain_text_input' }],
    [{ text: 'env' }, { type: 'static_select', options: [{ text: { text: 'staging' } }, { text: { text: 'prod' } }] }],
    [{ text: 'count' }, { type: 'number_input', is_decimal_allowed: false }],
    [{ text: 'share' }, { type: 'number_input', is_decimal_allowed: true }],
    [{ text: 'force' }, { type: 'checkboxes' }],
    [{ text: 'owner' }, { type: 'users_select' }],
    [{ text: 'spec' }, { type: 'plain_text_input', multiline: true }],
    [{ text: 'token' }, { type: 'plain_text_input' }],
  ]);
  const outcome = await at.fake.submit(
    form,
    filled(
      typed('a "b" | c > #d'),
      { type: 'static_select', selected_option: { text: { type: 'plain_text', text: 'prod' }, value: '1' } },
      { type: 'number_input', value: '7' },
      { type: 'number_input', value: '0.5' },
      { type: 'checkboxes', selected_options: [] },
      { type: 'users_select', selected_user: 'U024' },
      typed('{"a": ["`", 1]}'),
      typed('hush'),
    ),
  );
  expect(outcome).toMatchObject({ acknowledged: true, payload: undefined });
  await until(() => at.deployed.length > 0);
  expect(at.deployed).toEqual([
    {
      service: 'a "b" | c > #d',
      env: 'prod',
      count: 7,
      share: 0.5,
      force: false,
      owner: 'U024',
      spec: { a: ['`', 1] },
      token: 'hush',
    },
  ]);
  await until(() => said(at).length > 0);
  // Nothing was asked in words.
  expect(said(at)).toHaveLength(1);
  expect(JSON.stringify(said(at))).not.toContain('hush');
});

test('what is wrong stands in the form, which stays open; what was typed already stays, too', async () => {
  const at = await deploying([parameter('service', 'string'), parameter('count', 'int8')]);
  await at.fake.slash({ command: '/deploy', text: 'billing' });
  const form = await formOf(at);
  expect(blocksOf(form)[0]).toMatchObject({ type: 'section', text: { text: 'deploy billing' } });
  const wrong = await at.fake.submit(form, filled({ type: 'number_input', value: '1000' }));
  expect(wrong.payload).toEqual({
    response_action: 'errors',
    errors: { 'micro:field:0': 'count: "1000" is not a whole number from -128 to 127' },
  });
  expect(at.deployed).toEqual([]);
  const right = await at.fake.submit(form, filled({ type: 'number_input', value: '10' }));
  expect(right.payload).toBeUndefined();
  await until(() => at.deployed.length > 0);
  expect(at.deployed).toEqual([{ service: 'billing', count: 10 }]);
});

test('a form that is sent twice runs once', async () => {
  const at = await deploying([parameter('service', 'string')]);
  await at.fake.slash({ command: '/deploy' });
  const form = await formOf(at);
  const outcomes = await Promise.all([1, 2, 3].map(() => at.fake.submit(form, filled(typed('billing')))));
  expect(outcomes.map(({ payload }) => payload)).toEqual([undefined, undefined, undefined]);
  await until(() => at.deployed.length > 0);
  await at.fake.slash({ command: '/micro', text: 'deploy last' });
  await until(() => at.deployed.length > 1);
  expect(at.deployed).toEqual([{ service: 'billing' }, { service: 'last' }]);
});

test('who leaves the form is told that nothing was run, and alone', async () => {
  const at = await deploying([parameter('service', 'string')]);
  await at.fake.slash({ command: '/deploy' });
  await at.fake.close(await formOf(at));
  const [answer] = await until(() => said(at).length > 0 && said(at));
  expect(answer).toMatchObject({ to: at.fake.user, text: expect.stringContaining('nothing was run') });
  expect(at.deployed).toEqual([]);
});

test('a button whose line lacks something opens a form, for who presses it, in the thread of its message', async () => {
  const at = await deploying([parameter('service', 'string')], {});
  const { ts } = await at.fake.say({ typed: 'something broke' });
  await at.fake.mention({ typed: 'deplyo', threadTs: ts });
  const [offer] = await until(() => said(at).length > 0 && said(at));
  const [, action = ''] = /"action_id":"(micro:run:[^"]*)"/.exec(JSON.stringify(offer?.blocks)) ?? [];
  if (offer === undefined) throw new Error('nothing was offered');
  const bob = at.fake.addUser();
  await at.fake.press(offer, action, bob);
  const form = await formOf(at, bob);
  await at.fake.submit(form, filled(typed('billing')));
  await until(() => at.deployed.length > 0);
  const answer = await until(() => said(at).find(({ text }) => text.includes('deployed')));
  expect(answer.thread).toBe(ts);
});

test('nobody sends the form of somebody else', async () => {
  const at = await deploying([parameter('service', 'string')]);
  await at.fake.slash({ command: '/deploy' });
  const form = await formOf(at);
  const stolen = await at.fake.submit({ ...form, user: at.fake.addUser() }, filled(typed('billing')));
  expect(stolen.payload).toMatchObject({ response_action: 'errors' });
  expect(at.deployed).toEqual([]);
});

test.each<[string, Trouble]>([
  ['Slack opens no form', { kind: 'error', error: 'fatal_error' }],
  ['the trigger is too old', { kind: 'error', error: 'expired_trigger_id' }],
  ['Slack is away', { kind: 'status', status: 503 }],
  ['Slack does not answer', { kind: 'silent' }],
])('is asked in words when %s, and then a form that came all the same runs nothing', async (_, trouble) => {
  const at = await deploying([parameter('env', 'string', { choices: ['staging', 'prod'] })]);
  at.fake.trouble('views.open', trouble);
  await at.fake.slash({ command: '/deploy' });
  const [question] = await until(() => said(at).length > 0 && said(at));
  expect(JSON.stringify(question?.blocks)).toContain('env?');
  const form = at.fake.viewOf();
  if (form !== undefined) {
    const { payload } = await at.fake.submit(form, filled(typed('prod')));
    expect(payload).toMatchObject({ response_action: 'errors' });
  }
  await at.fake.slash({ command: '/micro', text: 'prod' });
  await until(() => at.deployed.length > 0);
  expect(at.deployed).toEqual([{ env: 'prod' }]);
});

test('over HTTP it is the same', async () => {
  const signingSecret = 'abcdef0123456789'.repeat(2);
  const address = `127.0.0.1:${await freePort()}`;
  const at = await deploying([parameter('count', 'int8')], {
    input: () => ({ appTokens: [], signingSecrets: [signingSecret], address }),
  });
  at.fake.http({ url: `http://${address}/slack/events`, signingSecret });
  await at.fake.slash({ command: '/deploy' });
  const form = await formOf(at);
  const wrong = await at.fake.submit(form, filled({ type: 'number_input', value: '1000' }));
  expect(wrong.payload).toMatchObject({ response_action: 'errors' });
  await at.fake.submit(form, filled({ type: 'number_input', value: '10' }));
  await until(() => at.deployed.length > 0);
  expect(at.deployed).toEqual([{ count: 10 }]);
});

test('a form of a bot that was started anew says so', async () => {
  const at = await deploying([parameter('service', 'string')]);
  await at.fake.slash({ command: '/deploy' });
  const form = await formOf(at);
  const stale = { ...form, view: { ...form.view, private_metadata: 'of before' } };
  const { payload } = await at.fake.submit(stale, filled(typed('billing')));
  expect(payload).toMatchObject({ errors: { 'micro:field:0': expect.stringContaining('too old') } });
  expect(at.deployed).toEqual([]);
});

test('a message has no form: it is asked in words', async () => {
  const at = await deploying([parameter('service', 'string')]);
  await at.fake.mention({ typed: 'deploy' });
  const [question] = await until(() => said(at).length > 0 && said(at));
  expect(JSON.stringify(question?.blocks)).toContain('service?');
});
