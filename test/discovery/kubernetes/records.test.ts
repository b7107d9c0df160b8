import { describe, expect, it } from 'vitest';
import { node, service } from '../../contract/registry.ts';
import { logLines } from '../../support/lines.ts';
import { newWorld } from './world.ts';

const nodesOf = (records: readonly { version: string; nodes: readonly { id: string }[] }[]): unknown =>
  records.map(({ version, nodes }) => [version, nodes.map(({ id }) => id)]);

/** As go-micro's plugin left it on a pod. */
const goText =
  '{"name":"go.srv/x","version":"3","metadata":null,"endpoints":null,"nodes":[{"id":"g","address":"1.2.3.4:5","metadata":{"x":"y"}}]}';

describe('a service in a pod of Kubernetes', () => {
  it('is announced in the words of go-micro', async () => {
    const { cluster, registry } = await newWorld();
    const record = {
      ...service('go.srv/x', '3', { id: 'g', address: '1.2.3.4:5', metadata: { x: 'y' } }),
      endpoints: [],
    };
    await registry('a').register(record);
    expect(cluster.pods.get('a')).toMatchObject({
      labels: { 'micro.mu/type': 'service', 'micro.mu/selector-go.srv_x': 'service' },
      annotations: { 'micro.mu/service-go.srv_x': goText },
    });
    const { query, body } = cluster.asked.at(-1) ?? {};
    expect([query, JSON.parse(body ?? '')]).toMatchObject([{}, { status: null }]);
  });

  it('leaves nothing but the mark of its pod when it goes', async () => {
    const { cluster, registry } = await newWorld();
    const a = registry('a');
    await a.register(service('one', '1', node('n', 1)));
    await a.register(service('two', '1', node('n', 1)));
    await a.deregister(service('one', '1', node('n', 1)));
    const pod = cluster.pods.get('a');
    expect(Object.keys({ ...pod?.labels, ...pod?.annotations }).toSorted()).toEqual([
      'micro.mu/selector-two',
      'micro.mu/service-two',
      'micro.mu/type',
    ]);
    await a.close();
    expect(cluster.pods.get('a')).toMatchObject({ labels: { 'micro.mu/type': 'service' }, annotations: {} });
  });

  it('is found where go-micro announced it', async () => {
    const { cluster, registry } = await newWorld();
    cluster.pods.set('go', {
      labels: { 'micro.mu/type': 'service', 'micro.mu/selector-go.srv_x': 'service' },
      annotations: { 'micro.mu/service-go.srv_x': goText },
    });
    const metadata = { x: 'y' };
    const found = { name: 'go.srv/x', version: '3', metadata: {}, endpoints: [] };
    const records = [{ ...found, nodes: [{ id: 'g', address: '1.2.3.4:5', metadata }] }];
    expect(await registry('b').getService('go.srv/x')).toEqual(records);
    expect(await registry('b').listServices()).toEqual(records);
  });

  it('counts only while its pod runs and bears its label', async () => {
    const { cluster, registry } = await newWorld();
    await registry('a').register(service('greeter', '1', node('n', 1)));
    const b = registry('b');
    for (const phase of ['Pending', 'Succeeded', 'Failed', 'Unknown']) {
      cluster.pods.set('a', { phase });
      expect([await b.getService('greeter'), await b.listServices()]).toEqual([[], []]);
    }
    cluster.pods.set('a', { phase: 'Running' });
    expect(await b.getService('greeter')).toHaveLength(1);
    cluster.pods.set('a', { labels: { 'micro.mu/type': 'service' } });
    expect([await b.getService('greeter'), await b.listServices()]).toEqual([[], []]);
  });

  it('runs in several versions, in several pods and in one', async () => {
    const { registry } = await newWorld();
    await registry('b').register(service('greeter', '2', node('b2', 1)));
    await registry('a').register(service('greeter', '2', node('a2', 1)));
    await registry('a').register(service('other', '1', node('o', 1)));
    const own = registry('a');
    await own.register(service('greeter', '1', node('a1', 1)));
    await own.register(service('greeter', '2', node('a2', 1)));
    expect(nodesOf(await registry('b').getService('greeter'))).toEqual([
      ['1', ['a1']],
      ['2', ['a2', 'b2']],
    ]);
    expect((await registry('b').listServices()).map(({ name, version }) => [name, version])).toEqual([
      ['greeter', '1'],
      ['greeter', '2'],
      ['other', '1'],
    ]);
  });

  it('replaces what a process before it said in the same pod', async () => {
    const { registry } = await newWorld();
    await registry('a').register(service('greeter', '1', node('before', 1)));
    const again = registry('a');
    await again.register(service('greeter', '1', node('after', 1)));
    expect(nodesOf(await again.getService('greeter'))).toEqual([['1', ['after']]]);
  });

  it('can be taken out by another process of its pod', async () => {
    const { cluster, registry } = await newWorld();
    await registry('a').register(service('greeter', '1', node('one', 1), node('two', 2)));
    const other = registry('a');
    await other.deregister(service('greeter', '1', node('one', 1)));
    expect(nodesOf(await other.getService('greeter'))).toEqual([['1', ['two']]]);
    await other.close();
    expect(nodesOf(await registry('b').getService('greeter'))).toEqual([['1', ['two']]]);
    const patches = cluster.asked.length;
    await registry('a').deregister(service('greeter', '1', node('unknown', 1)));
    expect(cluster.asked.slice(patches).map(({ verb }) => verb)).toEqual(['list']);
  });

  it('keeps names apart that go-micro writes alike', async () => {
    const { registry } = await newWorld();
    const a = registry('a');
    const names = ['a/b', 'a b', 'a_b', 'a\u20acb'];
    for (const name of names) await a.register(service(name, '1', node(name, 1)));
    await registry('b').register(service('a/b', '1', node('b', 1)));
    const b = registry('b');
    for (const name of names) expect((await b.getService(name)).map((record) => record.name)).toEqual([name]);
    expect(nodesOf(await b.getService('a/b'))).toEqual([['1', ['a/b', 'b']]]);
    expect((await b.listServices()).map(({ name }) => name)).toEqual(names.toSorted());
    await a.deregister(service('a b', '1', node('a b', 1)));
    expect(await b.getService('a b')).toEqual([]);
  });

  it('can have no name that is no label', async () => {
    const { cluster, registry } = await newWorld();
    const a = registry('a');
    await a.register(service('x'.repeat(54), '1', node('n', 1)));
    const asked = cluster.asked.length;
    for (const name of ['', 'x'.repeat(55), '\u00e9'.repeat(28), 'greeter-', 'caf\u00e9', '_']) {
      const refused = expect.objectContaining({ code: 'invalid', message: expect.stringMatching(/label|name/) });
      await expect(a.register(service(name, '1', node('n', 1)))).rejects.toEqual(refused);
      expect(await a.getService(name)).toEqual([]);
      await a.deregister(service(name, '1', node('n', 1)));
    }
    expect(cluster.asked).toHaveLength(asked);
  });

  it('has many nodes at once, which reach the pod in few patches', async () => {
    const { cluster, registry } = await newWorld();
    const a = registry('a');
    const ids = Array.from({ length: 200 }, (_, index) => `n${String(index).padStart(3, '0')}`);
    await Promise.all(ids.map((id, index) => a.register(service('greeter', '1', node(id, index + 1)))));
    expect(nodesOf(await registry('b').getService('greeter'))).toEqual([['1', ids]]);
    expect(cluster.asked.filter(({ verb }) => verb === 'patch').length).toBeLessThan(10);
  });

  it('that is too much for its pod does not keep others out', async () => {
    const { registry } = await newWorld();
    const a = registry('a');
    const big = service('big', '1', node('n', 1, { big: 'x'.repeat(262_144) }));
    const first = a.register(service('first', '1', node('n', 1)));
    const results = await Promise.allSettled([first, a.register(big), a.register(service('last', '1', node('n', 1)))]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: 'invalid', message: expect.stringContaining('262144') } });
    expect((await registry('b').listServices()).map(({ name }) => name)).toEqual(['first', 'last']);
  });

  it('is read in pages, from the beginning when the rest is forgotten', async () => {
    const { cluster, registry } = await newWorld();
    const labels = { 'micro.mu/type': 'service', 'micro.mu/selector-many': 'service' };
    for (let id = 0; id < 1200; id += 1) {
      const text = JSON.stringify({ name: 'many', version: '1', nodes: [{ id: `n${id}`, address: '10.0.0.1:1' }] });
      cluster.pods.set(`many-${id}`, { labels, annotations: { 'micro.mu/service-many': text } });
    }
    const b = registry('b');
    const count = async (): Promise<unknown> => (await b.getService('many'))[0]?.nodes.length;
    expect(await count()).toBe(1200);
    expect(cluster.asked).toHaveLength(3);
    cluster.onPage = (page) => {
      if (page === 2) cluster.pods.compact();
    };
    expect(await count()).toBe(1200);
    expect(cluster.asked.slice(3).map(({ query }) => query['limit'])).toEqual(['500', '500', undefined]);
  });

  it('is left out when it is unreadable, with one word in the log', async () => {
    const { cluster, registry } = await newWorld();
    const { log, lines } = logLines();
    const good = '{"name":"good","version":"1","nodes":[{"id":"g","address":"a:1"}],"others":[7,{"name":"good"}]}';
    const texts = { good, broken: '{"name":', nameless: '{"nodes":[]}', strange: good, number: '7', list: '[]' };
    const keys = (prefix: string, value?: string): object =>
      Object.fromEntries(Object.entries(texts).map(([slug, text]) => [`micro.mu/${prefix}-${slug}`, value ?? text]));
    cluster.pods.set('bad', {
      labels: { 'micro.mu/type': 'service', ...keys('selector', 'service') },
      annotations: { ...keys('service'), 'micro.mu/service-': 'nothing', unrelated: '{' },
    });
    const b = registry('b', { log });
    expect(nodesOf(await b.listServices())).toEqual([['1', ['g']]]);
    expect(await b.getService('broken')).toEqual([]);
    await b.listServices();
    const told = lines.map(({ fields }) => `${String(fields['pod'])} ${String(fields['service'])}`);
    expect(told.toSorted()).toEqual([
      'bad broken',
      'bad good',
      'bad list',
      'bad nameless',
      'bad number',
      'bad strange',
      'bad strange',
    ]);
  });
});
