import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { badRequest } from '../../src/runtime/errors.ts';
import { shape } from '../../src/runtime/schema.ts';
import { type Handler, streaming, unary } from '../../src/runtime/server/server.ts';
import { until } from '../support/until.ts';
import { say, sayAll } from './say.ts';
import { collectLog, newWorld, type World } from './world.ts';

let world: World;
beforeEach(() => {
  world = newWorld();
});
afterEach(() => world.close());

const request = shape('DeployRequest', { service: 'string', version: 'string', count: 'int64', force: 'bool' });

/** A handler with one command, which answers with what it was asked. */
const mirror = (metadata: Readonly<Record<string, string>>): Handler => ({
  name: 'Deploy',
  methods: { Run: unary((body: unknown) => ({ body }), { request, metadata }) },
});

describe('an endpoint that says it is a command', () => {
  test('takes typed parameters', async () => {
    await world.serve('deployer', [
      mirror({ command: 'deploy', description: 'Deploys a service', example: 'deploy billing' }),
    ]);
    const { current } = await world.catalogue();
    expect(JSON.parse(await say(current, 'deploy billing --version 1.2 count=3 --force'))).toEqual({
      body: { service: 'billing', version: '1.2', count: 3, force: true },
    });
    expect(JSON.parse(await say(current, 'deploy {"service": "{x}"}'))).toEqual({ body: { service: '{x}' } });
    await expect(say(current, 'deploy billing versoin=1.2')).rejects.toMatchObject({
      code: 'usage',
      message: [
        'unknown parameter versoin, did you mean version?',
        'usage: deploy [service] [version] [count] [--force]',
        '  deploy billing versoin=1.2',
        '                 ^',
      ].join('\n'),
    });
    await expect(say(current, 'deploy {"service": x}')).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/^invalid character 'x' looking for beginning of value at line 1 column 13\n/),
    });
  });

  test('explains itself', async () => {
    const metadata = {
      command: 'deploy',
      description: 'Deploys a service',
      example: 'deploy billing',
      aliases: 'ship, roll out',
      slash: '/rollout',
      parameters: '{"service": {"required": true}, "version": {"default": "latest"}}',
    };
    await world.serve('deployer', [mirror(metadata)]);
    const { current } = await world.catalogue();
    expect(await say(current, 'help roll out')).toBe(
      [
        'deploy [service] [version] [--count int64] [--force] - Deploys a service',
        'Parameters:\n  service (string, required)\n  version (string, default latest)\n  --count (int64)\n  --force (bool)',
        'Examples:\n  deploy billing',
        'Also: ship, roll out, rollout\nSource: service deployer 1.0.0 Deploy.Run',
      ].join('\n\n'),
    );
    expect(JSON.parse(await say(current, 'rollout x'))).toEqual({ body: { service: 'x', version: 'latest' } });
    await expect(say(current, 'deploy')).rejects.toMatchObject({
      message: expect.stringMatching(/^service is missing\nusage: /),
      missing: { name: 'service', expected: 'text', choices: undefined, isSecret: false, description: '' },
    });
    const deploy = current.find(['deploy'])?.command;
    const { signal } = new AbortController();
    expect(await deploy?.complete?.(['x', '--count'], signal)).toEqual(['--service', '--version', '--force']);
  });

  test('cannot flood or fake the help by the names of its fields', async () => {
    const fields = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`field${index}`, 'string']));
    const methods = {
      Fake: unary(() => ({}), { request: shape('R', { 'x]\nhelp - me': 'string' }), metadata: { command: 'fake' } }),
      Long: unary(() => ({}), { request: shape('R', fields), metadata: { command: 'long' } }),
    };
    await world.serve('hostile', [{ name: 'A', methods }]);
    const { current } = await world.catalogue();
    expect(await say(current, 'help fake')).toMatch(/^fake \[x\] help - me\] - \n/);
    const lines = (await say(current, 'help')).split('\n');
    expect(lines.find((line) => line.startsWith('long '))).toMatch(/^long .{294}… - $/);
  });

  test('learns who asked and under which id, and is called once', async () => {
    const seen: object[] = [];
    const handler: Handler = {
      name: 'Who',
      methods: {
        Am: unary(
          (_: unknown, { metadata }) => {
            seen.push(metadata);
            throw new Error('never again');
          },
          { metadata: { command: 'whoami' } },
        ),
      },
    };
    await world.serve('who', [handler]);
    const { current } = await world.catalogue();
    await expect(say(current, 'whoami', { id: 'i-7' })).rejects.toMatchObject({
      code: 'failed',
      message: 'never again',
    });
    expect(seen).toEqual([
      expect.objectContaining({
        'Micro-Bot-Input': 'slack',
        'Micro-Bot-Room': 'C1',
        'Micro-Bot-User': 'U1',
        'Micro-Bot-Command-Id': 'i-7',
      }),
    ]);
  });

  test('answers with text, or with JSON when there is more', async () => {
    const methods = {
      Text: unary(() => ({ text: 'done\nand dusted' }), { metadata: { command: 'say text' } }),
      More: unary(() => ({ text: 'a', more: 1 }), { metadata: { command: 'say more' } }),
      None: unary(() => ({}), { metadata: { command: 'say none' } }),
      Fail: unary(() => Promise.reject(badRequest('x', 'no such thing')), { metadata: { command: 'say fail' } }),
    };
    await world.serve('speaker', [{ name: 'Say', methods }]);
    const { current } = await world.catalogue();
    expect(await say(current, 'say text')).toBe('done\nand dusted');
    expect(await say(current, 'say more')).toBe('{\n\t"text": "a",\n\t"more": 1\n}');
    expect(await say(current, 'say none')).toBe('{}');
    await expect(say(current, 'say fail')).rejects.toMatchObject({ code: 'failed', message: 'no such thing' });
  });

  test('reports progress as it streams', async () => {
    const steps = async function* (requests: AsyncIterable<{ readonly service?: string }>): AsyncIterable<unknown> {
      for await (const { service = '' } of requests) {
        if (service === 'nothing') return;
        yield { text: `pulling ${service}` };
        if (service === 'broken') throw new Error('no such image');
        yield { text: `${service} is live` };
        return;
      }
    };
    await world.serve('deployer', [
      {
        name: 'Deploy',
        methods: { Run: streaming(steps, { request, metadata: { command: 'deploy', timeout: '5m' } }) },
      },
    ]);
    const { current } = await world.catalogue();
    expect(current.find(['deploy'])?.command.timeoutMs).toBe(300_000);
    expect(await sayAll(current, 'deploy billing')).toEqual(['pulling billing', 'billing is live']);
    expect(await sayAll(current, 'deploy nothing')).toEqual(['done']);
    await expect(sayAll(current, 'deploy broken')).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining('no such image'),
    });
    await expect(sayAll(current, 'deploy --nope')).rejects.toMatchObject({ code: 'usage' });
  });

  test('goes to the nodes that have the endpoint', async () => {
    await world.serve('deployer', [], { version: '2.0.0' });
    await world.serve('deployer', [mirror({ command: 'deploy' })]);
    const { current } = await world.catalogue();
    for (let time = 0; time < 10; time += 1) expect(await say(current, 'deploy x')).toContain('"service": "x"');
  });

  test('may be hidden', async () => {
    await world.serve('deployer', [mirror({ command: 'deploy', hidden: 'true' })]);
    const { current } = await world.catalogue();
    expect(await say(current, 'help')).not.toContain('deploy');
    expect(await say(current, 'deploy billing')).toContain('billing');
  });
});

