import { describe, expect, it } from 'vitest';
import type { Node } from '../../../src/discovery/registry.ts';
import { node, service } from '../../contract/registry.ts';
import { until } from '../../support/until.ts';
import { ids, setup } from './world.ts';

/** Nodes whose life is in the test's hands. */
function nodes() {
  const dead = new Set<string>();
  const asked: string[] = [];
  const isAlive = async ({ id }: Node): Promise<boolean> => {
    asked.push(id);
    return !dead.has(id);
  };
  return { dead, asked, isAlive };
}

async function wiped(options: Parameters<typeof setup>[0] = {}) {
  const life = nodes();
  const world = await setup({ isAlive: life.isAlive, ...options });
  const { far, directory } = world;
  await far.real.register(service('pair', '1.0.0', node('alive', 1), node('dead', 2)));
  await until(() => ids(directory.services.get('pair')).length === 2);
  life.dead.add('dead');
  const wipe = async (): Promise<void> => {
    far.cut();
    await until(() => directory.state.kind === 'stale');
    far.wipe();
    far.mend();
    await until(() => directory.state.kind === 'connected');
  };
  return { ...world, ...life, wipe };
}

describe('what vanished across an outage', () => {
  it('stays while it answers itself, and goes at once when it is dead', async () => {
    const { directory, changes, asked, wipe } = await wiped();
    await wipe();
    expect(ids(directory.services.get('pair'))).toContain('alive');
    await until(() => ids(directory.services.get('pair')).join() === 'alive', 20_000);
    const before = changes.length;
    await until(() => asked.filter((id) => id === 'alive').length > 2);
    expect(asked.filter((id) => id === 'dead')).toHaveLength(1);
    expect(changes).toHaveLength(before);
  });

  it('goes when it dies later', async () => {
    const { directory, dead, wipe } = await wiped();
    await wipe();
    dead.add('alive');
    await until(() => !directory.services.has('pair'));
    await until(async () => (await directory.lookup('pair')).length === 0);
  });

  it('is as it is registered again, and no more asked', async () => {
    const { far, directory, asked, dead, wipe } = await wiped();
    await wipe();
    await far.real.register(service('pair', '1.0.0', node('alive', 1)));
    await far.real.register(service('pair', '2.0.0', node('new', 3)));
    await until(() => ids(directory.services.get('pair')).join() === 'new,alive');
    const before = asked.length;
    await until(() => directory.lookup('pair') === directory.services.get('pair'));
    expect(asked).toHaveLength(before);
    dead.add('alive');
    await far.real.deregister(service('pair', '1.0.0', node('alive', 1)));
    await until(() => ids(directory.services.get('pair')).join() === 'new');
  });

  it('goes after its time though it answers', async () => {
    const { directory, wipe } = await wiped({ keepMs: 200 });
    await wipe();
    await until(() => !directory.services.has('pair'));
  });

  it('goes after its time though nobody knows whether it answers', async () => {
    const { directory, wipe } = await wiped({ keepMs: 200, isAlive: () => new Promise(() => {}) });
    await wipe();
    expect(ids(directory.services.get('pair'))).toEqual(['alive', 'dead']);
    await until(() => !directory.services.has('pair'));
  });

  it('goes when it cannot be asked', async () => {
    const { directory, wipe } = await wiped({
      isAlive: () => {
        throw new Error('no such transport');
      },
    });
    await wipe();
    await until(() => !directory.services.has('pair'));
  });

  it('goes at once when the registry says so', async () => {
    const { far, directory, wipe } = await wiped();
    await wipe();
    far.tell({ action: 'delete', service: service('pair', '1.0.0', node('alive', 1)) });
    await until(() => !directory.services.has('pair'), 20_000);
  });

  it('is asked, too, when it is gone from a list and nobody said so', async () => {
    const { far, directory, dead, asked } = await wiped({ relistMs: 20 });
    far.state.losesEvents = true;
    await far.real.deregister(service('pair', '1.0.0', node('alive', 1), node('dead', 2)));
    await until(() => ids(directory.services.get('pair')).join() === 'alive');
    expect(asked).toContain('dead');
    dead.add('alive');
    await until(() => !directory.services.has('pair'));
  });

  it('is asked when the registry takes it out soon after the outage, and goes as soon as it is dead', async () => {
    const { far, directory, dead } = await wiped();
    dead.clear();
    far.cut();
    await until(() => directory.state.kind === 'stale');
    far.mend();
    await until(() => directory.state.kind === 'connected');
    await far.real.register(service('marker', '1.0.0', node('m', 3)));
    await until(() => directory.services.has('marker'));
    dead.add('dead');
    await far.real.deregister(service('pair', '1.0.0', node('alive', 1), node('dead', 2)));
    await until(() => ids(directory.services.get('pair')).join() === 'alive');
    await far.real.register(service('pair', '1.0.0', node('alive', 1)));
    await far.real.register(service('marker', '1.0.0', node('later', 4)));
    await until(() => ids(directory.services.get('marker')).length === 2);
    dead.add('alive');
    await far.real.deregister(service('pair', '1.0.0', node('alive', 1)));
    await until(() => !directory.services.has('pair'));
  });

  it('is not taken for gone because of what the watch tells of the outage', async () => {
    const { far, directory } = await wiped();
    const release = far.holdEvents();
    far.outage(true);
    await far.real.deregister(service('pair', '1.0.0', node('alive', 1)));
    far.outage(false);
    await until(() => directory.state.kind === 'connected');
    release();
    await far.real.register(service('after', '1.0.0', node('z', 1)));
    await until(() => directory.services.has('after'));
    expect(ids(directory.services.get('pair'))).toContain('alive');
  });

  it('stands like everything else when the registry is lost again', async () => {
    const { far, directory, wipe } = await wiped();
    await wipe();
    await until(() => ids(directory.services.get('pair')).join() === 'alive');
    far.cut();
    await until(() => directory.state.kind === 'stale');
    expect(directory.lookup('pair')).toBe(directory.services.get('pair'));
    far.mend();
    await until(() => directory.state.kind === 'connected');
    expect(ids(directory.services.get('pair'))).toEqual(['alive']);
  });

  it('is asked by nobody once the directory is closed', async () => {
    const { directory, asked, wipe } = await wiped();
    await wipe();
    await until(() => asked.length >= 2);
    await directory.close();
    expect(ids(directory.services.get('pair'))).toContain('alive');
  });

  it('is asked in turns when it is much', async () => {
    let [now, most] = [0, 0];
    const waiting: (() => void)[] = [];
    const isAlive = async (): Promise<boolean> => {
      now += 1;
      most = Math.max(most, now);
      await new Promise<void>((resolve) => waiting.push(resolve));
      now -= 1;
      return false;
    };
    const { far, directory, wipe } = await wiped({ isAlive });
    const many = Array.from({ length: 300 }, (_, at) => node(`n${at}`, at + 1));
    await far.real.register(service('many', '1.0.0', ...many));
    await until(() => ids(directory.services.get('many')).length === 300);
    await wipe();
    await until(() => {
      for (const resolve of waiting.splice(0)) resolve();
      return directory.services.size === 0;
    });
    expect(most).toBe(128);
  });
});
