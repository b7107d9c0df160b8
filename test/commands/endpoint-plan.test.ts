import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { typedLine } from '../../src/bot/line.ts';
import type { Plan } from '../../src/commands/plan.ts';
import type { CommandSet } from '../../src/commands/set.ts';
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

const request = shape('DeployRequest', {
  service: 'string',
  env: 'string',
  count: 'int64',
  force: 'bool',
  tags: '[]string',
  for: 'int64',
  token: 'string',
});

const parameters = JSON.stringify({
  service: { required: true },
  env: { enum: ['staging', 'prod'], default: 'staging' },
  for: { type: 'duration', positional: false },
  token: { positional: false, secret: true },
});

const mirror = (metadata: Readonly<Record<string, string>> = {}): Handler => ({
  name: 'Deploy',
  methods: {
    Run: unary((body: unknown) => ({ body }), { request, metadata: { command: 'deploy', parameters, ...metadata } }),
  },
});

async function planned(set: CommandSet, line: string): Promise<Plan> {
  const typed = typedLine(line);
  const found = set.find(typed.head(set.longest));
  const plan = await found?.command.plan?.({
    args: typed.rest(found.words),
    options: {},
    caller: { input: 'slack', room: 'C1', user: 'U1' },
  });
  if (plan === undefined) throw new Error(`${line} has no plan`);
  return plan;
}

const values = async (set: CommandSet, line: string): Promise<object> =>
  Object.fromEntries((await planned(set, line)).parameters);