describe('metadata that makes no sense', () => {
  test.each([
    [{ command: 'Deploy' }, 'command: "Deploy" is no name'],
    [{ command: '' }, 'command: "" is no name'],
    [{ command: 'a  b' }, 'command: "a  b" is no name'],
    [{ command: 'a'.repeat(65) }, 'is no name of a command'],
    [{ command: 'deploy', aliases: 'ok, not ok!' }, 'aliases: "not ok!" is no name'],
    [{ command: 'deploy', timeout: 'soon' }, 'timeout: "soon" is no duration up to a day, such as 30s'],
    [{ command: 'deploy', timeout: '-5s' }, 'timeout: "-5s" is no duration'],
    [{ command: 'deploy', timeout: '1000h' }, 'timeout: "1000h" is no duration'],
    [{ command: 'deploy', parameters: '{' }, 'Deploy.Run: '],
    [{ command: 'deploy', parameters: '{"service": {"requird": true}}' }, 'requird'],
    [{ command: 'deploy', parameters: '{"nope": {}}' }, 'parameters: the request has no field nope'],
    [
      { command: 'deploy', parameters: '{"count": {"default": "many"}}' },
      'the default of count: "many" is not a whole',
    ],
    [{ command: 'deploy', parameters: '{"service": {"enum": ["a"], "default": "b"}}' }, 'service: "b" is none of a'],
    [{ command: 'deploy', parameters: '{"count": {"short": "c"}, "force": {"short": "c"}}' }, 'two of them are -c'],
    [{ command: 'deploy', parameters: '{"count": {"short": "co"}}' }, 'count.short: is one letter'],
    [{ command: 'deploy', parameters: '{"service": {"type": "enum"}}' }, 'service: enum lists the values'],
    [{ command: 'deploy', scopes: ' , ,' }, 'scopes: ", ," is not a list of roles'],
    [{ command: 'deploy', approvals: 'x' }, 'approvals: "x" is not a whole number up to 100'],
    [{ command: 'deploy', approvals: '-1' }, 'approvals: "-1" is not a whole number'],
    [{ command: 'deploy', approvals: '1.5' }, 'approvals: "1.5" is not a whole number'],
    [{ command: 'deploy', approvals: '101' }, 'approvals: "101" is not a whole number'],
    [{ command: 'deploy', confirm: 'maybe' }, 'confirm: "maybe" is not true or false'],
    [{ command: 'deploy', effect: 'Read' }, 'effect: "Read" is not read or change'],
    [{ command: 'deploy', lock: 'servce' }, 'lock: there is no parameter servce'],
    [{ command: 'deploy', lock: 'Service' }, 'lock: Service is spelt service'],
    [{ command: 'deploy', lock: 'service', parameters: '{"service": {"secret": true}}' }, 'lock: service is secret'],
  ])('%j is skipped and told once', async (metadata, reason) => {
    const log = collectLog();
    await world.serve('bad', [mirror(metadata)]);
    await world.serve('good', [mirror({ command: 'good' })]);
    const catalogue = await world.catalogue({ log });
    expect(catalogue.current.find(['good'])).toBeDefined();
    expect(catalogue.current.find(['deploy'])).toBeUndefined();
    await world.serve('other', [mirror({ command: 'other' })]);
    await until(() => catalogue.current.find(['other']));
    expect(log.lines).toHaveLength(1);
    const [line = ''] = log.lines;
    const { service, reason: told } = JSON.parse(line.slice(line.indexOf('{'))) as { service: string; reason: string };
    expect([service, told]).toEqual(['bad', expect.stringContaining(reason)]);
  });
});
