import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { completeLine } from '../../src/bot/complete.ts';
import type { Catalogue } from '../../src/commands/catalogue.ts';
import { shape } from '../../src/runtime/schema.ts';
import { type Handler, type Server, unary } from '../../src/runtime/server/server.ts';
import { until } from '../support/until.ts';
import { botService } from './bot-service.ts';
import { say } from './say.ts';
import { newWorld, type World } from './world.ts';

let world: World;
beforeEach(() => {
  world = newWorld();
});
afterEach(() => world.close());

interface Declared {
  readonly endpoint?: string;
  readonly command?: string;
  readonly field?: string;
  readonly more?: Readonly<Record<string, string>>;
}

/** Answers with its version and what it was asked. */
const deployer = (version: string, { endpoint = 'Run', command = 'deploy', field = 'service', more }: Declared) => ({
  name: 'Deploy',
  methods: {
    [endpoint]: unary((asked: unknown) => ({ text: `${version} ${JSON.stringify(asked)}` }), {
      request: shape('Request', { [field]: 'string' }),
      metadata: { command, ...more },
    }),
  },
});

const serve = (version: string, declared: Declared = {}): Promise<Server> => {
  const handler: Handler = deployer(version, declared);
  return world.serve('deployer', [handler], { version });
};

const failing = (catalogue: Catalogue, line: string) =>
  say(catalogue.current, line).then(
    () => 'it ran',
    (error: Error) => error.message,
  );

