import { Etcd3 } from 'etcd3';
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from 'vitest';
import { etcdRegistry } from '../../../src/discovery/etcd/etcd.ts';
import { recordJson } from '../../../src/discovery/record-json.ts';
import type { Registry, ServiceRecord } from '../../../src/discovery/registry.ts';
import { node, service } from '../../contract/registry.ts';
import { type Etcd, missingEtcd, startEtcd } from '../../support/etcd.ts';
import { withServer } from '../../support/needs.ts';
import { observe } from '../../support/observe.ts';
import { recordedLog } from '../../support/recorded.ts';
import { until } from '../../support/until.ts';

withServer(missingEtcd(), 'a large registry in etcd', () => {
  let etcd: Etcd;
  let client: Etcd3;
  afterEach(() => wipe());
  beforeAll(async () => {
    etcd = await startEtcd();
    client = new Etcd3({ hosts: [...etcd.addresses] });
  });
  afterAll(async () => {
    client.close();
    await etcd.stop();
  });

  const open = (): Registry => {
    const registry = etcdRegistry({ addresses: etcd.addresses, timeoutMs: 20_000 });
    onTestFinished(() => registry.close());
    return registry;
  };
  /** Writes as another process would, a hundred keys in one transaction. */
  const write = async (records: readonly ServiceRecord[]): Promise<void> => {
    for (let at = 0; at < records.length; at += 100) {
      const puts = records.slice(at, at + 100).map((record) => ({
        request_put: {
          key: Buffer.from(`/micro/registry/${record.name}/${record.nodes[0]?.id}`),
          value: Buffer.from(recordJson(record)),
        },
      }));
      await client.kv.txn({ success: puts });
    }
  };
  const wipe = async (): Promise<string> => etcd.ctl('del', '--prefix', '/micro/registry/');
  const records = (services: number, nodes: number): readonly ServiceRecord[] =>
    Array.from({ length: services }, (_, at) => `service-${String(at).padStart(5, '0')}`).flatMap((name) =>
      Array.from({ length: nodes }, (_, at) => service(name, '1', node(`${name}-${at}`, at + 1, { zone: 'a' }))),
    );

  it('is listed whole, in order, with all nodes', async () => {
    await write(records(7000, 3));
    const listed = await open().listServices();
    expect(listed).toHaveLength(7000);
    expect(listed.map(({ name }) => name)).toEqual(listed.map(({ name }) => name).toSorted());
    expect(listed.every(({ nodes }) => nodes.length === 3)).toBe(true);
    expect(listed[4711]).toEqual(
      service('service-04711', '1', ...[0, 1, 2].map((at) => node(`service-04711-${at}`, at + 1, { zone: 'a' }))),
    );
  });

  it('is listed as it was at one moment, however often etcd forgets', async () => {
    await write(records(7000, 3));
    const registry = open();
    const over = new AbortController();
    // Both records are always there, or none of them: one begins the list and one ends it.
    const churn = async (): Promise<void> => {
      const [first, last] = [service('aaa', '1', node('first', 1)), service('zzz', '1', node('last', 1))];
      while (!over.signal.aborted) {
        await write([first, last]);
        const keys = ['aaa/first', 'zzz/last'].map((key) => ({ key: Buffer.from(`/micro/registry/${key}`) }));
        await client.kv.txn({ success: keys.map((key) => ({ request_delete_range: key })) });
        const { header } = await client.kv.range({ key: Buffer.from('nothing') });
        await client.kv.compact({ revision: header.revision });
      }
    };
    const churning = churn();
    try {
      for (let round = 0; round < 5; round += 1) {
        const names = (await registry.listServices()).map(({ name }) => name);
        expect([7000, 7002]).toContain(names.length);
        expect(names.includes('aaa')).toBe(names.includes('zzz'));
      }
    } finally {
      over.abort();
      await churning;
    }
  });

  it('is listed when the records are larger than any answer may be', async () => {
    const text = 'x'.repeat(1 << 20);
    const large = Array.from({ length: 70 }, (_, at) => service('large', '1', node(`n${100 + at}`, 1, { text })));
    for (const record of large) await write([record]);
    const [listed] = await open().listServices();
    expect(listed?.nodes).toHaveLength(70);
  });

  it('leaves at once in one large piece, and a watch hears of each', async () => {
    const [registry, log] = [open(), recordedLog()];
    const text = 'x'.repeat(1 << 16);
    const nodes = Array.from({ length: 100 }, (_, at) => node(`n${at}`, 1, { text }));
    for (const each of nodes) await registry.register(service('greeter', '1', each));
    const watch = await observe(etcdRegistryFor(log), 'greeter');
    await wipe();
    await registry.register(service('greeter', '1', node('last', 1)));
    await until(() => watch.seen('create', 'last'));
    expect(watch.events.map(({ action }) => action)).toEqual([...nodes.map(() => 'delete'), 'create']);
    expect(log.lines).toEqual([]);
    await watch.stop();
  });

  const etcdRegistryFor = (log: ReturnType<typeof recordedLog>): Registry => {
    const registry = etcdRegistry({ addresses: etcd.addresses, timeoutMs: 20_000, log });
    onTestFinished(() => registry.close());
    return registry;
  };
});
