import { describe, expect, it } from 'vitest';
import { withResolvers } from '../../../src/async/queue.ts';
import { createDirectory } from '../../../src/discovery/directory/follow.ts';
import { memoryRegistry } from '../../../src/discovery/memory/memory.ts';
import { node, service } from '../../contract/registry.ts';
import { until } from '../../support/until.ts';
import { faultyRegistry } from './faulty.ts';
import { contents, follow, ids, setup } from './world.ts';

describe('the directory', () => {
  it.each([true, false])('knows what runs when it is ready, and follows it (whole lists: %s)', async (listsNodes) => {
    const far = faultyRegistry({ listsNodes });
    await far.real.register(service('greeter', '1.0.0', node('a', 1), node('b', 2)));
    const { directory, changes } = follow(far);
    expect(directory.state.kind).toBe('starting');
    await directory.ready;
    expect(directory.state.kind).toBe('connected');
    expect(directory.registry).toBe('faulty');
    expect(ids(directory.services.get('greeter'))).toEqual(['a', 'b']);
    expect(changes).toEqual([['greeter']]);

    await far.real.register(service('other', '1.0.0', node('c', 3)));
    await until(() => directory.services.has('other'));
    await far.real.deregister(service('greeter', '1.0.0', node('a', 1)));
    await until(() => ids(directory.services.get('greeter')).join() === 'b');
    await far.real.deregister(service('greeter', '1.0.0', node('b', 2)));
    await until(() => !directory.services.has('greeter'));
    expect(contents(directory)).toEqual(['other 1.0.0 c 127.0.0.1:3']);
  });

  it('gives versions newest first, and replaces lists instead of changing them', async () => {
    const { far, directory } = await setup();
    for (const version of ['1.9.0', 'latest', '1.10.0', '2.0.0-rc.1']) {
      await far.real.register(service('deploy', version, node(`n-${version}`, 1)));
    }
    const versions = await until(() => {
      const known = directory.services.get('deploy');
      return known?.length === 4 && known;
    });
    expect(versions.map(({ version }) => version)).toEqual(['2.0.0-rc.1', '1.10.0', '1.9.0', 'latest']);
    await far.real.deregister(service('deploy', '1.9.0', node('n-1.9.0', 1)));
    await until(() => directory.services.get('deploy')?.length === 3);
    expect(versions).toHaveLength(4);
  });

  it('moves a node to another version, and sees a new address', async () => {
    const { far, directory } = await setup();
    await far.real.register(service('mover', '1.0.0', node('a', 1)));
    await until(() => directory.services.has('mover'));
    await far.real.register(service('mover', '2.0.0', node('a', 9)));
    await until(() => contents(directory).join() === 'mover 2.0.0 a 127.0.0.1:9');
  });

  it('tells listeners of changes alone, also when one of them fails, until they have enough', async () => {
    const { far, directory, changes, said } = await setup();
    directory.onChange(() => {
      throw new Error('a bad ear');
    });
    const late: string[] = [];
    const subscription = directory.onChange((names) => late.push(...names));
    const before = changes.length;
    await far.real.register(service('one', '1.0.0', node('a', 1)));
    await until(() => late.includes('one'));
    far.tell({ action: 'create', service: service('one', '1.0.0', node('a', 1)) });
    subscription.end();
    subscription.end();
    await far.real.register(service('two', '1.0.0', node('b', 1)));
    await until(() => directory.services.has('two'));
    expect(changes.slice(before)).toEqual([['one'], ['two']]);
    expect(late).toEqual(['one']);
    expect(said('error').length).toBeGreaterThanOrEqual(2);
  });

  it('keeps what is equal once', async () => {
    const far = faultyRegistry();
    const metadata = (): Record<string, string> => ({ protocol: 'mucp', server: 'http' });
    await far.real.register(service('twin', '1.0.0', node('a', 1, metadata()), node('b', 2, metadata())));
    await far.real.register(service('twin', '2.0.0', node('c', 3, metadata())));
    const { directory } = follow(far);
    await directory.ready;
    await far.real.register(service('twin', '2.0.0', node('d', 4, metadata())));
    const versions = await until(() => {
      const known = directory.services.get('twin') ?? [];
      return ids(known).length === 4 && known;
    });
    expect(new Set(versions.flatMap(({ nodes }) => nodes.map((each) => each.metadata))).size).toBe(1);
    expect(new Set(versions.map(({ endpoints }) => endpoints)).size).toBe(1);
  });

  it('ends with its signal, stays as it was, and answers no more questions', async () => {
    const end = new AbortController();
    const { far, directory, changes } = await setup({ signal: end.signal });
    await far.real.register(service('kept', '1.0.0', node('a', 1)));
    await until(() => directory.services.has('kept'));
    const before = changes.length;
    end.abort();
    await until(() => far.watchers === 0);
    await far.real.register(service('late', '1.0.0', node('b', 1)));
    expect(ids(await directory.lookup('kept'))).toEqual(['a']);
    await expect(directory.lookup('late')).rejects.toMatchObject({ code: 'closed' });
    expect(changes).toHaveLength(before);
    await directory.close();
    await directory.close();
  });

  it('can end before it began', async () => {
    const far = faultyRegistry();
    const { directory } = follow(far, { signal: AbortSignal.abort() });
    await directory.ready;
    expect(far.asked.watches).toBe(0);
  });

  it('does not wait for a registry that hangs', async () => {
    const far = faultyRegistry();
    far.state.hung = true;
    const { directory } = follow(far);
    const answer = directory.lookup('anything');
    const refused = expect(answer).rejects.toMatchObject({ code: 'closed' });
    await directory.close();
    await directory.ready;
    await refused;
  });

  it('does not wait for a list that never comes, nor for questions of it', async () => {
    const far = faultyRegistry({ listsNodes: false });
    await far.real.register(service('slow', '1.0.0', node('a', 1)));
    const never = withResolvers<void>();
    let questions = 0;
    far.state.answerDelay = () => {
      questions += 1;
      return questions > 2 ? never.promise : Promise.resolve();
    };
    const { directory } = follow(far);
    await until(() => questions === 3);
    await directory.close();
    expect(directory.services.size).toBe(0);
    await until(() => far.watchers === 0);
  });

  it('stops in silence when the registry is closed', async () => {
    const registry = memoryRegistry();
    const directory = createDirectory(registry);
    await directory.ready;
    await registry.close();
    await until(() => directory.state.kind === 'stale');
    await expect(directory.lookup('anything')).rejects.toMatchObject({ code: 'closed' });
    await directory.close();
  });
});
