import { describe, expect, onTestFinished, test } from 'vitest';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { unary } from '../../src/runtime/server/server.ts';
import { until } from '../support/until.ts';
import { fragile } from './fragile.ts';
import { say, shell } from './say.ts';
import { greeter, newWorld, type World } from './world.ts';
import type { Registry } from '../../src/discovery/registry.ts';

function testWorld(registry?: Registry): World {
  const world = newWorld(registry);
  onTestFinished(() => world.close());
  return world;
}

const clock = String.raw`(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d UTC`;

describe('status of a bot', () => {
  test('counts what it knows, and tells of itself', async () => {
    const world = testWorld();
    await world.serve('greeter', [greeter]);
    await world.serve('greeter', [greeter], { version: '2.0.0' });
    await world.serve('clock', [
      { name: 'Clock', methods: { Tell: unary(() => ({}), { metadata: { command: 'tell' } }) } },
    ]);
    const about = {
      version: '1.2.3',
      startedAt: Date.now() - 3_722_500,
      inputs: () => [
        { name: 'console' },
        { name: 'slack', outage: { since: Date.UTC(2026, 0, 2, 3, 4, 5), reason: 'no socket is open' } },
      ],
    };
    const { current } = await world.catalogue({ about });
    const own = current.commands.filter(({ hidden, source }) => hidden !== true && source.kind === 'builtin').length;
    expect(await say(current, 'status')).toMatch(
      new RegExp(
        [
          '^Version: 1\\.2\\.3',
          'Uptime: 1h2m\\d+s',
          'Inputs: console, slack \\(out since 2026-01-02 03:04:05 UTC: no socket is open\\)',
          '',
          `Registry: memory, connected since ${clock}`,
          'Services: 2',
          'Nodes: 3',
          `Commands: 1 of services, ${own} of the bot$`,
        ].join('\n'),
      ),
    );
  });

  test('says which of the rooms it was told to be in it is in, those first that it is not in', async () => {
    const world = testWorld();
    const rooms = [
      ...Array.from({ length: 22 }, (_, index) => ({ room: `r${index}@c`, absence: undefined })),
      { room: 'ops@c', absence: 'we were kicked out of the room' },
    ];
    const about = { version: '1', startedAt: Date.now(), inputs: () => [{ name: 'console' }, { name: 'xmpp', rooms }] };
    const { current } = await world.catalogue({ about });
    const line = (await say(current, 'status')).split('\n').find((each) => each.startsWith('Rooms of'));
    expect(line).toMatch(/^Rooms of xmpp: not in ops@c \(we were kicked out of the room\), r0@c, .*, r19@c, 2 more$/);
  });

  test('says why the registry is lost, and since when', async () => {
    const { registry, fail, heal } = fragile();
    const world = testWorld(registry);
    await world.serve('greeter', [greeter]);
    const catalogue = await world.catalogue();
    fail();
    await until(() => catalogue.current.stale);
    expect(await say(catalogue.current, 'status')).toMatch(
      new RegExp(`^Registry: memory, stale since ${clock}: the registry is unplugged\nServices: 1\nNodes: 1\n`),
    );
    heal();
    await until(async () => (await say(catalogue.current, 'status')).includes('connected since'));
  });

  test('says that the registry was never there', async () => {
    const { registry, fail } = fragile();
    fail();
    const world = testWorld(registry);
    const catalogue = world.startCatalogue();
    await until(() => catalogue.current.stale);
    expect(await say(catalogue.current, 'status')).toMatch(
      new RegExp(`^Registry: memory, starting since ${clock}: the registry is unplugged\nServices: 0\n`),
    );
  });
});

describe('status in a terminal', () => {
  test('asks the registry once', async () => {
    const world = testWorld();
    await world.serve('greeter', [greeter]);
    await world.serve('greeter', [greeter], { version: '2.0.0' });
    expect(await shell(world.set, ['status'])).toMatch(
      /^Registry: memory, answered in \d+ms\nServices: 1(?:\nNodes: 2)?$/,
    );
  });

  test('fails with the registry', async () => {
    const registry = memoryRegistry();
    const world = testWorld(registry);
    await registry.close();
    await expect(shell(world.set, ['status'])).rejects.toMatchObject({
      code: 'failed',
      message: 'the memory registry is closed',
    });
  });

  test('takes nothing more', async () => {
    await expect(shell(testWorld().set, ['status', 'greeter'])).rejects.toMatchObject({ code: 'usage' });
  });
});
