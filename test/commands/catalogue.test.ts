import { describe, expect, onTestFinished, test } from 'vitest';
import type { Catalogue } from '../../src/commands/catalogue.ts';
import type { Command } from '../../src/commands/command.ts';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import type { Registry } from '../../src/discovery/registry.ts';
import { text } from '../../src/document/document.ts';
import { type Handler, unary } from '../../src/runtime/server/server.ts';
import { until } from '../support/until.ts';
import { botService } from './bot-service.ts';
import { commandRecord } from './command-record.ts';
import { fragile } from './fragile.ts';
import { say } from './say.ts';
import { collectLog, newWorld, type World } from './world.ts';

function testWorld(registry?: Registry): World {
  const world = newWorld(registry);
  onTestFinished(() => world.close());
  return world;
}

/** A service whose endpoint answers with `answer` to a command of this name. */
const answering = (command: string, answer: string, more: Readonly<Record<string, string>> = {}): Handler => ({
  name: 'Answer',
  methods: { Give: unary(() => ({ answer }), { metadata: { command, ...more } }) },
});

const userCommand = (name: string, more: Partial<Command> = {}): Command => ({
  name,
  usage: `${name} [what]`,
  description: 'Added by hand',
  source: { kind: 'user' },
  run: async () => text(`${name} by hand`),
  ...more,
});

const has = (catalogue: Catalogue, word: string): boolean => catalogue.current.find([word]) !== undefined;

describe('who has a name', () => {
  test('built-ins win over services, and it is told once', async () => {
    const world = testWorld();
    const log = collectLog();
    await world.serve('go.micro.bot.ping', [botService().handler]);
    await world.serve('thief', [answering('query', 'mine')]);
    await world.serve('fine', [answering('list pods', 'pods', { aliases: 'pods, help' })]);
    const catalogue = await world.catalogue({ log });
    expect(await say(catalogue.current, 'ping')).toBe('pong');
    await expect(say(catalogue.current, 'query')).resolves.toBe('call what?');
    expect(await say(catalogue.current, 'list pods')).toBe('pods');
    expect(await say(catalogue.current, 'pods')).toBe('pods');
    expect(await say(catalogue.current, 'help list pods')).toContain('Also: pods\n');
    await world.serve('later', [answering('later', 'x')]);
    await until(() => has(catalogue, 'later'));
    expect([...log.lines].sort()).toEqual([
      'a command name is taken {"service":"fine","reason":"help belongs to the bot"}',
      'a command name is taken {"service":"go.micro.bot.ping","reason":"ping belongs to the bot"}',
      'a command name is taken {"service":"thief","reason":"query belongs to the bot"}',
    ]);
  });

  test('a service cannot take the words of a built-in', async () => {
    const world = testWorld();
    const log = collectLog();
    await world.serve('thief', [answering('call greeter', 'mine')]);
    await world.serve('clock', [answering('time zone', 'UTC')]);
    const { current } = await world.catalogue({ log });
    expect(current.find(['call', 'greeter'])?.command.name).toBe('call');
    expect(await say(current, 'time zone')).toBe('UTC');
    expect(log.lines).toEqual([
      'a command name is taken {"service":"thief","reason":"call greeter belongs to the bot"}',
    ]);
  });

  test('among services the one who has it keeps it, then the next gets it', async () => {
    const world = testWorld();
    const holder = await world.serve('zeta', [answering('deploy', 'zeta')]);
    const catalogue = await world.catalogue();
    await world.serve('alpha', [answering('deploy', 'alpha'), { ...answering('also', 'x'), name: 'Other' }]);
    await until(() => has(catalogue, 'also'));
    expect(await say(catalogue.current, 'deploy')).toBe('zeta');
    await holder.stop();
    await until(async () => (await say(catalogue.current, 'deploy')) === 'alpha');
  });

  test('nobody takes a name by an alias that somebody has', async () => {
    const world = testWorld();
    await world.serve('zeta', [answering('deploy', 'zeta', { aliases: 'ship' })]);
    const catalogue = await world.catalogue();
    await world.serve('alpha', [answering('also', 'alpha', { aliases: 'deploy, ship' })]);
    await until(() => has(catalogue, 'also'));
    // Now that alpha is known, too, the names are given out once more.
    await world.serve('other', [answering('other', 'x')]);
    await until(() => has(catalogue, 'other'));
    expect(await say(catalogue.current, 'deploy')).toBe('zeta');
    expect(await say(catalogue.current, 'ship')).toBe('zeta');
    expect(await say(catalogue.current, 'also')).toBe('alpha');
  });

  test('a command added by hand wins over a service, not over a built-in', async () => {
    const world = testWorld();
    await world.serve('deployer', [answering('deploy', 'service')]);
    const catalogue = await world.catalogue();
    expect(await say(catalogue.current, 'deploy')).toBe('service');
    catalogue.register(userCommand('deploy'));
    expect(await say(catalogue.current, 'deploy now')).toBe('deploy by hand');
    expect(await say(catalogue.current, 'help')).toMatch(/\ndeploy \[what\] - Added by hand\nderegister service/);
    const taken = (name: string) =>
      expect.objectContaining({ code: 'already_registered', message: `${name} already registered` });
    expect(() => catalogue.register(userCommand('ping'))).toThrow(taken('ping'));
    expect(() => catalogue.register(userCommand('deploy'))).toThrow(taken('deploy'));
    expect(() => catalogue.register(userCommand('new', { aliases: ['Three Laws'] }))).toThrow(taken('three laws'));
  });
});

