import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type EtcdOptions, etcdRegistry } from '../../../src/discovery/etcd/etcd.ts';
import type { Registry, RegistryEvent } from '../../../src/discovery/registry.ts';
import { node, service } from '../../contract/registry.ts';
import { freePort } from '../../support/daemon.ts';
import { gate } from '../../support/gate.ts';
import { type Etcd, type EtcdMember, missingEtcd, startEtcd } from '../../support/etcd.ts';
import { withServer } from '../../support/needs.ts';
import { observe } from '../../support/observe.ts';
import { recordedLog } from '../../support/recorded.ts';
import { until } from '../../support/until.ts';

const unavailable = expect.objectContaining({ name: 'RegistryError', code: 'unavailable' });

withServer(missingEtcd(), 'etcd in trouble', () => {
  let etcd: Etcd;
  let member: EtcdMember;
  beforeEach(async () => {
    etcd = await startEtcd();
    [member] = etcd.members as readonly [EtcdMember];
  });
  afterEach(() => etcd.stop());

  // A busy machine may take its time; what never answers is not waited for that long.
  const impatient = { timeoutMs: 1000 };
  const open = (options: Partial<EtcdOptions> = {}): Registry => {
    const registry = etcdRegistry({ addresses: etcd.addresses, timeoutMs: 20_000, ...options });
    onTestFinished(() => registry.close());
    return registry;
  };
  const one = service('greeter', '1', node('one', 1));
  const two = service('greeter', '1', node('two', 2));
  const three = service('greeter', '1', node('three', 3));

  /** Writes down what a watch tells. */
  const noting = async (watch: AsyncIterable<RegistryEvent>, events: string[]): Promise<void> => {
    for await (const { action, service } of watch) events.push(`${action} ${service.nodes[0]?.id}`);
  };

  describe('that was killed', () => {
    it('is unavailable, and answers again when it is back', async () => {
      const [registry, log] = [open(), recordedLog()];
      const logging = open({ log });
      await registry.register(one);
      await logging.getService('greeter');
      await member.kill();
      const questions = [
        logging.getService('greeter'),
        logging.listServices(),
        logging.register(one),
        logging.deregister(one),
        logging.watch({ signal: new AbortController().signal }),
      ];
      for (const result of await Promise.allSettled(questions)) {
        expect(result).toEqual({ status: 'rejected', reason: unavailable });
      }
      await expect(logging.getService('greeter')).rejects.toThrow(
        `etcd at ${member.address} does not answer: connect ECONNREFUSED ${member.address}`,
      );
      await member.start();
      expect(await logging.getService('greeter')).toEqual([one]);
      expect(log.lines.filter((line) => !line.startsWith('debug'))).toEqual([
        'warn: etcd is out of reach',
        'info: etcd answers again',
      ]);
    });

    it('goes on with a watch where it was', async () => {
      const [registry, outages] = [open(), [] as boolean[]];
      const other = open();
      await other.register(one);
      const stop = new AbortController();
      const events: string[] = [];
      const watch = await registry.watch({ signal: stop.signal, onOutage: (out) => outages.push(out) });
      const reading = noting(watch, events);
      for (const round of [1, 2, 3]) {
        await member.kill();
        await until(() => outages.length === round * 2 - 1);
        await member.start();
        // Through etcdctl, as another process would: perhaps before the watch is back.
        await etcd.ctl('del', '/micro/registry/greeter/one');
        await other.register(one);
        await until(() => events.length === round * 2);
        await until(() => outages.length === round * 2);
      }
      expect(events).toEqual(['delete one', 'create one', 'delete one', 'create one', 'delete one', 'create one']);
      expect(outages).toEqual([true, false, true, false, true, false]);
      stop.abort();
      await reading;
    });

    it('can be watched again by others meanwhile, as soon as it is back', async () => {
      const [registry, outages] = [open(), [] as boolean[]];
      const stop = new AbortController();
      await registry.watch({ signal: stop.signal, onOutage: (out) => outages.push(out) });
      await member.kill();
      await until(() => outages.length === 1);
      await expect(observe(registry)).rejects.toEqual(unavailable);
      await member.start();
      const watch = await until(() => observe(registry));
      await open().register(one);
      await until(() => watch.seen('create', 'one'));
      stop.abort();
      await watch.stop();
    });

    it('may be down when the program starts', async () => {
      await member.kill();
      const registry = open();
      await expect(registry.register(one)).rejects.toEqual(unavailable);
      await member.start();
      await registry.register(one);
      expect(await registry.getService('greeter')).toEqual([one]);
    });

    it('lets a registry close', async () => {
      const registry = open();
      await registry.register(one);
      const watch = await observe(registry);
      await member.kill();
      await registry.close();
      await expect(watch.ended).rejects.toMatchObject({ code: 'closed' });
    });
  });

  describe('that hangs', () => {
    it('is unavailable after a while, and answers when it goes on', async () => {
      const registry = open(impatient);
      await until(() => registry.register(one).then(() => true));
      member.pause();
      const questions = [
        registry.getService('greeter'),
        registry.listServices(),
        registry.register(two),
        registry.deregister(one),
      ];
      for (const result of await Promise.allSettled(questions)) {
        expect(result).toEqual({ status: 'rejected', reason: unavailable });
      }
      await expect(registry.watch({ signal: new AbortController().signal })).rejects.toEqual(unavailable);
      member.resume();
      await until(() => registry.register(three).then(() => true));
      const ids = (await until(() => registry.getService('greeter'))).flatMap(({ nodes }) => nodes.map(({ id }) => id));
      expect(ids).toContain('three');
    });

    it('is noticed by a watch, which goes on when it goes on', async () => {
      // However long an answer may take.
      const [registry, other, outages] = [open({ timeoutMs: 60_000 }), open(), [] as boolean[]];
      const stop = new AbortController();
      const events: string[] = [];
      const watch = await registry.watch({ signal: stop.signal, onOutage: (out) => outages.push(out) });
      const reading = noting(watch, events);
      member.pause();
      await until(() => outages.length === 1);
      member.resume();
      await other.register(one);
      await until(() => events.length === 1);
      expect(outages).toEqual([true, false]);
      stop.abort();
      await reading;
    });

    it('lets a registry close', async () => {
      const registry = open(impatient);
      await until(() => registry.register(one).then(() => true));
      const watch = await until(() => observe(registry));
      member.pause();
      await registry.close();
      await expect(watch.ended).rejects.toMatchObject({ code: 'closed' });
      await expect(registry.getService('greeter')).rejects.toMatchObject({ code: 'closed' });
    });
  });

  describe('that has lost its data', () => {
    it('gets every registration again, and tells a watch that it does not know what happened', async () => {
      const [registry, other] = [open(), open()];
      await registry.register(one, { ttlMs: 60_000 });
      await registry.register(two);
      const watch = await observe(other);
      await member.kill();
      await member.wipe();
      await member.start();
      await expect(watch.ended).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('cannot tell any more what happened in between') as string,
      });
      expect(await registry.getService('greeter')).toEqual([]);
      await registry.register(one, { ttlMs: 60_000 });
      await registry.register(two);
      expect(await other.getService('greeter')).toEqual([service('greeter', '1', node('one', 1), node('two', 2))]);
      const again = await observe(other);
      await registry.deregister(one);
      await until(() => again.seen('delete', 'one'));
      await again.stop();
    });

    it('is found out also when it has had more changes since than before', async () => {
      const network = await gate(member.address);
      const registry = open({ addresses: [network.address] });
      await registry.register(one);
      const watch = await observe(registry);
      await registry.register(two);
      await until(() => watch.seen('create', 'two'));
      network.shut();
      await member.kill();
      await member.wipe();
      await member.start();
      for (let at = 0; at < 10; at += 1) await open().register(service('other', '1', node(`n${at}`, 1)));
      network.restore();
      await expect(watch.ended).rejects.toEqual(unavailable);
    });

    it('is of no interest as long as nobody ever registered', async () => {
      const registry = open();
      const watch = await observe(registry);
      await member.kill();
      await member.wipe();
      await member.start();
      await registry.register(one);
      await until(() => watch.seen('create', 'one'));
      await watch.stop();
    });
  });

  describe('that forgets its history', () => {
    it('goes on with a watch that has seen it', async () => {
      const [registry, other] = [open(), open()];
      const watch = await observe(registry);
      await other.register(one);
      await etcd.compact();
      await other.deregister(one);
      await until(() => watch.seen('delete', 'one'));
      await watch.stop();
    });

    it('ends a watch that has not', async () => {
      const network = await gate(member.address);
      const registry = open({ addresses: [network.address] });
      const other = open();
      await other.register(one);
      const watch = await observe(registry);
      network.shut();
      await other.deregister(one);
      await etcd.compact();
      network.restore();
      await expect(watch.ended).rejects.toEqual(unavailable);
      expect(await registry.getService('greeter')).toEqual([]);
    });
  });

  describe('behind a network', () => {
    it.each(['shut', 'stall'] as const)('that is %s, goes on with a watch when it is restored', async (fault) => {
      const [network, outages] = [await gate(member.address), [] as boolean[]];
      const registry = open({ ...impatient, addresses: [network.address] });
      const other = open();
      const stop = new AbortController();
      const events: string[] = [];
      const watch = await until(() => registry.watch({ signal: stop.signal, onOutage: (out) => outages.push(out) }));
      const reading = noting(watch, events);
      await other.register(one);
      await until(() => events.length === 1);
      network[fault]();
      await until(() => outages.length === 1);
      await expect(registry.getService('greeter')).rejects.toEqual(unavailable);
      await other.deregister(one);
      await other.register(two);
      network.restore();
      await until(() => events.length === 3);
      expect(events).toEqual(['create one', 'delete one', 'create two']);
      expect(await until(() => registry.getService('greeter'))).toEqual([two]);
      stop.abort();
      await reading;
    });

    it('is left without a connection when the registry closes, also in the middle of a stall', async () => {
      const network = await gate(member.address);
      const registry = open({ ...impatient, addresses: [network.address] });
      await until(() => registry.register(one).then(() => true));
      const watch = await until(() => observe(registry));
      expect(network.open).toBeGreaterThan(0);
      network.stall();
      await registry.close();
      await expect(watch.ended).rejects.toMatchObject({ code: 'closed' });
      network.restore();
      await until(() => network.open === 0);
    });
  });

  it('is not there at all: nothing hangs', async () => {
    const registry = open({ addresses: [`127.0.0.1:${await freePort()}`] });
    await expect(registry.listServices()).rejects.toEqual(unavailable);
    await registry.close();
  });
});
