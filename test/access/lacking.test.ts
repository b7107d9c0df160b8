import { expect, test } from 'vitest';
import type { KnownCommands } from '../../src/access/known.ts';
import type { Command } from '../../src/commands/command.ts';
import { endpointCommands } from '../../src/commands/endpoints.ts';
import { readParameters } from '../../src/commands/parameter-schema.ts';
import { noPlan, type ParameterFacts } from '../../src/commands/plan.ts';
import { commandSet } from '../../src/commands/set.ts';
import type { Endpoint, ServiceRecord, Value } from '../../src/discovery/registry.ts';
import { testBot } from '../../src/testing/bot.ts';
import { command } from '../support/bot.ts';
import { accessBy } from './ask.ts';

const people = 'people: {ann: slack:T1/U1}\n';
const free = (name: string): ParameterFacts => ({ name, choices: undefined, isDeep: false });
const taking = (name: string, ...parameters: readonly ParameterFacts[]): Command =>
  command(name, () => '', { parameters, plan: () => noPlan });
const env: ParameterFacts = { name: 'env', choices: ['prod', 'staging'], isDeep: false };
const target: ParameterFacts = { name: 'target', choices: undefined, isDeep: true };

const set = commandSet([
  taking('deploy', free('service'), env, target),
  taking('db wipe', env),
  { ...taking('db copy', free('from')), aliases: ['copy'] },
  command('call', () => '', { plan: () => noPlan }),
  command('look', () => ''),
  { ...taking('ship', free('old')), versions: [{ version: '2', command: taking('ship', free('fresh')) }] },
]);

/** What is told of one rule. */
async function toldOf(rule: string, commands: () => KnownCommands = () => set): Promise<readonly string[]> {
  await using access = await accessBy(`${people}rules: [{${rule}, people: ann}]`, { commands });
  return access.unknown.map(({ name, why }) => `${name}: ${why}`);
}

test.each([
  ['command: deploy, with: {envv: prod}', 'the parameter envv of deploy', 'service, env, target'],
  ['command: deploy, with: {Env: prod}', 'the parameter Env of deploy', 'service, env, target'],
  ['command: deploy, with: {env.name: prod}', 'the parameter env.name of deploy', 'service, env, target'],
  ['command: "db *", with: {frm: x}', 'the parameter frm of db *', 'from, env'],
  ['command: [copy, deploy], with: {wait: 1}', 'the parameter wait of copy, deploy', 'from, service, env, target'],
  ['command: ship, with: {fresch: x}', 'the parameter fresch of ship', 'old, fresh'],
])('a parameter that none of its commands has is told: %s', async (rule, name, only) => {
  expect(await toldOf(rule)).toEqual([`${name}: there is none at the moment, only ${only}`]);
});

test('one of a command that can be given nothing by name is told, too', async () => {
  expect(await toldOf('command: look, with: {env: prod}')).toEqual([
    'the parameter env of look: there is none at the moment',
  ]);
});

test.each([
  ['env: prodd', ['prodd']],
  ['env: [prod, stagging, ""]', ['stagging']],
  ['env: ["pr*", "x*", PROD]', ['x*', 'PROD']],
])('a value that it cannot have is told: %s', async (wanted, values) => {
  expect(await toldOf(`command: [deploy, "db *"], with: {${wanted}}`)).toEqual(
    values.map((value) => `env=${value} of deploy, db *: at the moment it is one of prod, staging`),
  );
});

test.each([
  'command: deploy, with: {service: billing, env: prod, target.region: eu}',
  'command: deploy, with: {env: "*"}',
  'command: [deploy, "db *"], with: {from: backup}',
  'command: ship, with: {old: x, fresh: y}',
  // What may have any parameter may have this one.
  'command: [deploy, call], with: {envv: prod}',
  'command: "*", with: {envv: prod}',
])('nothing is told of what can be: %s', async (rule) => {
  expect(await toldOf(rule)).toEqual([]);
});

