import { describe, expect, it } from 'vitest';
import { node, service } from '../../contract/registry.ts';
import { until } from '../../support/until.ts';
import { faultyRegistry } from './faulty.ts';
import { follow, ids, setup } from './world.ts';

describe('a lookup', () => {
  it('is answered at once when the service is known, also while the registry is lost', async () => {
    const { far, directory } = await setup();
    await far.real.register(service('known', '1.0.0', node('a', 1)));
    await until(() => directory.services.has('known'));
    far.asked.names.length = 0;
    expect(directory.lookup('known')).toBe(directory.services.get('known'));
    far.cut();
    await until(() => directory.state.kind === 'stale');
    expect(directory.lookup('known')).toBe(directory.services.get('known'));
    expect(far.asked.names).toEqual([]);
  });

  it('asks the registry once for what is unknown, however many ask, and what is found joins', async () => {
    const { far, directory, changes } = await setup();
    far.state.losesEvents = true;
    await far.real.register(service('quiet', '1.0.0', node('a', 1)));
    const release = far.holdAnswers();
    const answers = [1, 2, 3].map(async () => directory.lookup('quiet'));
    release();
    for (const answer of await Promise.all(answers)) expect(ids(answer)).toEqual(['a']);
    expect(far.asked.names).toEqual(['quiet']);
    expect(directory.services.has('quiet')).toBe(true);
    expect(changes.at(-1)).toEqual(['quiet']);
  });

  it('remembers for a while that a service is unknown, until an event', async () => {
    const { far, directory } = await setup();
    expect(await directory.lookup('nobody')).toEqual([]);
    expect(await directory.lookup('nobody')).toEqual([]);
    expect(far.asked.names).toEqual(['nobody']);
    await until(async () => {
      await directory.lookup('nobody');
      return far.asked.names.length === 2;
    });
    await far.real.register(service('nobody', '1.0.0', node('a', 1)));
    await until(async () => ids(await directory.lookup('nobody')).join() === 'a', 900);
  });

  it('forgets what is unknown with each listing', async () => {
    const { far, directory } = await setup({ relistMs: 20 });
    await directory.lookup('nobody');
    const { lists } = far.asked;
    await until(() => far.asked.lists > lists + 2);
    far.asked.names.length = 0;
    await directory.lookup('nobody');
    expect(far.asked.names).toEqual(['nobody']);
  });

  it('forgets who was unknown first when there are too many', async () => {
    const { far, directory } = await setup();
    await directory.lookup('first');
    for (let at = 0; at < 1000; at += 1) await directory.lookup(`nobody-${at}`);
    far.asked.names.length = 0;
    await directory.lookup('nobody-999');
    await directory.lookup('first');
    expect(far.asked.names).toEqual(['first']);
  });

  it('works before everything was seen', async () => {
    const far = faultyRegistry({ listsNodes: false });
    await far.real.register(service('early', '1.0.0', node('a', 1)));
    let isFirst = true;
    let release = (): void => {};
    far.state.answerDelay = () => {
      if (!isFirst) return Promise.resolve();
      isFirst = false;
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    };
    const { directory } = follow(far);
    expect(ids(await directory.lookup('early'))).toEqual(['a']);
    expect(directory.state.kind).toBe('starting');
    release();
    await directory.ready;
    expect(ids(directory.services.get('early'))).toEqual(['a']);
  });

  it("gives the registry's error for what is unknown while it is lost, and asks once", async () => {
    const { far, directory } = await setup();
    far.cut();
    far.asked.names.length = 0;
    await expect(directory.lookup('nobody')).rejects.toMatchObject({ code: 'unavailable' });
    await expect(directory.lookup('nobody')).rejects.toMatchObject({ code: 'unavailable' });
    expect(far.asked.names).toEqual(['nobody']);
    far.mend();
    await until(async () => (await directory.lookup('nobody')).length === 0);
  });

  it('hears what happens while it asks', async () => {
    const { far, directory } = await setup({ settleMs: 0 });
    const release = far.holdAnswers();
    const answer = directory.lookup('racer');
    await until(() => far.asked.names.length === 1);
    await far.real.register(service('racer', '1.0.0', node('a', 1)));
    await until(() => directory.services.has('racer'));
    release();
    expect(ids(await answer)).toEqual(['a']);
    expect(directory.services.has('racer')).toBe(true);
  });
});
