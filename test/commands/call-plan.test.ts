import { describe, expect, it } from 'vitest';
import { typedLine } from '../../src/bot/line.ts';
import { planCall } from '../../src/commands/call-plan.ts';
import type { OptionValues } from '../../src/commands/command.ts';
import type { Plan } from '../../src/commands/plan.ts';
import { whereabouts } from '../../src/commands/whereabouts.ts';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import type { Endpoint, Metadata, Registry, Value } from '../../src/discovery/registry.ts';

const field = (name: string, type = 'string'): Value => ({ name, type, values: [] });
const shape: Value = {
  name: 'Request',
  type: 'Request',
  values: [field('env'), field('dryRun', 'bool'), field('key')],
};
const endpoint = (name: string, metadata: Metadata, request: Value | undefined = shape): Endpoint => ({
  name,
  metadata,
  request,
  response: undefined,
});

interface Version {
  readonly name?: string;
  readonly version?: string;
  readonly metadata?: Metadata;
  readonly endpoints?: readonly Endpoint[];
}

async function world(...versions: readonly Version[]): Promise<Registry> {
  const registry = memoryRegistry();
  for (const { name = 'deployer', version = '1', metadata = {}, endpoints = [] } of versions) {
    const node = { id: `${name}-${version}`, address: '10.0.0.1:1', metadata: {} };
    await registry.register({ name, version, metadata, endpoints, nodes: [node] });
  }
  return registry;
}

const plan = (registry: Registry, words: string, options: OptionValues = {}): Promise<Plan> =>
  planCall({ where: whereabouts(registry, undefined) })({
    args: typedLine(words),
    options,
    caller: { input: 'chat', room: 'ops', user: 'ann' },
  });

const guarded = { command: 'deploy', aliases: 'ship', slash: '/ship-it', scopes: 'release', approvals: '1' };