describe('a command that runs in several versions', () => {
  test('is the newest, and each by its version', async () => {
    for (const version of ['1.1.0', 'v2', '1.10.0']) await serve(version, { more: { aliases: 'ship, roll out' } });
    const { current } = await world.catalogue();
    expect(current.find(['deploy'])?.command.source).toMatchObject({ version: 'v2' });
    for (let time = 0; time < 5; time += 1) {
      expect(await say(current, 'deploy@v2 x')).toBe('v2 {"service":"x"}');
      expect(await say(current, 'deploy@2 x')).toBe('v2 {"service":"x"}');
      expect(await say(current, 'DEPLOY@V1.10.0 x')).toBe('1.10.0 {"service":"x"}');
      expect(await say(current, 'ship@1.1.0 x')).toBe('1.1.0 {"service":"x"}');
      expect(await say(current, 'roll out@1.1.0 x')).toBe('1.1.0 {"service":"x"}');
    }
  });

  test('is described as the version describes it', async () => {
    await serve('1.0.0', { field: 'what', more: { description: 'The old way' } });
    await serve('2.0.0', { more: { description: 'The new way' } });
    const { current } = await world.catalogue();
    expect(await say(current, 'help')).toContain('\ndeploy [service] - The new way');
    expect(await say(current, 'help deploy')).toMatch(
      /\n\nVersions: 2\.0\.0, 1\.0\.0; run one with deploy@1\.0\.0\nSource: service deployer 2\.0\.0 Deploy\.Run$/,
    );
    expect(await say(current, 'help deploy@1.0.0')).toMatch(/^deploy \[what\] - The old way\n/);
    expect(await say(current, 'deploy@1.0.0 --what x')).toBe('1.0.0 {"what":"x"}');
    await expect(say(current, 'deploy@1.0.0 --service x')).rejects.toThrow('unknown parameter service');
  });

  test('is known by its name, whatever its endpoint is called', async () => {
    await serve('1.0.0', { endpoint: 'Old' });
    await serve('2.0.0');
    const { current } = await world.catalogue();
    expect(await say(current, 'deploy x')).toBe('2.0.0 {"service":"x"}');
    expect(await say(current, 'deploy@1.0.0 x')).toBe('1.0.0 {"service":"x"}');
  });

  test('keeps its old name as long as a version has it', async () => {
    const old = await serve('1.0.0');
    await serve('2.0.0', { command: 'ship', more: { aliases: 'deploy' } });
    const catalogue = await world.catalogue();
    for (let time = 0; time < 5; time += 1) {
      expect(await say(catalogue.current, 'ship x')).toBe('2.0.0 {"service":"x"}');
    }
    await old.stop();
    await until(async () => (await say(catalogue.current, 'deploy x')) === '2.0.0 {"service":"x"}');
  });

  test('cannot be declared twice by one version', async () => {
    const twice = { ...deployer('1.0.0', {}).methods, ...deployer('1.0.0', { endpoint: 'Again' }).methods };
    await world.serve('deployer', [{ name: 'Deploy', methods: twice }]);
    const { current } = await world.catalogue();
    expect(await say(current, 'deploy x')).toBe('1.0.0 {"service":"x"}');
    expect(await say(current, 'help deploy')).toMatch(
      /\n\nBroken:\n {2}deployer 1\.0\.0 Deploy\.\w+: command: Deploy\.\w+ declares deploy already$/,
    );
  });

  test('has no version to choose when there is only one', async () => {
    await serve('1.0.0');
    const catalogue = await world.catalogue();
    expect(await say(catalogue.current, 'help deploy')).not.toContain('Versions');
    expect(await say(catalogue.current, 'deploy@1.0.0 x')).toBe('1.0.0 {"service":"x"}');
    expect(await failing(catalogue, 'deploy@3 x')).toBe('no version 3 of deploy; there is 1.0.0');
  });

  test('says which versions there are', async () => {
    await serve('1.0.0');
    await serve('2.0.0');
    const catalogue = await world.catalogue();
    await expect(say(catalogue.current, 'deploy@3 x')).rejects.toMatchObject({
      code: 'usage',
      message: 'no version 3 of deploy; there are 2.0.0, 1.0.0',
    });
    await expect(say(catalogue.current, 'help deploy@3')).rejects.toMatchObject({
      code: 'not_found',
      message: 'no version 3 of deploy; there are 2.0.0, 1.0.0',
    });
  });

  test('loses a version with its last node, and takes the name over to what is left', async () => {
    await serve('1.0.0');
    const newest = await serve('2.0.0');
    const catalogue = await world.catalogue();
    expect(await say(catalogue.current, 'deploy@2.0.0 x')).toBe('2.0.0 {"service":"x"}');
    await newest.stop();
    await until(async () => (await failing(catalogue, 'deploy@2.0.0 x')).startsWith('no version 2.0.0'));
    expect(await say(catalogue.current, 'deploy x')).toBe('1.0.0 {"service":"x"}');
  });

  test('may be one by name', async () => {
    const old = botService({ usage: 'foo [old]', exec: () => ({ result: 'old' }) });
    const fresh = botService({ usage: 'foo [new]', exec: () => ({ result: 'new' }) });
    await world.serve('go.micro.bot.foo', [old.handler], { version: '1.0.0' });
    await world.serve('go.micro.bot.foo', [fresh.handler], { version: '1.1.0' });
    const { current } = await world.catalogue();
    for (let time = 0; time < 5; time += 1) {
      expect(await say(current, 'foo@1.0.0')).toBe('old');
      expect(await say(current, 'foo@1.1.0')).toBe('new');
    }
    expect(await say(current, 'help foo')).toContain('foo [new] - ');
    expect(await say(current, 'help foo@1.0.0')).toContain('foo [old] - ');
    expect(old.execs[0]).toEqual(['foo']);
  });
});

describe('completion', () => {
  test('of a version', async () => {
    for (const version of ['1.0.0', '1.1.0', '2.0.0', 'odd one']) await serve(version);
    await serve('3.0.0', { command: 'close month' });
    const { current } = await world.catalogue();
    expect(await completeLine(current, 'depl')).toEqual(['deploy']);
    expect(await completeLine(current, 'deploy@')).toEqual(['deploy@1.0.0', 'deploy@1.1.0', 'deploy@2.0.0']);
    expect(await completeLine(current, '/Deploy@1')).toEqual(['/deploy@1.0.0', '/deploy@1.1.0']);
    expect(await completeLine(current, 'deploy@1.0.0 ')).toEqual(['--service']);
    expect(await completeLine(current, 'close month@')).toEqual(['month@3.0.0']);
    expect(await completeLine(current, 'ping@')).toEqual([]);
    expect(await completeLine(current, '@')).toEqual([]);
  });
});
