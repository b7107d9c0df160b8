import { describe, expect, it } from 'vitest';
import { node, service } from '../../contract/registry.ts';
import { logLines } from '../../support/lines.ts';
import { observe } from '../../support/observe.ts';
import { until } from '../../support/until.ts';
import { newWorld } from './world.ts';

const ids = (events: readonly { action: string; service: { nodes: readonly { id: string }[] } }[]): readonly string[] =>
  events.map(({ action, service: { nodes } }) => `${action} ${nodes.map(({ id }) => id).join()}`);

describe('a watch of pods', () => {
  it('tells when a pod stops running, runs again, loses its label and is removed', async () => {
    const { cluster, registry } = await newWorld();
    const watch = await observe(registry('b'), 'greeter');
    await registry('a').register(service('greeter', '1', node('one', 1), node('two', 2)));
    await until(() => watch.events.length === 1);
    cluster.pods.set('a', { phase: 'Failed' });
    await until(() => watch.events.length === 2);
    cluster.pods.set('a', { phase: 'Running' });
    await until(() => watch.events.length === 3);
    const labels = cluster.pods.get('a')?.labels ?? {};
    cluster.pods.set('a', { labels: {} });
    await until(() => watch.events.length === 4);
    cluster.pods.set('a', { labels });
    await until(() => watch.events.length === 5);
    cluster.pods.set('a', undefined);
    await until(() => watch.events.length === 6);
    const [come, go] = ['create one,two', 'delete one,two'];
    expect(ids(watch.events)).toEqual([come, go, come, go, come, go]);
    await watch.stop();
  });

  it('tells what a new process of a pod replaces, what comes before what goes', async () => {
    const { registry } = await newWorld();
    await registry('a').register(service('greeter', '1', node('before', 1), node('kept', 1)));
    const watch = await observe(registry('b'));
    await registry('a').register(service('greeter', '2', node('after', 1), node('kept', 1)));
    await until(() => watch.events.length === 3);
    expect(ids(watch.events)).toEqual(['create after', 'update kept', 'delete before']);
    await watch.stop();
  });

  it('tells of an update when endpoints or metadata of the service change', async () => {
    const { registry } = await newWorld();
    const a = registry('a');
    const record = service('greeter', '1', node('one', 1));
    await a.register(record);
    const watch = await observe(registry('b'));
    await a.register({ ...record, endpoints: [] });
    await a.register({ ...record, endpoints: [], metadata: { team: 'x' } });
    await until(() => watch.events.length === 2);
    expect(ids(watch.events)).toEqual(['update one', 'update one']);
    await watch.stop();
  });

  it('keeps a node as long as one of two pods tells of it', async () => {
    const { cluster, registry } = await newWorld();
    await registry('a').register(service('greeter', '1', node('same', 1)));
    const watch = await observe(registry('b'));
    await registry('b').register(service('greeter', '1', node('same', 2)));
    await until(() => watch.seen('update', 'same'));
    cluster.pods.set('a', undefined);
    cluster.pods.set('b', undefined);
    await until(() => watch.seen('delete', 'same'));
    expect(ids(watch.events)).toEqual(['update same', 'delete same']);
    await watch.stop();
  });

  it('is quiet about changes that are not of services', async () => {
    const { cluster, registry } = await newWorld();
    const a = registry('a');
    await a.register(service('greeter', '1', node('one', 1)));
    const watch = await observe(registry('b'));
    cluster.pods.set('a', { annotations: { ...cluster.pods.get('a')?.annotations, restarted: 'yes' } });
    cluster.pods.set('new', {});
    cluster.write('{"type":"NOVELTY","object":{"metadata":{"resourceVersion":"1"}}}\n\n');
    await a.register(service('greeter', '1', node('two', 2)));
    await until(() => watch.seen('create', 'two'));
    expect(watch.events).toHaveLength(1);
    await watch.stop();
  });

  it('goes on where a stream ended in order, with nothing listed anew', async () => {
    const { cluster, registry } = await newWorld();
    const a = registry('a');
    const watch = await observe(registry('b'));
    for (const id of ['one', 'two', 'three']) {
      await a.register(service('greeter', '1', node(id, 1)));
      await until(() => watch.seen('create', id));
      cluster.cutWatches('in order');
    }
    await until(() => cluster.watches === 1);
    cluster.pods.set('a', { phase: 'Failed' });
    await until(() => watch.events.length === 4);
    expect(ids(watch.events)).toEqual(['create one', 'create two', 'create three', 'delete one,two,three']);
    expect(cluster.asked.filter(({ verb }) => verb === 'list')).toHaveLength(1);
    await watch.stop();
  });

  it('is renewed by the server again and again, and misses nothing', async () => {
    const { cluster, registry } = await newWorld();
    const watch = await observe(registry('b', { renewMs: 1 }));
    const a = registry('a');
    for (let id = 0; cluster.asked.filter(({ verb }) => verb === 'watch').length < 3; id += 1) {
      await a.register(service('greeter', '1', node(`n${id}`, 1)));
      await until(() => watch.seen('create', `n${id}`));
    }
    expect(new Set(ids(watch.events)).size).toBe(watch.events.length);
    await watch.stop();
  });

  it.each(['at once', 'in an event'] as const)('misses nothing when its stream is cut off %s', async (how) => {
    const { cluster, registry } = await newWorld();
    const a = registry('a');
    await a.register(service('greeter', '1', node('one', 1)));
    const watch = await observe(registry('b'));
    cluster.cutWatches(how);
    cluster.pods.set('a', { annotations: {} });
    await a.register(service('greeter', '1', node('two', 2)));
    await until(() => watch.seen('create', 'two'));
    await a.deregister(service('greeter', '1', node('one', 1), node('two', 2)));
    await until(() => watch.seen('delete', 'one') && watch.seen('delete', 'two'));
    await watch.stop();
  });

  it.each([false, true])('compares with a new list when its place is forgotten (by status: %s)', async (byStatus) => {
    const { cluster, registry } = await newWorld();
    cluster.goneByStatus = byStatus;
    const a = registry('a');
    await a.register(service('greeter', '1', node('one', 1)));
    await registry('b').register(service('other', '1', node('o', 1)));
    const watch = await observe(registry('b'));
    cluster.freeze();
    cluster.cutWatches('in order');
    cluster.pods.set('b', undefined);
    cluster.pods.compact();
    cluster.thaw();
    await until(() => watch.seen('delete', 'o'));
    await a.register(service('greeter', '1', node('two', 2)));
    await until(() => watch.seen('create', 'two'));
    expect(ids(watch.events)).toEqual(['delete o', 'create two']);
    await watch.stop();
  });

  it('goes on from a bookmark when all else is forgotten', async () => {
    const { cluster, registry } = await newWorld();
    const a = registry('a');
    const watch = await observe(registry('b'));
    cluster.pods.compact();
    cluster.bookmark();
    await a.register(service('greeter', '1', node('one', 1)));
    await until(() => watch.seen('create', 'one'));
    cluster.cutWatches('in order');
    await a.register(service('greeter', '1', node('two', 2)));
    await until(() => watch.seen('create', 'two'));
    expect(cluster.asked.filter(({ verb }) => verb === 'list')).toHaveLength(1);
    await watch.stop();
  });

  it('finds a cluster that was set up anew as it is then', async () => {
    const { cluster, registry } = await newWorld();
    const a = registry('a');
    await a.register(service('greeter', '1', node('one', 1)));
    const watch = await observe(registry('b'));
    await cluster.kill();
    cluster.pods.wipe(['a', 'b']);
    await cluster.restart();
    await until(() => watch.seen('delete', 'one'));
    await a.register(service('greeter', '1', node('one', 1)));
    await until(() => watch.seen('create', 'one'));
    await watch.stop();
  });

  it('outlives a short outage, of which the log has two lines', async () => {
    const { cluster, registry } = await newWorld();
    const { log, lines } = logLines();
    const watch = await observe(registry('b', { log }));
    await cluster.kill();
    await until(() => lines.length > 0);
    cluster.pods.set('new', {
      labels: { 'micro.mu/type': 'service', 'micro.mu/selector-x': 'service' },
      annotations: { 'micro.mu/service-x': '{"name":"x","nodes":[{"id":"x","address":"a:1"}]}' },
    });
    await cluster.restart();
    await until(() => watch.seen('create', 'x'));
    await until(() => lines.length > 1);
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'Kubernetes does not answer'],
      ['info', 'Kubernetes answers again'],
    ]);
    await watch.stop();
  });

  it('fails when the outage lasts, and can begin anew afterwards', async () => {
    const { cluster, registry } = await newWorld();
    const b = registry('b', { timeoutMs: 200 });
    const [first, second] = [await until(() => observe(b)), await until(() => observe(b, 'greeter'))];
    await cluster.kill();
    for (const watch of [first, second]) {
      await expect(watch.ended).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining(cluster.url),
      });
    }
    await expect(b.watch({ signal: new AbortController().signal })).rejects.toMatchObject({ code: 'unavailable' });
    await cluster.restart();
    const again = await until(() => observe(b));
    await registry('a').register(service('greeter', '1', node('one', 1)));
    await until(() => again.seen('create', 'one'));
    await again.stop();
  });

  it('notices a server that says nothing any more', async () => {
    const { cluster, registry } = await newWorld();
    const b = registry('b', { timeoutMs: 100, renewMs: 100 });
    const watch = await until(() => observe(b));
    cluster.freeze();
    await expect(watch.ended).rejects.toMatchObject({ code: 'unavailable' });
  });

  it.each([
    ['no JSON', 'no json\n'],
    ['no event', '7\n'],
    ['no pod', '{"type":"ADDED","object":{}}\n'],
    ['no end', 'x'.repeat(17 * 1024 * 1024)],
  ])('begins anew when it was told nonsense: %s', async (_, text) => {
    const { cluster, registry } = await newWorld();
    const watch = await observe(registry('b'));
    cluster.write(text);
    await until(() => cluster.asked.filter(({ verb }) => verb === 'list').length === 2);
    await registry('a').register(service('greeter', '1', node('one', 1)));
    await until(() => watch.seen('create', 'one'));
    await watch.stop();
  });

  it('fails for a server that ends every stream at once', async () => {
    const { cluster, registry } = await newWorld();
    const b = registry('b', { timeoutMs: 100 });
    const watch = await until(() => observe(b));
    const cutting = setInterval(() => cluster.cutWatches('at once'), 1);
    await expect(watch.ended).rejects.toMatchObject({ message: expect.stringMatching(/keep a watch|reached/) });
    clearInterval(cutting);
  });

  it('fails when it is no longer allowed, and says what a role has to grant', async () => {
    const { cluster, registry } = await newWorld();
    cluster.grants = new Map([['secret', ['list', 'watch']]]);
    const watch = await observe(registry('b', { token: 'secret' }));
    cluster.grants = new Map([['secret', ['list']]]);
    cluster.cutWatches('in order');
    await expect(watch.ended).rejects.toThrow(/does not allow to watch pods in the namespace default.*403/);
  });

  it('can be called off while it begins', async () => {
    const { cluster, registry } = await newWorld();
    const b = registry('b');
    const stop = new AbortController();
    cluster.freeze();
    const begun = b.watch({ signal: stop.signal });
    await until(() => cluster.asked.length === 1);
    stop.abort();
    for await (const event of await begun) expect(event).toBeUndefined();
    cluster.thaw();
    await until(() => cluster.watches === 0);
  });

  it('leaves no stream behind when its reader leaves', async () => {
    const { cluster, registry } = await newWorld();
    const events = await registry('b').watch({ signal: new AbortController().signal });
    await registry('a').register(service('greeter', '1', node('one', 1)));
    for await (const event of events) {
      expect(event.action).toBe('create');
      break;
    }
    await until(() => cluster.watches === 0);
  });
});