describe('a call of what is a command', () => {
  it('is for an administrator where a rule has a misspelt key; elsewhere such a key is anybody’s', async () => {
    const endpoints = [
      endpoint('Deployer.Deploy', { command: 'deploy', approval: '1' }),
      endpoint('Deployer.Look', { approval: '1' }),
    ];
    const registry = await world({ endpoints });
    expect(await plan(registry, 'deployer Deployer.Deploy {}')).toMatchObject({ guard: { scopes: ['admin'] } });
    expect(await plan(registry, 'deployer Deployer.Look {}')).toMatchObject({ guard: { scopes: [] } });
  });

  it('asks for what the command asks for, and counts as it by each of its names', async () => {
    const registry = await world({ endpoints: [endpoint('Deployer.Deploy', guarded)] });
    const planned = await plan(registry, 'deployer Deployer.Deploy {"env":"prod","DRY-run":true}');
    expect(planned).toMatchObject({
      effect: 'change',
      guard: { scopes: ['release'], confirm: false, approvals: 1 },
      amounts: ['deploy', 'ship', 'ship-it'],
      target: { service: 'deployer', endpoint: 'Deployer.Deploy', version: '1' },
      secrets: [],
    });
    expect([...planned.parameters]).toEqual([
      ['env', ['prod']],
      ['dryRun', ['true']],
    ]);
    expect(await planned.nodes?.()).toEqual([{ id: 'deployer-1', address: '10.0.0.1:1', version: '1' }]);
  });

  it('asks for the strictest of what its versions ask for', async () => {
    const registry = await world(
      {
        version: '1',
        endpoints: [endpoint('D.D', { command: 'deploy', effect: 'read', scopes: 'a', lock: 'env,key' })],
      },
      {
        version: '2',
        endpoints: [endpoint('D.D', { command: 'roll out', scopes: 'b', confirm: 'true', lock: 'env' })],
      },
      { version: '3', endpoints: [endpoint('D.Other', { command: 'other', scopes: 'c' })] },
    );
    const planned = await plan(registry, 'deployer D.D');
    expect(planned.guard).toEqual({ scopes: expect.arrayContaining(['a', 'b', 'c']), confirm: true, approvals: 0 });
    expect(planned).toMatchObject({ effect: 'change', lock: ['env'], target: { version: '' } });
    expect((await planned.nodes?.())?.map(({ version }) => version).sort()).toEqual(['1', '2']);
  });

  it('reads when all versions say that it does', async () => {
    const registry = await world(
      { version: '1', endpoints: [endpoint('D.D', { effect: 'read' })] },
      { version: '2', endpoints: [endpoint('D.D', { effect: 'read' })] },
    );
    expect(await plan(registry, 'deployer D.D')).toMatchObject({
      effect: 'read',
      guard: { scopes: [], confirm: false, approvals: 0 },
      amounts: [],
    });
  });

  it.each<[string, Metadata]>([
    ['conditions that make no sense', { command: 'deploy', approvals: 'two' }],
    ['an effect that is none', { effect: 'none' }],
  ])('is for administrators where it has %s', async (_, metadata) => {
    const registry = await world({ endpoints: [endpoint('D.D', metadata)] });
    expect(await plan(registry, 'deployer D.D')).toMatchObject({ effect: 'change', guard: { scopes: ['admin'] } });
  });

  it('counts as the command also where its other words make no sense', async () => {
    const registry = await world({
      endpoints: [endpoint('D.D', { command: 'Deploy', aliases: 'ship', timeout: 'soon' })],
    });
    expect(await plan(registry, 'deployer D.D')).toMatchObject({ amounts: ['deploy', 'ship'] });
  });

  it.each([
    'Deployer/Deploy',
    'deployer.deploy',
    '/deployer.Deployer/Deploy',
  ])('does so by a name that the service does not list: %s', async (name) => {
    const registry = await world({ endpoints: [endpoint('Deployer.Deploy', guarded), endpoint('Deployer.Look', {})] });
    expect(await plan(registry, `deployer ${name}`)).toMatchObject({
      guard: { scopes: ['release'], approvals: 1 },
      amounts: ['deploy', 'ship', 'ship-it'],
    });
  });

  it('is for an administrator by a name that may be one of two commands, of which one has scopes', async () => {
    const other = (metadata: Metadata): Promise<Registry> =>
      world({ endpoints: [endpoint('Deployer.Deploy', guarded), endpoint('Deployer.Other', metadata)] });
    const scopes = async (registry: Registry): Promise<unknown> =>
      (await plan(registry, 'deployer Deployer/Deploy')).guard?.scopes;
    expect(await scopes(await other({ command: 'wipe' }))).toEqual(['admin', 'release']);
    expect(await scopes(await other({ command: 'wipe', scopes: 'money' }))).toEqual(['release', 'money']);
    expect(await scopes(await other({}))).toEqual(['release']);
  });

  it('is none where every service has it', async () => {
    const registry = await world({ endpoints: [endpoint('Deployer.Deploy', guarded)] });
    expect(await plan(registry, 'deployer Debug.Health')).toMatchObject({
      effect: 'read',
      guard: { scopes: [], approvals: 0 },
      amounts: [],
    });
  });

  it('counts as the command of a service in the namespace, with the rules of its endpoint or of the service', async () => {
    const registry = await world(
      { name: 'go.micro.bot.Wipe', endpoints: [endpoint('Command.Exec', { scopes: 'a' }, undefined)] },
      { name: 'go.micro.bot.drop', metadata: { scopes: 'b' } },
    );
    const wipe = await plan(registry, 'go.micro.bot.Wipe Command.Exec {"args":["wipe","all"]}');
    expect(wipe).toMatchObject({ amounts: ['wipe'], guard: { scopes: ['a'] } });
    expect([...wipe.parameters]).toEqual([['args', ['wipe', 'all']]]);
    expect(await plan(registry, 'go.micro.bot.drop Command/Exec')).toMatchObject({
      amounts: ['drop'],
      guard: { scopes: ['b'] },
    });
  });
});

describe('a call of an address', () => {
  it('is for administrators, and asks for all that is known besides', async () => {
    const registry = await world({ endpoints: [endpoint('D.D', { ...guarded, effect: 'read' })] });
    const planned = await plan(registry, 'deployer D.D', { address: '10.0.0.9:1' });
    expect(planned).toMatchObject({ effect: 'change', guard: { approvals: 1 }, target: { version: '' } });
    expect(planned.guard?.scopes).toEqual(['admin', 'release']);
    expect(await planned.nodes?.()).toEqual([{ id: '', address: '10.0.0.9:1', version: '' }]);
  });

  it('is so while the registry is out of reach, which a call of a name does not survive', async () => {
    const registry = await world();
    await registry.close();
    expect(await plan(registry, 'any D.D', { address: '10.0.0.9:1' })).toMatchObject({ guard: { scopes: ['admin'] } });
    await expect(plan(registry, 'any D.D')).rejects.toMatchObject({ name: 'CommandError' });
  });
});