describe('the plan of a service command', () => {
  test('has one spelling for all ways to say the same', async () => {
    await world.serve('deployer', [mirror()]);
    const { current } = await world.catalogue();
    const same = { service: ['billing'], env: ['prod'], count: ['7'], force: ['true'], for: ['1h30m0s'] };
    for (const line of [
      'deploy billing prod --count 7 --force --for 1h30m',
      'deploy billing Prod count=+007 FORCE=yes for=90m',
      'deploy --env=PROD for=5400s force=1 count=7 -- billing',
      'deploy {"service": "billing", "env": "prod", "count": 7, "force": true, "for": 5400000000000}',
      'deploy {"SERVICE": "billing", "Env": "\\u0070rod", "count": 7.0, "Force": true, "FOR": 5400000000000}',
    ]) {
      expect(await values(current, line), line).toEqual(same);
    }
    expect(await values(current, 'deploy {"\u017fervice": "x", "to\u212aen": "y"}')).toMatchObject({
      service: ['x'],
      token: ['y'],
    });
    expect(await values(current, 'deploy x --tags a,b tags=c')).toEqual({
      service: ['x'],
      env: ['staging'],
      tags: ['a', 'b', 'c'],
    });
    expect(await values(current, 'deploy {"service": "x", "tags": ["a", "b"], "more": {"a": [1]}}')).toEqual({
      service: ['x'],
      tags: ['a', 'b'],
      more: ['{"a": [1]}'],
      'more.a': ['1'],
    });
    expect(Object.keys(await values(current, 'deploy {"service": "x", "more.a": 1, "more": {"A": 2}}'))).toEqual([
      'service',
      '"more.a"',
      'more',
      'more.A',
    ]);
  });

  test.each([
    ['deploy {"service": "a", "env": "staging", "ENV": "prod"}', 'ENV is given twice'],
    ['deploy {"service": "a", "env": "moon"}', 'env: "moon" is none of staging, prod'],
    ['deploy {"env": "prod"}', 'service is missing'],
    ['deploy {"service": null}', 'service is missing'],
    ['deploy {"service": "a"', 'unexpected end of JSON input'],
    ['deploy {"token": "hunter2", x}', "invalid character 'x'"],
  ])('of a whole request that cannot be sent: %s', async (line, message) => {
    await world.serve('deployer', [mirror()]);
    const { current } = await world.catalogue();
    for (const doing of [planned, say]) {
      const error: unknown = await doing(current, line).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'usage', message: expect.stringContaining(message), missing: undefined });
      expect(String(error)).not.toContain('hunter2');
    }
  });

  test('of a request with thousands of members is made by their names; no command has thousands of parameters', async () => {
    const fields = (count: number): Record<string, string> =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`field_${index}`, 'string']));
    const wide = (command: string, count: number): Handler => ({
      name: 'Wide',
      methods: { Run: unary(() => ({}), { request: shape('Wide', fields(count)), metadata: { command } }) },
    });
    await world.serve('wide', [wide('wide', 500)]);
    await world.serve('wider', [wide('wider', 501)]);
    const { current } = await world.catalogue();
    const members = Array.from({ length: 5000 }, (_, index) => `"FIELD-${index}":"${index}"`);
    const given = await values(current, `wide {${members.join(',')}}`);
    expect(Object.keys(given).slice(498, 502)).toEqual(['field_498', 'field_499', 'FIELD-500', 'FIELD-501']);
    expect(Object.keys(given)).toHaveLength(5000);
    expect(current.find(['wider'])).toBeUndefined();
    expect(current.problems).toMatchObject([{ name: 'wider', reason: 'parameters: 501 are too many: at most 500' }]);
  });

  test('names the secrets in the line, and the members of the answer that are secret', async () => {
    await world.serve('deployer', [mirror({ secret: 'password, key' })]);
    const { current } = await world.catalogue();
    const { secrets, secretFields } = await planned(current, 'deploy x --token "hunter 2"');
    expect(secrets).toContain('hunter 2');
    expect(secretFields).toEqual(['password', 'key']);
    expect((await planned(current, 'deploy x')).secrets).toEqual([]);
    const whole = await planned(current, 'deploy {"service": "x", "Token": "a\\u0062\\"c"}');
    expect(whole.secrets).toEqual(expect.arrayContaining(['ab"c', 'a\\u0062\\"c']));
  });

  test('tells where it would go, as it is when it is asked', async () => {
    await world.serve('deployer', [mirror()]);
    const catalogue = await world.catalogue();
    const before = await planned(catalogue.current, 'deploy x');
    expect(before.target).toEqual({ service: 'deployer', endpoint: 'Deploy.Run', version: '1.0.0' });
    expect(await before.nodes?.()).toEqual([
      { id: expect.stringMatching(/^deployer-/), address: expect.any(String), version: '1.0.0' },
    ]);
    await world.serve('deployer', [mirror()]);
    await until(async () => (await before.nodes?.())?.length === 2);
    await world.serve('deployer', [mirror()], { version: '2.0.0' });
    await until(() => catalogue.current.find(['deploy'])?.command.versions?.length === 2);
    const both = await planned(catalogue.current, 'deploy x');
    expect(both.target?.version).toBe('');
    expect((await both.nodes?.())?.map(({ version }) => version).sort()).toEqual(['1.0.0', '1.0.0', '2.0.0']);
    const pinned = await planned(catalogue.current, 'deploy@2.0.0 x');
    expect(pinned.target?.version).toBe('2.0.0');
    expect(await pinned.nodes?.()).toHaveLength(1);
  });

  test('is there for commands by name, too', async () => {
    await world.serve('go.micro.bot.foo', [botService().handler]);
    const { current } = await world.catalogue();
    const { parameters: given, target } = await planned(current, 'foo a "b c"');
    expect([...given]).toEqual([['args', ['a', 'b c']]]);
    expect(target).toEqual({ service: 'go.micro.bot.foo', endpoint: 'Command.Exec', version: '1.0.0' });
  });

  test('is what is sent', async () => {
    await world.serve('deployer', [mirror()]);
    const { current } = await world.catalogue();
    expect(JSON.parse(await say(current, 'deploy billing Prod --for 90m --no-force'))).toEqual({
      body: { service: 'billing', env: 'prod', force: false, for: 5_400_000_000_000 },
    });
    const fenced = 'deploy ```json\n{"service": "a | b",\n "tags": ["x"]}\n```';
    expect(JSON.parse(await say(current, fenced))).toEqual({ body: { service: 'a | b', tags: ['x'] } });
  });
});