describe('following the registry', () => {
  test('a set that somebody keeps does not change', async () => {
    const world = testWorld();
    const catalogue = await world.catalogue();
    const kept = catalogue.current;
    await world.serve('deployer', [answering('deploy', 'x')]);
    await until(() => has(catalogue, 'deploy'));
    expect(kept.find(['deploy'])).toBeUndefined();
  });

  test('keeps the last good set while the registry is lost, and commands that run', async () => {
    const { registry, fail, heal } = fragile();
    const world = testWorld(registry);
    const server = await world.serve('deployer', [answering('deploy', 'x')]);
    const catalogue = await world.catalogue();
    fail();
    await until(() => catalogue.current.stale);
    expect(await say(catalogue.current, 'deploy')).toBe('x');
    expect(await say(catalogue.current, 'help')).toMatch(/The registry is out of reach/);
    await server.stop();
    expect(has(catalogue, 'deploy')).toBe(true);
    heal();
    await until(() => !catalogue.current.stale);
    await until(() => !has(catalogue, 'deploy'));
  });

  test('starts without a registry, and finds it later', async () => {
    const { registry, fail, heal } = fragile();
    fail();
    const world = testWorld(registry);
    const catalogue = world.startCatalogue();
    await until(() => catalogue.current.stale);
    expect(has(catalogue, 'ping')).toBe(true);
    heal();
    await world.serve('deployer', [answering('deploy', 'x')]);
    await until(() => has(catalogue, 'deploy'));
    expect(catalogue.current.stale).toBe(false);
  });

  test('does not drop a command because an answer got lost', async () => {
    const { registry, loseNext } = fragile();
    const world = testWorld(registry);
    await world.serve('deployer', [answering('deploy', 'x')]);
    const catalogue = await world.catalogue();
    const seen: boolean[] = [];
    loseNext('deployer');
    await world.serve('other', [answering('other', 'x')]);
    await until(() => seen.push(has(catalogue, 'deploy')) > 0 && has(catalogue, 'other'));
    expect(seen).not.toContain(false);
  });

  test('ends while the registry hangs', async () => {
    const registry: Registry = { ...memoryRegistry(), watch: () => new Promise(() => {}) };
    const world = testWorld(registry);
    const catalogue = world.startCatalogue();
    await catalogue.close();
    await catalogue.close();
    await catalogue.ready;
    expect(has(catalogue, 'ping')).toBe(true);
  });

  test('follows nothing any more when it was closed, or told to end', async () => {
    const world = testWorld();
    const stop = new AbortController();
    const closed = await world.catalogue();
    const ended = await world.catalogue({ signal: stop.signal });
    const other = await world.catalogue();
    await closed.close();
    stop.abort();
    await world.serve('deployer', [answering('deploy', 'x')]);
    await until(() => has(other, 'deploy'));
    expect([has(closed, 'deploy'), has(ended, 'deploy')]).toEqual([false, false]);
  });

  test('is the same set until a command changes, whatever nodes do', async () => {
    const world = testWorld();
    await world.serve('deployer', [answering('deploy', 'x')]);
    const catalogue = await world.catalogue();
    const { current } = catalogue;
    const second = await world.serve('deployer', [answering('deploy', 'x')]);
    await world.serve('greeter', []);
    await second.stop();
    const directory = world.directory();
    await until(() => directory.services.has('greeter') && directory.services.get('deployer')?.[0]?.nodes.length === 1);
    expect(catalogue.current).toBe(current);
  });

  test('replaces its set ten times a second at most', async () => {
    const world = testWorld();
    const catalogue = await world.catalogue();
    const sets = new Set<unknown>([catalogue.current]);
    world.directory().onChange(() => setImmediate(() => sets.add(catalogue.current)));
    const started = performance.now();
    for (let index = 0; index < 200; index += 1) {
      await world.registry.register(commandRecord(`do thing-${index}`, `service-${index}`));
    }
    await until(() => catalogue.current.find(['do', 'thing-199']));
    expect(sets.size).toBeLessThanOrEqual(2 + (performance.now() - started) / 100);
  });

  test('equals the registry after a storm of changes', async () => {
    const world = testWorld();
    const catalogue = await world.catalogue();
    const records = Array.from({ length: 300 }, (_, index) => commandRecord(`do thing-${index}`, `service-${index}`));
    for (const record of records) await world.registry.register(record);
    await Promise.all(records.filter((_, index) => index % 3 === 0).map((record) => world.registry.deregister(record)));
    const services = (): readonly string[] =>
      catalogue.current.commands.flatMap(({ source }) => (source.kind === 'service' ? [source.service] : []));
    await until(() => services().length === 200);
    const listed = (await world.registry.listServices()).map(({ name }) => name);
    expect([...services()].sort()).toEqual([...listed].sort());
  });
});
