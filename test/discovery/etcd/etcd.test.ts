import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type EtcdOptions, etcdRegistry } from '../../../src/discovery/etcd/etcd.ts';
import type { Registry } from '../../../src/discovery/registry.ts';
import { node, registryContract, service } from '../../contract/registry.ts';
import { type Etcd, missingEtcd, startEtcd } from '../../support/etcd.ts';
import { unique } from '../../support/name.ts';
import { withServer } from '../../support/needs.ts';
import { observe } from '../../support/observe.ts';
import { recordedLog } from '../../support/recorded.ts';
import { until } from '../../support/until.ts';

withServer(missingEtcd(), 'etcd', () => {
  let etcd: Etcd;
  beforeAll(async () => {
    etcd = await startEtcd();
  });
  afterAll(() => etcd.stop());

  const open = (options: Partial<EtcdOptions> = {}): Registry => {
    const registry = etcdRegistry({ addresses: etcd.addresses, timeoutMs: 20_000, ...options });
    onTestFinished(() => registry.close());
    return registry;
  };
  /** What etcd holds, as `etcdctl` prints it: keys and values, line by line. */
  const stored = async (name: string): Promise<readonly string[]> =>
    (await etcd.ctl('get', '--prefix', `/micro/registry/${name}/`)).split('\n').filter((line) => line !== '');

  registryContract(
    'etcd',
    async () => ({
      a: etcdRegistry({ addresses: etcd.addresses, timeoutMs: 20_000 }),
      b: etcdRegistry({ addresses: etcd.addresses, timeoutMs: 20_000 }),
    }),
    { expires: true, stays: true },
  );

  describe('what is stored', () => {
    it('is what a Go service stores, byte for byte', async () => {
      const name = unique('greeter');
      await open().register({
        ...service(name, '1.0.0', node(`${name}-1`, 8080, { protocol: 'mucp', broker: 'http' })),
      });
      expect(await stored(name)).toEqual([
        `/micro/registry/${name}/${name}-1`,
        `{"name":"${name}","version":"1.0.0","metadata":null,"endpoints":[{"name":"Say.Hello",` +
          '"request":{"name":"Request","type":"Request","values":[{"name":"name","type":"string","values":null}]},' +
          `"response":null,"metadata":{"stream":"true"}}],"nodes":[{"id":"${name}-1","address":"127.0.0.1:8080",` +
          '"metadata":{"broker":"http","protocol":"mucp"}}]}',
      ]);
    });

    it('has a key for each node, with dashes for slashes', async () => {
      const name = unique('a');
      const registry = open();
      const record = service(`${name}/b`, '1', node('x/1', 1), node('x/2', 2));
      await registry.register(record);
      const keys = (await stored(`${name}-b`)).filter((_, line) => line % 2 === 0);
      expect(keys).toEqual([`/micro/registry/${name}-b/x-1`, `/micro/registry/${name}-b/x-2`]);
      expect(await registry.getService(`${name}/b`)).toEqual([record]);
      expect(await registry.getService(`${name}-b`)).toEqual([]);
    });

    it('lives for whole seconds, and without a time to live for ever', async () => {
      const name = unique('greeter');
      const registry = open();
      await registry.register(service(name, '1', node('passing', 1)), { ttlMs: 59_001 });
      await registry.register(service(name, '1', node('lasting', 2)));
      const [passing, lasting] = await Promise.all(['passing', 'lasting'].map((id) => leaseOf(name, id)));
      expect(passing).toContain('granted with TTL(60s)');
      expect(lasting).toBeUndefined();
    });
  });

  /** What etcd knows of the lease of a key, if it has one. */
  const leaseOf = async (name: string, id: string): Promise<string | undefined> => {
    const fields = await etcd.ctl('get', `/micro/registry/${name}/${id}`, '-w', 'fields');
    const lease = BigInt(/"Lease" : (\d+)/.exec(fields)?.[1] ?? '0');
    return lease === 0n ? undefined : etcd.ctl('lease', 'timetolive', lease.toString(16));
  };

  describe('registering again', () => {
    const ttlMs = 60_000;
    const revisionOf = async (name: string): Promise<string> =>
      (await etcd.ctl('get', '--prefix', `/micro/registry/${name}/`, '-w', 'fields')).match(
        /"ModRevision" : \d+/,
      )?.[0] ?? '';

    it('renews the lease and writes nothing', async () => {
      const [name, registry] = [unique('greeter'), open()];
      const record = service(name, '1', node('one', 1));
      await registry.register(record, { ttlMs });
      const before = await revisionOf(name);
      await registry.register(record, { ttlMs });
      expect(await revisionOf(name)).toBe(before);
    });

    it('goes on with the lease of the process before it', async () => {
      const [name, first] = [unique('greeter'), open()];
      const record = service(name, '1', node('one', 1));
      await first.register(record, { ttlMs });
      const before = await revisionOf(name);
      await open().register(record, { ttlMs });
      expect(await revisionOf(name)).toBe(before);
    });

    it('writes what somebody has deleted', async () => {
      const [name, registry] = [unique('greeter'), open()];
      const record = service(name, '1', node('one', 1));
      for (const options of [{ ttlMs }, {}]) {
        await registry.register(record, options);
        await etcd.ctl('del', '--prefix', `/micro/registry/${name}/`);
        expect(await registry.getService(name)).toEqual([]);
        await registry.register(record, options);
        expect(await registry.getService(name)).toEqual([record]);
      }
    });

    it('writes again when its lease was revoked', async () => {
      const [name, registry] = [unique('greeter'), open()];
      const record = service(name, '1', node('one', 1));
      await registry.register(record, { ttlMs: 77_000 });
      for (const id of (await etcd.ctl('lease', 'list')).split('\n').slice(1)) {
        if (id !== '' && (await etcd.ctl('lease', 'timetolive', id)).includes('77s'))
          await etcd.ctl('lease', 'revoke', id);
      }
      expect(await registry.getService(name)).toEqual([]);
      await registry.register(record, { ttlMs: 77_000 });
      expect(await registry.getService(name)).toEqual([record]);
    });

    it('takes over another time to live, and none', async () => {
      const [name, registry] = [unique('greeter'), open()];
      const record = service(name, '1', node('one', 1));
      await registry.register(record, { ttlMs });
      await registry.register(record, { ttlMs: 120_000 });
      expect(await leaseOf(name, 'one')).toContain('granted with TTL(120s)');
      await registry.register(record);
      expect(await leaseOf(name, 'one')).toBeUndefined();
    });

    it('leaves to its successor what that has overwritten', async () => {
      const [name, first, second] = [unique('greeter'), open(), open()];
      await first.register(service(name, '1', node('one', 1)));
      const record = service(name, '2', node('one', 2));
      await second.register(record);
      await first.close();
      expect(await second.getService(name)).toEqual([record]);
    });
  });

  describe('records of others', () => {
    it('that nobody can read are left out and reported once', async () => {
      const [name, log] = [unique('greeter'), recordedLog()];
      const registry = open({ log });
      const watch = await observe(registry, name);
      const good = service(name, '1', node('good', 1));
      await registry.register(good);
      const garbage = [
        'no json',
        '{"name":1}',
        '[]',
        `{"name":"${name}","nodes":[]}`,
        `{"name":"${name}","nodes":[{"id":"x"}]}`,
      ];
      for (const [at, value] of garbage.entries()) await etcd.ctl('put', `/micro/registry/${name}/bad-${at}`, value);
      expect(await registry.getService(name)).toEqual([good]);
      expect((await registry.listServices()).filter((record) => record.name === name)).toEqual([good]);
      expect(log.lines).toEqual(garbage.map(() => 'warn: an unreadable record in etcd is left out'));
      await etcd.ctl('del', '--prefix', `/micro/registry/${name}/bad-`);
      await registry.register(service(name, '1', node('last', 2)));
      await until(() => watch.seen('create', 'last'));
      expect(watch.events.map(({ action }) => action)).toEqual(['create', 'create']);
      await watch.stop();
    });

    it('that become unreadable leave', async () => {
      const [name, registry] = [unique('greeter'), open()];
      const watch = await observe(registry, name);
      await registry.register(service(name, '1', node('one', 1)));
      await etcd.ctl('put', `/micro/registry/${name}/one`, 'garbage');
      await until(() => watch.seen('delete', 'one'));
      await watch.stop();
    });

    it('may be written as old releases and other languages do', async () => {
      const [name, registry] = [unique('greeter'), open()];
      const json = {
        Name: name,
        VERSION: '1',
        nodes: [{ id: 'old', address: '10.0.0.1', port: 80, x: 1 }],
        endpoints: null,
      };
      await etcd.ctl('put', `/micro/registry/${name}/old`, JSON.stringify(json, undefined, 2));
      const nodes = [{ id: 'old', address: '10.0.0.1:80', metadata: {} }];
      expect(await registry.getService(name)).toEqual([{ name, version: '1', metadata: {}, endpoints: [], nodes }]);
    });
  });

  describe('names', () => {
    it.each([
      ['unicode', 'grüße.😀', 'knoten-ü'],
      ['spaces and quotes', `it's "a" <b>`, 'a node & more'],
      ['ten thousand letters', 'x'.repeat(10_000), 'y'.repeat(10_000)],
      ['dots', '...', '.hidden'],
    ])('of %s are kept', async (_, text, id) => {
      const [a, b] = [open(), open()];
      const record = service(`${unique('s')}${text}`, '1', node(id, 1, { [text]: text }));
      const watch = await observe(b, record.name);
      await a.register(record, { ttlMs: 60_000 });
      expect(await b.getService(record.name)).toEqual([record]);
      await a.deregister(record);
      await until(() => watch.seen('delete', id));
      await watch.stop();
    });

    it.each(['', '.', '..'])('like %j have no key', async (name) => {
      const registry = open();
      const invalid = expect.objectContaining({ code: 'invalid' });
      await expect(registry.register(service(name, '1', node('one', 1)))).rejects.toEqual(invalid);
      await expect(registry.register(service('fine', '1', node(name, 1)))).rejects.toEqual(invalid);
      expect(await registry.getService(name)).toEqual([]);
    });

    it('do not lead to those that begin with them', async () => {
      const [name, registry] = [unique('greeter'), open()];
      await registry.register(service(`${name}-two`, '1', node('one', 1)));
      expect(await registry.getService(name)).toEqual([]);
    });
  });

  it('takes 200 nodes at once, and gives them back by id', async () => {
    const [name, a, b] = [unique('greeter'), open(), open()];
    const nodes = Array.from({ length: 200 }, (_, at) => node(`n${String(at).padStart(3, '0')}`, at + 1));
    await Promise.all(nodes.map((each) => a.register(service(name, '1', each), { ttlMs: 60_000 })));
    await a.register(service(name, '1', ...nodes), { ttlMs: 60_000 });
    expect(await b.getService(name)).toEqual([service(name, '1', ...nodes)]);
    await a.close();
    expect(await b.getService(name)).toEqual([]);
  });

  it.each([1.7, 3])('refuses a record of %d MiB, which etcd would not keep', async (megabytes) => {
    const text = 'x'.repeat(megabytes * 1024 * 1024);
    const registering = open().register(service(unique('greeter'), '1', node('one', 1, { text })));
    await expect(registering).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/too large|larger than/) as string,
    });
  });
});
