import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { node, service } from '../../contract/registry.ts';
import { missingConsul } from '../../support/consul.ts';
import { unique } from '../../support/name.ts';
import { withServer } from '../../support/needs.ts';
import { observe } from '../../support/observe.ts';
import { recordedLog } from '../../support/recorded.ts';
import { until } from '../../support/until.ts';
import { api, foreign, open, started } from './world.ts';

withServer(missingConsul(), 'what others have in Consul', () => {
  it('is shown without those that are critical, and without Consul itself', async () => {
    const consul = await started();
    const registry = open(consul);
    const name = unique('greeter');
    const check = (status: string) => ({ Check: { TTL: '60s', Status: status } });
    for (const status of ['passing', 'warning', 'critical']) {
      await api(consul, '/agent/service/register', foreign(name, status, check(status)));
    }
    const ids = async () => (await registry.getService(name)).flatMap(({ nodes }) => nodes.map(({ id }) => id));
    expect(await ids()).toEqual(['passing', 'warning']);
    const watches = [await observe(registry), await observe(registry, name)];
    await api(consul, '/agent/check/fail/service:warning', '');
    await api(consul, '/agent/check/pass/service:critical', '');
    for (const watch of watches) {
      await until(() => watch.seen('delete', 'warning') && watch.seen('create', 'critical'));
    }
    expect(await ids()).toEqual(['critical', 'passing']);
    await api(consul, '/agent/service/maintenance/passing?enable=true', '');
    for (const watch of watches) await until(() => watch.seen('delete', 'passing'));
    await api(consul, '/agent/maintenance?enable=true', '');
    for (const watch of watches) await until(() => watch.seen('delete', 'critical'));
    await api(consul, '/agent/maintenance?enable=false', '');
    for (const watch of watches) {
      await until(() => watch.events.filter(({ action }) => action === 'create').length === 2);
    }
    expect((await registry.listServices()).map((record) => record.name)).toEqual([name]);
    await Promise.all(watches.map((watch) => watch.stop()));
  });

  it('may be without checks and alike: each node is seen to come, move and go', async () => {
    const consul = await started();
    const registry = open(consul);
    const name = unique('plain');
    const watch = await observe(registry);
    await api(consul, '/agent/service/register', foreign(name, 'one'));
    await until(() => watch.seen('create', 'one'));
    await api(consul, '/agent/service/register', foreign(name, 'two'));
    await until(() => watch.seen('create', 'two'));
    await api(consul, '/agent/service/register', foreign(name, 'two', { Port: 81 }));
    await until(() => watch.seen('update', 'two'));
    await api(consul, '/agent/service/deregister/one', '');
    await until(() => watch.seen('delete', 'one'));
    expect(await registry.getService(name)).toEqual([
      {
        name,
        version: '',
        metadata: {},
        endpoints: [],
        nodes: [{ id: 'two', address: '127.0.0.1:81', metadata: {} }],
      },
    ]);
    await watch.stop();
  });

  it('is neither taken nor taken over under the name of another service', async () => {
    const consul = await started();
    const registry = open(consul);
    const [billing, mine] = [unique('billing'), unique('mine')];
    await api(consul, '/agent/service/register', foreign(billing, 'billing-1'));
    await until(async () => (await registry.getService(billing)).length === 1);
    const before = await registry.getService(billing);
    const pretended = service(mine, '1.0.0', node('billing-1', 9999));
    const refusal = { code: 'invalid', message: `the node billing-1 is of the service ${billing}, not of ${mine}` };
    await expect(registry.deregister(pretended)).rejects.toMatchObject(refusal);
    await expect(registry.register(pretended)).rejects.toMatchObject(refusal);
    expect(await registry.getService(billing)).toEqual(before);
    await registry.deregister(service(billing, '', node('billing-1', 9999)));
    await until(async () => (await registry.getService(billing)).length === 0);
  });

  it('may be garbage: it is left out, the rest is not, and it is told once', async () => {
    const consul = await started();
    const log = recordedLog();
    const registry = open(consul, { log });
    const name = unique('greeter');
    const record = service(name, '1', node('good', 1, { a: 'b' }));
    await registry.register(record);
    const bomb = deflateSync(Buffer.alloc(1 << 24)).toString('hex');
    const packed = ['e-', 't-zz', 'v-00', `e-${bomb}`, 'e-commerce', 'primary', 't', ''];
    const plain = ['t=[1]', 't={"a":1}', 'e=nonsense', 'e={"name":1}', 'e={"name":"Say.Hello"}'];
    await api(consul, '/agent/service/register', foreign(name, 'bad', { Tags: packed }));
    await api(consul, '/agent/service/register', foreign(name, 'old', { Tags: plain }));
    for (const _ of [1, 2]) {
      const [others, own] = await registry.getService(name);
      expect(own).toEqual(record);
      expect(others?.nodes).toEqual(['bad', 'old'].map((id) => ({ id, address: '127.0.0.1:80', metadata: {} })));
    }
    expect(log.lines).toEqual(
      Array.from({ length: log.lines.length }, () => 'warn: Consul: an unreadable tag is left out'),
    );
    expect(log.lines).toHaveLength(9);
  });

  describe('by name', () => {
    it.each([
      'go.micro/x',
      'grüße 世界 🎉',
      'a/b/c/',
      'x'.repeat(2000),
      '?q=1&r#f',
      'UPPER.lower',
      '<&>"\\',
    ])('is found: %j', async (name) => {
      const consul = await started();
      const [a, b] = [open(consul), open(consul)];
      const record = service(name, '1', node(`${name.slice(0, 200)}-id`, 1));
      const watches = [await observe(b), await observe(b, name)];
      await a.register(record, { ttlMs: 60_000 });
      await a.register(record, { ttlMs: 60_000 });
      expect(await b.getService(name)).toEqual([record]);
      expect(await b.getService(name.toUpperCase() + name)).toEqual([]);
      expect((await b.listServices()).map((each) => each.name)).toEqual([name]);
      for (const watch of watches) await until(() => watch.seen('create', record.nodes[0]?.id ?? ''));
      await a.deregister(record);
      for (const watch of watches) await until(() => watch.seen('delete', record.nodes[0]?.id ?? ''));
      await Promise.all(watches.map((watch) => watch.stop()));
    });

    it.each(['', '%', 'a%20b', '/a', 'a//b', '.', '../x', 'a/./b', 'half \ud800'])('cannot be: %j', async (name) => {
      const consul = await started();
      const registry = open(consul);
      const invalid = expect.objectContaining({ name: 'RegistryError', code: 'invalid' }) as Error;
      await expect(registry.register(service(name, '1', node('one', 1)))).rejects.toEqual(invalid);
      await expect(registry.register(service('x', '1', node(name, 1)))).rejects.toEqual(invalid);
      await expect(registry.getService(name)).rejects.toEqual(invalid);
      await expect(registry.watch({ service: name, signal: new AbortController().signal })).rejects.toEqual(invalid);
      expect(await registry.listServices()).toEqual([]);
    });

    it('may be one that cannot be asked for, which harms no other', async () => {
      const consul = await started();
      const log = recordedLog();
      const registry = open(consul, { log });
      const watch = await observe(registry);
      await api(consul, '/agent/service/register', foreign('100%', 'one'));
      await api(consul, '/agent/service/register', foreign('well', 'two'));
      await until(() => watch.seen('create', 'two'));
      expect((await registry.listServices()).map(({ name }) => name)).toEqual(['well']);
      expect(log.lines).toEqual(['warn: Consul: a service that cannot be asked for is left out']);
      await watch.stop();
    });
  });
});
