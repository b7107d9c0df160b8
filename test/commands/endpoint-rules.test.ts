import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Command } from '../../src/commands/command.ts';
import { shape } from '../../src/runtime/schema.ts';
import { type Handler, unary } from '../../src/runtime/server/server.ts';
import { until } from '../support/until.ts';
import { botService } from './bot-service.ts';
import { say } from './say.ts';
import { newWorld, type World } from './world.ts';

let world: World;
beforeEach(() => {
  world = newWorld();
});
afterEach(() => world.close());

const request = shape('DeployRequest', { service: 'string', env: 'string' });

/** Answers with its version. */
const deploying = (metadata: Readonly<Record<string, string>>, text = 'done'): Handler => ({
  name: 'Deploy',
  methods: { Run: unary(() => ({ text }), { request, metadata: { command: 'deploy', ...metadata } }) },
});

const rulesOf = ({ effect, guard, lock }: Command): object => ({ effect, ...guard, lock });

const deployer = async (metadata: Readonly<Record<string, string>>, version = '1.0.0'): Promise<void> => {
  await world.serve('deployer', [deploying(metadata, version)], { version });
};

describe('the rules that endpoint metadata sets', () => {
  const none = { effect: 'change', scopes: [], confirm: false, approvals: 0, lock: undefined };

  test.each<[Readonly<Record<string, string>>, object]>([
    [{}, none],
    [{ scopes: ' ', confirm: 'false', approvals: '0', lock: 'false', effect: '' }, none],
    [{ scopes: 'deploy:write, ops ,, ops' }, { ...none, scopes: ['deploy:write', 'ops'] }],
    [{ scopes: 'false' }, { ...none, scopes: ['false'] }],
    [
      { confirm: 'true', approvals: '2' },
      { ...none, confirm: true, approvals: 2 },
    ],
    [{ effect: 'read' }, { ...none, effect: 'read' }],
    [{ effect: ' change ' }, none],
    [{ lock: 'true' }, { ...none, lock: [] }],
    [{ lock: 'service, env' }, { ...none, lock: ['service', 'env'] }],
  ])('%j', async (metadata, rules) => {
    await deployer(metadata);
    const { current } = await world.catalogue();
    const command = current.find(['deploy'])?.command;
    expect(command && rulesOf(command)).toEqual(rules);
    // Whoever routes asks who may; the command itself has no part in it.
    expect(await say(current, 'deploy billing')).toBe('1.0.0');
  });

  test.each([
    ['scope', 'scopes'],
    ['Scopes', 'scopes'],
    ['approval', 'approvals'],
    ['aprovals', 'approvals'],
    ['efect', 'effect'],
    ['confrim', 'confirm'],
    ['secrets', 'secret'],
    ['locks', 'lock'],
  ])('are not passed by for a misspelt key: %s', async (key, meant) => {
    await deployer({ [key]: 'release' });
    const { current } = await world.catalogue();
    expect(current.find(['deploy'])).toBeUndefined();
    expect(await say(current, 'status')).toContain(
      `  deployer 1.0.0 Deploy.Run: ${key}: there is no such key, did you mean ${meant}?`,
    );
  });

  test('are no matter for keys of a team', async () => {
    await deployer({ config: 'x', block: '1', team: 'billing', clock: 'x', 'effect-size': '3', Owner: 'ann' });
    const { current } = await world.catalogue();
    expect(current.find(['deploy'])?.command.guard).toMatchObject({ scopes: [], approvals: 0 });
  });

  test('follow the service while it runs', async () => {
    const before = await world.serve('deployer', [deploying({ scopes: 'ops' })]);
    const catalogue = await world.catalogue();
    await world.serve('deployer', [deploying({ scopes: 'ops', approvals: '1' })]);
    await before.stop();
    await until(() => catalogue.current.find(['deploy'])?.command.guard?.approvals === 1);
  });

  test('are the strictest of all versions for whoever names none, and its own for one that is named', async () => {
    await deployer({ scopes: 'ops', lock: 'service, env', effect: 'read' });
    await deployer({ scopes: 'release', confirm: 'true', lock: 'service' }, '2.0.0');
    await deployer({ approvals: '2', effect: 'read' }, '3.0.0');
    const { current } = await world.catalogue();
    const found = ['deploy', 'deploy@1.0.0', 'deploy@3.0.0'].map((name) => current.find([name])?.command);
    expect(found.map((command) => command && rulesOf(command))).toEqual([
      { effect: 'change', scopes: ['release', 'ops'], confirm: true, approvals: 2, lock: ['service'] },
      { effect: 'read', scopes: ['ops'], confirm: false, approvals: 0, lock: ['service', 'env'] },
      { effect: 'read', scopes: [], confirm: false, approvals: 2, lock: undefined },
    ]);
  });

  test('that make no sense keep their version from being called at all', async () => {
    await deployer({ approvals: 'x' });
    await deployer({}, '2.0.0');
    const { current } = await world.catalogue();
    for (let time = 0; time < 20; time += 1) expect(await say(current, 'deploy billing')).toBe('2.0.0');
    expect(current.find(['deploy'])?.command.versions?.map(({ version }) => version)).toEqual(['2.0.0']);
    expect(current.find(['deploy@1.0.0'])?.missing).toBe('no version 1.0.0 of deploy; there is 2.0.0');
  });

  test('of a version that nobody has read yet are not passed by', async () => {
    await deployer({});
    const catalogue = await world.catalogue();
    const before = catalogue.current;
    await deployer({ approvals: '2' }, '2.0.0');
    await until(() => catalogue.current.find(['deploy'])?.command.guard?.approvals === 2);
    // Whoever still holds the set from before has agreed to its rules alone.
    for (let time = 0; time < 20; time += 1) expect(await say(before, 'deploy billing')).toBe('1.0.0');
  });
});