describe('what is in a request', () => {
  it('is named as the service names it, dotted where it lies deeper, numbers also as they are usually written', async () => {
    const registry = await world({ endpoints: [endpoint('D.D', {})] });
    const json = '{"ENV":"p\\u0072od","n":1e3,"deep":{"a":[1,"x",null],"b":false},"none":null}';
    expect([...(await plan(registry, `deployer D.D ${json}`)).parameters]).toEqual([
      ['env', ['prod']],
      ['n', ['1e3', '1000']],
      ['deep.a', ['1', 'x']],
      ['deep.b', ['false']],
    ]);
  });

  it.each([
    '{"env":"dev","env":"prod"}',
    '{"env":"dev","ENV":"prod"}',
    '{"dry_run":1,"dryRun":2}',
    '{"a":{"ſ":1,"S":2}}',
  ])('is not named twice: %s', async (json) => {
    const registry = await world();
    await expect(plan(registry, `deployer D.D ${json}`)).rejects.toThrow(/is given twice in the request/);
  });

  it('is secret where any version says so, as it is written, too', async () => {
    const registry = await world(
      { version: '1', endpoints: [endpoint('D.D', { parameters: '{"key":{"secret":true}}', secret: 'token' })] },
      { version: '2', endpoints: [endpoint('D.D', {})] },
    );
    const planned = await plan(registry, 'deployer D.D {"env":"dev","KEY":["p\\u0061ss",42]}');
    expect(planned.secrets).toEqual(['pass', 'p\\u0061ss', '42']);
    expect(planned.secretFields).toEqual(['token']);
  });

  it('is secret as a whole where nobody can read what is', async () => {
    const registry = await world({ endpoints: [endpoint('D.D', { parameters: '{"key":{"secert":true}}' })] });
    expect((await plan(registry, 'deployer D.D {"env":"dev","n":1}')).secrets).toEqual(['dev']);
  });

  it('has a name with a dot of its own in quotes: it is none that lies deeper', async () => {
    const registry = await world({ endpoints: [endpoint('D.D', {})] });
    const json = '{"a.b":1,"a":{"B":2,"c.d":3,"\\"x":{"y\\"":4}},"\\"x.y\\"":5}';
    expect([...(await plan(registry, `deployer D.D ${json}`)).parameters.keys()]).toEqual([
      '"a.b"',
      'a.B',
      'a."c.d"',
      'a."\\"x"."y\\""',
      '"\\"x.y\\""',
    ]);
  });

  it('has the values of all names that may be one to a service', async () => {
    const registry = await world({ endpoints: [endpoint('D.D', {})] });
    const json = '{"to":[{"env":"dev","a.b":1},{"ENV":"prod","A.b":2},{"other":3}]}';
    expect([...(await plan(registry, `deployer D.D ${json}`)).parameters]).toEqual([
      ['to.env', ['dev', 'prod']],
      ['to."a.b"', ['1', '2']],
      ['to.ENV', ['dev', 'prod']],
      ['to."A.b"', ['1', '2']],
      ['to.other', ['3']],
    ]);
  });

  it('is known to rules for the command in its spelling, too, and may be anything where it cannot be', async () => {
    const parameters = JSON.stringify({ wait: { type: 'duration' }, env: { enum: ['dev', 'prod'] } });
    const request: Value = { ...shape, values: [field('wait', 'int64'), field('env', 'Env'), field('on', 'bool')] };
    const registry = await world({ endpoints: [endpoint('D.D', { command: 'deploy', parameters }, request)] });
    const given = async (json: string): Promise<unknown> => [
      ...(await plan(registry, `deployer D.D ${json}`)).parameters,
    ];
    expect(await given('{"WAIT":5000000000,"env":"prod","on":true}')).toEqual([
      ['wait', ['5000000000', '5s']],
      ['env', ['prod']],
      ['on', ['true']],
    ]);
    expect(await given('{"env":1,"wait":null,"on":"perhaps"}')).toEqual([
      ['env', ['1', '']],
      ['on', ['perhaps', '']],
    ]);
  });

  it('must be a request', async () => {
    const registry = await world();
    await expect(plan(registry, 'deployer D.D [1]')).rejects.toThrow(/must be a JSON object/);
    await expect(plan(registry, 'deployer D.D {', { output: 'xml' })).rejects.toThrow(/output is json or raw/);
    expect(await plan(registry, 'deployer')).toMatchObject({ effect: 'read' });
  });

  it('may be as deep as anybody likes', async () => {
    const registry = await world();
    const json = `{"a":`.repeat(5_000) + '1' + '}'.repeat(5_000);
    const [name] = (await plan(registry, `deployer D.D ${json}`)).parameters.keys();
    expect(name?.split('.')).toHaveLength(32);
  });
});
