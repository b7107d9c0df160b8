import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type EtcdOptions, etcdRegistry } from '../../../src/discovery/etcd/etcd.ts';
import type { Registry } from '../../../src/discovery/registry.ts';
import { node, service } from '../../contract/registry.ts';
import { type Etcd, type EtcdMember, missingEtcd, startEtcd } from '../../support/etcd.ts';
import { unique } from '../../support/name.ts';
import { withServer } from '../../support/needs.ts';
import { observe } from '../../support/observe.ts';
import { until } from '../../support/until.ts';

withServer(missingEtcd(), 'a cluster of three', () => {
  let etcd: Etcd;
  beforeAll(async () => {
    etcd = await startEtcd({ members: 3 });
  });
  afterEach(async () => {
    for (const member of etcd.members) member.resume();
    await Promise.all(etcd.members.map((member) => member.restart()));
  });
  afterAll(() => etcd.stop());

  const open = (options: Partial<EtcdOptions> = {}): Registry => {
    const registry = etcdRegistry({ addresses: [etcd.addresses.join()], timeoutMs: 3000, ...options });
    onTestFinished(() => registry.close());
    return registry;
  };
  const steady = (): Registry => open({ addresses: etcd.addresses.slice(1), timeoutMs: 5000 });

  it.each([
    ['killed', (member: EtcdMember) => member.kill()],
    ['hung', async (member: EtcdMember) => member.pause()],
  ])('misses nothing when the member that it talks to is %s', async (_, fault) => {
    const [name, outages] = [unique('greeter'), [] as boolean[]];
    const [registry, other] = [open(), steady()];
    const record = service(name, '1', node('one', 1));
    await registry.register(record, { ttlMs: 60_000 });
    const stop = new AbortController();
    const watch = await observe(registry, name);
    await registry.watch({ signal: stop.signal, onOutage: (out) => outages.push(out) });
    const [first] = etcd.members as readonly [EtcdMember];
    await fault(first);
    await other.register(service(name, '1', node('two', 2)));
    await registry.register(record, { ttlMs: 60_000 });
    expect(await registry.getService(name)).toEqual([service(name, '1', node('one', 1), node('two', 2))]);
    await until(() => watch.seen('create', 'two'));
    await other.deregister(record);
    await until(() => watch.seen('delete', 'one'));
    // An election on a busy machine may last until it counts as an outage: what matters is that it is told whole, and over.
    await until(() => outages.at(-1) !== true);
    expect(outages).toEqual(outages.map((_out, index) => index % 2 === 0));
    stop.abort();
    await watch.stop();
  });

  it('is unavailable when two of three are gone, and goes on when one is back', async () => {
    const [name, outages] = [unique('greeter'), [] as boolean[]];
    const registry = open();
    await registry.register(service(name, '1', node('one', 1)));
    const stop = new AbortController();
    const watch = await observe(registry, name);
    await registry.watch({ signal: stop.signal, onOutage: (out) => outages.push(out) });
    await Promise.all(etcd.members.slice(1).map((member) => member.kill()));
    await expect(registry.getService(name)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(registry.register(service(name, '1', node('two', 2)))).rejects.toMatchObject({ code: 'unavailable' });
    await until(() => outages.includes(true));
    await etcd.members[1]?.restart();
    await until(() => registry.register(service(name, '1', node('two', 2))).then(() => true));
    await until(() => watch.seen('create', 'two'));
    stop.abort();
    await watch.stop();
  });

  it('starts with a member that is down', async () => {
    await etcd.members[0]?.kill();
    const [name, registry] = [unique('greeter'), open()];
    const watch = await observe(registry, name);
    await registry.register(service(name, '1', node('one', 1)));
    await until(() => watch.seen('create', 'one'));
    await watch.stop();
  });
});