describe('the rules of a service in the namespace', () => {
  const foo = async (
    endpoint: Readonly<Record<string, string>>,
    service: Readonly<Record<string, string>>,
    version: string,
  ): Promise<void> => {
    await world.serve('go.micro.bot.foo', [botService().handler], { version });
    const [record] = (await world.registry.getService('go.micro.bot.foo')).filter((each) => each.version === version);
    if (record === undefined) throw new Error('nobody is registered');
    const endpoints = record.endpoints.map((each) =>
      each.name === 'Command.Exec' ? { ...each, metadata: endpoint } : each,
    );
    await world.registry.register({ ...record, metadata: service, endpoints });
  };

  test.each([
    [
      { scopes: 'ops', lock: 'true' },
      { scopes: 'other', approvals: '1' },
      { scopes: ['ops'], approvals: 0, lock: [] },
    ],
    [{ other: 'x' }, { effect: 'read', approvals: '1' }, { effect: 'read', approvals: 1 }],
  ])('stand at the endpoint that runs it, or at the service: %j %j', async (endpoint, service, rules) => {
    await foo(endpoint, service, '1.0.0');
    const { current } = await world.catalogue();
    const command = current.find(['foo'])?.command;
    expect(command && rulesOf(command)).toMatchObject(rules);
    expect(await say(current, 'foo a {"b": "c d"}')).toBe('foo a {"b": "c d"}');
  });

  test('are those of a change when nobody says anything', async () => {
    await foo({}, {}, '1.0.0');
    const { current } = await world.catalogue();
    expect(current.find(['foo'])?.command).toMatchObject({ effect: 'change', guard: { scopes: [] } });
  });

  test('follow the service, are the strictest of all versions, and break what they make no sense for', async () => {
    await foo({ confirm: 'true' }, {}, '1.0.0');
    const catalogue = await world.catalogue();
    expect(catalogue.current.find(['foo'])?.command.guard?.confirm).toBe(true);
    await foo({ scopes: 'ops' }, {}, '1.1.0');
    await until(() => catalogue.current.find(['foo'])?.command.guard?.scopes.length === 1);
    expect(catalogue.current.find(['foo'])?.command.guard).toEqual({ scopes: ['ops'], confirm: true, approvals: 0 });
    await foo({ lock: 'service' }, {}, '1.1.0');
    await until(() => catalogue.current.problems.length === 1);
    expect(await say(catalogue.current, 'status')).toContain(
      '  go.micro.bot.foo 1.1.0 Command.Exec: lock: there is no parameter service, only args',
    );
    expect(catalogue.current.find(['foo'])?.command.guard).toEqual({ scopes: [], confirm: true, approvals: 0 });
  });
});
