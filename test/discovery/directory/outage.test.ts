import { describe, expect, it } from 'vitest';
import { RegistryError } from '../../../src/discovery/registry.ts';
import { node, service } from '../../contract/registry.ts';
import { until } from '../../support/until.ts';
import { faultyRegistry } from './faulty.ts';
import { contents, follow, ids, setup } from './world.ts';

describe('an outage', () => {
  it('leaves what was known, and ends with all differences at once', async () => {
    const { far, directory, changes, said } = await setup();
    await far.real.register(service('stays', '1.0.0', node('a', 1)));
    await far.real.register(service('goes', '1.0.0', node('b', 2)));
    await until(() => directory.services.size === 2);
    far.cut(new RegistryError('unavailable', 'the cable is out'));
    const stale = await until(() => directory.state.kind === 'stale' && directory.state);
    expect(stale.error.message).toBe('the cable is out');
    expect(stale.since).toBeLessThanOrEqual(Date.now());
    expect(directory.services.size).toBe(2);

    await far.real.deregister(service('goes', '1.0.0', node('b', 2)));
    await far.real.register(service('came', '1.0.0', node('c', 3)));
    await far.real.register(service('stays', '1.0.0', node('d', 4)));
    const attempts = far.asked.watches;
    await until(() => far.asked.watches > attempts + 1);
    const before = changes.length;
    far.mend();
    await until(() => directory.state.kind === 'connected');
    expect(changes.slice(before)).toEqual([['came', 'goes', 'stays']]);
    expect(contents(directory)).toEqual([
      'came 1.0.0 c 127.0.0.1:3',
      'stays 1.0.0 a 127.0.0.1:1',
      'stays 1.0.0 d 127.0.0.1:4',
    ]);
    expect(said('warn')).toHaveLength(1);
    expect(said('info').map(({ fields }) => fields)).toEqual([
      { registry: 'faulty', outMs: expect.any(Number), came: 1, went: 1 },
    ]);
  });

  it('that the registry has told of is not told again, and has its reason', async () => {
    const { far, directory, said } = await setup();
    far.state.isTold = true;
    far.outage(true, new RegistryError('unavailable', 'connection refused'));
    expect(directory.state).toMatchObject({ kind: 'stale', error: { message: 'connection refused' } });
    // Who has told the beginning tells the end, whatever the driver takes for it.
    far.state.isTold = false;
    far.outage(false);
    await until(() => directory.state.kind === 'connected');
    expect([...said('warn'), ...said('info')]).toEqual([]);
  });

  it('at the start delays the start', async () => {
    const far = faultyRegistry();
    await far.real.register(service('there', '1.0.0', node('a', 1)));
    far.cut();
    const { directory, said } = follow(far);
    await until(() => directory.state.kind === 'starting' && directory.state.error !== undefined);
    await until(() => far.asked.watches > 1);
    far.mend();
    await directory.ready;
    expect(ids(directory.services.get('there'))).toEqual(['a']);
    expect([said('warn').length, said('info').length]).toEqual([1, 1]);
  });

  it('that a list finds is one, too', async () => {
    const { far, directory } = await setup({ relistMs: 20 });
    await far.real.register(service('there', '1.0.0', node('a', 1)));
    await until(() => directory.services.has('there'));
    far.state.cut = true;
    await until(() => directory.state.kind === 'stale');
    expect(directory.services.has('there')).toBe(true);
    far.mend();
    await until(() => directory.state.kind === 'connected');
  });

  it('ends a watch that just stops', async () => {
    const { far, directory } = await setup();
    const before = far.asked.watches;
    far.cut();
    far.mend();
    await until(() => far.asked.watches > before && directory.state.kind === 'connected');
    await far.real.register(service('after', '1.0.0', node('a', 1)));
    await until(() => directory.services.has('after'));
    expect(far.watchers).toBe(1);
  });

  it('through which the watch waits needs no other watch, but a list', async () => {
    const { far, directory, changes, said } = await setup();
    await far.real.register(service('stays', '1.0.0', node('a', 1)));
    await far.real.register(service('goes', '1.0.0', node('b', 1)));
    await until(() => directory.services.size === 2);
    const { watches, lists } = far.asked;
    const release = far.holdEvents();
    far.outage(true);
    expect(directory.state).toMatchObject({ kind: 'stale' });
    await far.real.deregister(service('stays', '1.0.0', node('a', 1)));
    await far.real.deregister(service('goes', '1.0.0', node('b', 1)));
    await far.real.register(service('stays', '1.0.0', node('a', 1)));
    expect(directory.services.size).toBe(2);
    const before = changes.length;
    directory.onChange(() => expect(directory.services.has('stays')).toBe(true));
    far.outage(false);
    await until(() => directory.state.kind === 'connected');
    release();
    await far.real.register(service('after', '1.0.0', node('c', 1)));
    await until(() => directory.services.has('after'));
    expect(changes.slice(before)).toEqual([['goes'], ['after']]);
    expect([far.asked.watches, far.asked.lists]).toEqual([watches, lists + 1]);
    expect([said('warn').length, said('info').length]).toEqual([1, 1]);
    expect(said('error')).toEqual([]);
  });

  it('that begins during a list makes the list worthless', async () => {
    const { far, directory } = await setup();
    far.outage(true);
    const release = far.holdAnswers();
    far.outage(false);
    const { lists } = far.asked;
    await until(() => far.asked.lists > lists);
    far.outage(true);
    release();
    expect(directory.state.kind).toBe('stale');
    await far.real.register(service('late', '1.0.0', node('a', 1)));
    far.outage(false);
    await until(() => directory.state.kind === 'connected' && directory.services.has('late'));
  });

  it('may come in the middle of a question that an event asked', async () => {
    const { far, directory } = await setup({ listsNodes: false, settleMs: 60_000 });
    const release = far.holdAnswers();
    await far.real.register(service('asked', '1.0.0', node('a', 1)));
    await until(() => far.asked.names.includes('asked'));
    far.state.cut = true;
    release();
    await until(() => directory.state.kind === 'stale');
    far.mend();
    await until(() => directory.services.has('asked'));
  });

  it('leaves nothing behind when the directory is closed in it', async () => {
    const { far, directory, lines } = await setup();
    far.cut();
    await until(() => directory.state.kind === 'stale');
    await directory.close();
    const [asked, said] = [far.asked.watches, lines.length];
    far.mend();
    await until(() => far.watchers === 0);
    expect([far.asked.watches, lines.length]).toEqual([asked, said]);
  });
});
