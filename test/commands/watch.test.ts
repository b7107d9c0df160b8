import { describe, expect, onTestFinished, test } from 'vitest';
import { builtins } from '../../src/commands/builtins.ts';
import { type CommandSet, commandSet } from '../../src/commands/set.ts';
import type { Registry, ServiceRecord } from '../../src/discovery/registry.ts';
import { renderTerminal } from '../../src/document/terminal.ts';
import { until } from '../support/until.ts';
import { fragile } from './fragile.ts';
import { newWorld, type World } from './world.ts';

function testWorld(registry?: Registry): World {
  const world = newWorld(registry);
  onTestFinished(() => world.close());
  return world;
}

const record = (name: string, address: string, more: Partial<ServiceRecord> = {}): ServiceRecord => ({
  name,
  version: '1.0.0',
  metadata: {},
  endpoints: [],
  nodes: [{ id: `${name}-1`, address, metadata: {} }],
  ...more,
});

interface Watching {
  /** All lines so far. */
  readonly lines: readonly string[];
  readonly stop: () => void;
  readonly ended: Promise<void>;
}

/** Watches until the test ends. */
function watch(set: CommandSet, words: readonly string[], input: string): Watching {
  const controller = new AbortController();
  const lines: string[] = [];
  const args = { words, word: (index: number) => words[index], after: () => words.join(' ') };
  const caller = { input, room: '', user: 'U1' };
  const result = set
    .find(['watch', 'services'])
    ?.command.run({ id: '1', args, options: {}, caller, signal: controller.signal });
  const read = async (): Promise<void> => {
    if (result === undefined || !(Symbol.asyncIterator in result)) throw new Error('it does not stream');
    for await (const document of result) lines.push(...renderTerminal(document).split('\n'));
  };
  const ended = read();
  onTestFinished(async () => {
    controller.abort();
    await ended;
  });
  return { lines, stop: () => controller.abort(), ended };
}

describe('watch services', () => {
  test('shows each node that comes, changes and goes, and ends when it is stopped', async () => {
    const world = testWorld();
    await world.registry.register(record('old', '10.0.0.9:1'));
    const { current } = await world.catalogue();
    const { lines, stop, ended } = watch(current, [], 'slack');
    await until(() => lines[0] === 'watching all services: say "stop" to end it');
    await world.registry.register(record('greeter', '10.0.0.1:8080'));
    await world.registry.register(record('nameless', 'queue', { version: '' }));
    await until(() => lines.length === 3);
    await world.registry.register(record('greeter', '10.0.0.1:8081'));
    await until(() => lines.length === 4);
    const metadata = { team: 'ops' };
    await world.registry.register({
      ...record('greeter', ''),
      nodes: [{ id: 'greeter-1', address: '10.0.0.1:8081', metadata }],
    });
    await until(() => lines.length === 5);
    await world.registry.register({
      ...record('greeter', ''),
      metadata,
      nodes: [{ id: 'greeter-1', address: '10.0.0.1:8081', metadata }],
    });
    await until(() => lines.length === 6);
    await world.registry.deregister(record('greeter', '10.0.0.1:8081'));
    await until(() => lines.length === 7);
    expect(lines).toEqual([
      'watching all services: say "stop" to end it',
      '+ greeter 1.0.0 greeter-1 10.0.0.1:8080',
      '+ nameless nameless-1 queue',
      '~ greeter 1.0.0 greeter-1 10.0.0.1:8081',
      '~ greeter 1.0.0 greeter-1 10.0.0.1:8081',
      '~ greeter 1.0.0',
      '- greeter 1.0.0 greeter-1 10.0.0.1:8081',
    ]);
    stop();
    await ended;
  });

  test('of one service shows no other', async () => {
    const world = testWorld();
    const { current } = await world.catalogue();
    const { lines } = watch(current, ['greeter'], 'slack');
    await until(() => lines[0] === 'watching greeter: say "stop" to end it');
    await world.registry.register(record('other', '10.0.0.2:1'));
    await world.registry.register(record('greeter', '10.0.0.1:1'));
    await until(() => lines.length > 1);
    expect(lines).toEqual(['watching greeter: say "stop" to end it', '+ greeter 1.0.0 greeter-1 10.0.0.1:1']);
  });

  test('follows the registry by itself in a terminal, and says nothing of what is there already', async () => {
    const world = testWorld();
    await world.registry.register(record('old', '10.0.0.9:1'));
    const { lines } = watch(world.set, [], 'cli');
    let count = 0;
    await until(async () => {
      count += 1;
      await world.registry.register(record(`new-${count}`, '10.0.0.1:1'));
      return lines.length > 0;
    });
    expect(lines[0]).toMatch(/^\+ new-\d+ 1\.0\.0 new-\d+-1 10\.0\.0\.1:1$/);
    expect(lines.join()).not.toContain('old');
  });

  test('tells when the registry is lost, and when it is back', async () => {
    const { registry, fail, heal } = fragile();
    const world = testWorld(registry);
    await registry.register(record('gone', '10.0.0.9:1'));
    const { current } = await world.catalogue();
    const { lines } = watch(current, [], 'cli');
    fail();
    await until(() => lines.length === 1);
    expect(lines[0]).toMatch(/^! the registry is out of reach since \d\d:\d\d:\d\d UTC: the registry is unplugged$/);
    const late = watch(current, [], 'cli');
    await until(() => late.lines.length === 1);
    await registry.deregister(record('gone', '10.0.0.9:1'));
    heal();
    await until(() => lines.length === 3);
    expect(lines.slice(1)).toEqual([expect.stringMatching(/^! back after \d+s$/), '- gone 1.0.0 gone-1 10.0.0.9:1']);
    await until(() => late.lines.length === 3);
  });

  test('keeps count of what a slow reader cannot take', async () => {
    const world = testWorld();
    const { current } = await world.catalogue();
    const command = current.find(['watch', 'services'])?.command;
    const stop = new AbortController();
    const args = { words: [], word: () => undefined, after: () => '' };
    const caller = { input: 'cli', room: '', user: '' };
    const result = command?.run({ id: '1', args, options: {}, caller, signal: stop.signal });
    if (result === undefined || !(Symbol.asyncIterator in result)) throw new Error('it does not stream');
    const reader = result[Symbol.asyncIterator]();
    const first = reader.next();
    await world.registry.register(record('first', '10.0.0.1:1'));
    expect((await first).value).toMatchObject({ text: '+ first 1.0.0 first-1 10.0.0.1:1' });
    const nodes = Array.from({ length: 1234 }, (_, index) => ({ id: `n${index}`, address: 'a:1', metadata: {} }));
    await world.registry.register({ ...record('many', ''), nodes });
    await until(() => world.directory().services.get('many')?.[0]?.nodes.length === 1234);
    const { value } = await reader.next();
    const lines = value === undefined ? [] : renderTerminal(value).split('\n');
    expect([lines.length, lines.at(-1)]).toEqual([1001, '… and 234 more']);
    stop.abort();
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });

  test('is not there where nothing can be followed', async () => {
    const world = testWorld();
    const { registry, client } = world;
    const set = commandSet(builtins({ registry, client, commands: () => world.set }));
    expect([world.set, set].map((each) => each.find(['watch', 'services']) !== undefined)).toEqual([true, false]);
  });
});
