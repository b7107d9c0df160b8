import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import type { Registry, ServiceRecord } from '../../src/discovery/registry.ts';
import type { CommandSet } from '../../src/commands/set.ts';
import { say } from './say.ts';
import { newWorld } from './world.ts';

const record = (name: string, version: string, ...nodes: readonly string[]): ServiceRecord => ({
  name,
  version,
  metadata: {},
  endpoints: [],
  nodes: nodes.map((id) => ({ id, address: `${id}:80`, metadata: { server: 'mucp', broker: 'http' } })),
});

const records = [record('greeter', '1.0.0', 'g1', 'g2'), record('alpha', '', 'a1'), record('greeter', '1.1.0', 'g3')];

/** Knows only the names of services, and one record at a time. */
const namesOnly = (inner: Registry): Registry => ({
  ...inner,
  listsNodes: false,
  listServices: async () => (await inner.listServices()).map(({ name }) => ({ ...record(name, ''), nodes: [] })),
});

describe.each([
  ['a registry', memoryRegistry(), false],
  ['a registry that lists names', namesOnly(memoryRegistry()), false],
  ['a directory', memoryRegistry(), true],
])('of %s', (_, registry, isFollowed) => {
  const world = newWorld(registry);
  let set: CommandSet;
  beforeAll(async () => {
    for (const each of records) await registry.register(each);
    set = isFollowed ? (await world.catalogue()).current : world.set;
  });
  afterAll(() => world.close());
  const sorted = (text: string): readonly string[] => text.split('\n').toSorted();

  test('list services --versions', async () => {
    expect(sorted(await say(set, 'list services', { options: { versions: true } }))).toEqual([
      'Service\tVersion\tNodes',
      'alpha\t\t1',
      'greeter\t1.0.0\t2',
      'greeter\t1.1.0\t1',
    ]);
    expect(await say(set, 'list services')).toBe('alpha\ngreeter');
  });

  test('list nodes', async () => {
    const metadata = 'broker=http,server=mucp';
    expect(sorted(await say(set, 'list nodes'))).toEqual([
      'Service\tVersion\tID\tAddress\tMetadata',
      `alpha\t\ta1\ta1:80\t${metadata}`,
      `greeter\t1.0.0\tg1\tg1:80\t${metadata}`,
      `greeter\t1.0.0\tg2\tg2:80\t${metadata}`,
      `greeter\t1.1.0\tg3\tg3:80\t${metadata}`,
    ]);
    expect(await say(set, 'list nodes alpha')).toBe(
      `Service\tVersion\tID\tAddress\tMetadata\nalpha\t\ta1\ta1:80\t${metadata}`,
    );
    await expect(say(set, 'list nodes nope')).rejects.toMatchObject({
      code: 'not_found',
      message: 'Service not found',
    });
  });

  test('completes names', async () => {
    const { signal } = new AbortController();
    expect(await set.find(['list', 'nodes'])?.command.complete?.([], signal)).toEqual(['alpha', 'greeter']);
    expect(await set.find(['list', 'nodes'])?.command.complete?.(['alpha'], signal)).toEqual([]);
  });
});

test('long metadata is cut', async () => {
  const world = newWorld();
  onTestFinished(() => world.close());
  const node = { id: 'n', address: 'n:1', metadata: { note: 'x'.repeat(500) } };
  await world.registry.register({ ...record('noisy', '1'), nodes: [node] });
  expect(await say(world.set, 'list nodes noisy')).toMatch(/\nnoisy\t1\tn\tn:1\tnote=x{74}…$/);
});