test('as long as a command is not there, nobody knows what it has', async () => {
  const rule = 'command: [deploy, later], with: {envv: prod}';
  expect(await toldOf(rule)).toEqual(['later: there is no such command at the moment']);
  const all = [...set.commands, taking('later', free('envv'))];
  expect(await toldOf(rule, () => commandSet(all))).toEqual([]);
  expect(await toldOf(rule, () => commandSet([...set.commands, taking('later')]))).toHaveLength(1);
});

test('what services call their parameters is no more than text, and not too much of it', async () => {
  const many = Array.from({ length: 30 }, (_, index) => free(`p${index}\n\u202E`));
  const [told = ''] = await toldOf('command: many, with: {x: y}', () => commandSet([taking('many', ...many)]));
  expect(told).toMatch(/p0[^]*p19[^]* and 10 more$/);
  expect(told).not.toMatch(/[\n\u202E]|p20/);
  const long = free('p'.repeat(5000));
  const [short = ''] = await toldOf('command: long, with: {x: y}', () => commandSet([taking('long', long)]));
  expect(short.length).toBeLessThan(500);
});

const value = (name: string, type: string, values: readonly Value[] = []): Value => ({ name, type, values });

/** What a service's command is known to take. */
function factsOf(request: Value | undefined, parameters?: unknown): readonly ParameterFacts[] | undefined {
  const metadata = {
    command: 'deploy',
    ...(parameters === undefined ? {} : { parameters: JSON.stringify(parameters) }),
  };
  const endpoint: Endpoint = { name: 'Deploy.Run', request, response: undefined, metadata };
  const record: ServiceRecord = { name: 'deployer', version: '1', metadata: {}, endpoints: [endpoint], nodes: [] };
  const client = { call: () => Promise.reject(new Error('nobody is called')) };
  const { commands, problems } = endpointCommands([record], {
    client: client as never,
    readParameters,
    records: () => [record],
  });
  expect(problems).toEqual([]);
  return commands[0]?.parameters;
}

test('a service tells its parameters by its request and its metadata, in the spelling of its plans', () => {
  const request = value('Request', 'Request', [
    value('env', 'string'),
    value('wait', 'string'),
    value('force', 'bool'),
    value('regions', '[]string'),
    value('target', 'Target', [value('zone', 'string')]),
  ]);
  const declared = { env: { enum: ['prod', 'staging'] }, wait: { type: 'duration', enum: ['60s', '5m'] } };
  expect(factsOf(request, declared)).toEqual([
    { name: 'env', choices: ['prod', 'staging'], isDeep: false },
    { name: 'wait', choices: ['1m0s', '5m0s'], isDeep: false },
    { name: 'force', choices: ['true', 'false'], isDeep: false },
    { name: 'regions', choices: undefined, isDeep: false },
    { name: 'target', choices: undefined, isDeep: true },
  ]);
  expect(factsOf(undefined)).toBeUndefined();
  expect(factsOf(value('Request', 'Request'))).toBeUndefined();
});

test('whoever looks at the rules sees it beside them, and who asks who can hears that there is something', async () => {
  await using bot = await testBot({
    access: `people: {root: test:root}\nroles: {admin: root}
rules: [{command: deploy, with: {envv: prod}, roles: admin}, {command: look, with: {x: y}, deny: true}]\n`,
    commands: [taking('deploy', env), command('look', () => '')],
  });
  const sentence = 'rule 1 (line 3) names the parameter envv of deploy: there is none at the moment, only env';
  for (const line of ['access', 'access rules', 'access rules deploy']) {
    expect((await bot.say(line, { as: 'root' })).text).toContain(sentence);
  }
  const about = (await bot.say('access rules deploy', { as: 'root' })).text;
  expect(about).not.toContain('names the parameter x');
  expect((await bot.say('who can look', { as: 'root' })).text).toContain('access - shows them');
});
