import { describe, expect, it } from 'vitest';
import { consulRegistry } from '../../../src/discovery/consul/consul.ts';
import type { Registry, RegistryEvent } from '../../../src/discovery/registry.ts';
import { node, service } from '../../contract/registry.ts';
import { freePort } from '../../support/daemon.ts';
import { missingConsul } from '../../support/consul.ts';
import { unique } from '../../support/name.ts';
import { withServer } from '../../support/needs.ts';
import { observe } from '../../support/observe.ts';
import { recordedLog } from '../../support/recorded.ts';
import { until } from '../../support/until.ts';
import { front } from './front.ts';
import { open, started } from './world.ts';

const unavailable = expect.objectContaining({ name: 'RegistryError', code: 'unavailable' });

/** Both kinds of watches at once, and what they hear of outages. */
async function watches(registry: Registry, name: string) {
  const stop = new AbortController();
  const outages: string[] = [];
  const follow = async (kind: string, options: { readonly service?: string }) => {
    const events: RegistryEvent[] = [];
    const onOutage = (out: boolean): void => void outages.push(`${kind} ${out ? 'out' : 'back'}`);
    const watch = await registry.watch({ ...options, signal: stop.signal, onOutage });
    const ended = (async () => {
      for await (const event of watch) events.push(event);
    })();
    ended.catch(() => {});
    return { events, ended };
  };
  const [one, all] = await Promise.all([follow('one', { service: name }), follow('all', {})]);
  const both = (event: string): boolean =>
    [one, all].every(({ events }) =>
      events.some(({ action, service: { nodes } }) => event === `${action} ${nodes.map(({ id }) => id).join()}`),
    );
  return {
    outages,
    /** What both heard last. */
    are: (state: 'out' | 'back') =>
      ['one', 'all'].every((kind) => outages.findLast((each) => each.startsWith(kind)) === `${kind} ${state}`),
    both,
    count: () => one.events.length + all.events.length,
    async stop() {
      stop.abort();
      await Promise.all([one.ended, all.ended]);
    },
  };
}

withServer(missingConsul(), 'Consul in trouble', () => {
  it('comes back with what it knew: watches tell what changed meanwhile', async () => {
    const consul = await started({ stores: true });
    const log = recordedLog();
    // Not every question that takes longer on a busy machine shall count as an outage.
    const patient = { timeoutMs: 10_000 };
    const [a, b] = [open(consul, patient), open(consul, { ...patient, log })];
    const name = unique('greeter');
    await a.register(service(name, '1', node('stays', 1), node('goes', 2)));
    const watch = await watches(b, name);
    await consul.kill();
    await until(() => watch.outages.length === 2);
    await expect(b.getService(name)).rejects.toEqual(unavailable);
    await expect(b.listServices()).rejects.toEqual(unavailable);
    await expect(b.watch({ signal: new AbortController().signal })).rejects.toEqual(unavailable);
    await expect(a.register(service(name, '1', node('comes', 3)))).rejects.toEqual(unavailable);
    await consul.restart();
    await until(() => watch.outages.length === 4);
    expect(watch.outages.toSorted()).toEqual(['all back', 'all out', 'one back', 'one out']);
    await a.register(service(name, '1', node('comes', 3)));
    await a.deregister(service(name, '1', node('goes', 2)));
    await until(() => watch.both('create comes') && watch.both('delete goes'));
    expect((await b.getService(name))[0]?.nodes.map(({ id }) => id)).toEqual(['comes', 'stays']);
    expect(log.lines).toEqual(['warn: Consul does not answer', 'info: Consul answers again']);
    await watch.stop();
  });

  it('is set up anew: nothing is left of before, and who repeats is there again', async () => {
    const consul = await started();
    const [a, b] = [open(consul), open(consul)];
    const [name, other] = [unique('greeter'), unique('other')];
    const record = service(name, '1', node('one', 1));
    // The new cluster is younger than the old one was.
    for (const port of [1, 2, 3, 4, 5]) await a.register(service(other, '1', node('zero', port)));
    await a.register(record, { ttlMs: 60_000 });
    const watch = await watches(b, name);
    await consul.restart();
    await until(() => watch.both('delete one'));
    expect(await b.listServices()).toEqual([]);
    await a.register(record, { ttlMs: 60_000 });
    await until(() => watch.both('create one'));
    expect(await b.getService(name)).toEqual([record]);
    await watch.stop();
  });

  it('hangs: questions end in time, and nothing is missed when it goes on', async () => {
    const consul = await started();
    const log = recordedLog();
    const [a, b] = [open(consul, { timeoutMs: 300 }), open(consul, { timeoutMs: 300, log })];
    const name = unique('greeter');
    await until(() => a.register(service(name, '1', node('one', 1))).then(() => true));
    const watch = await until(() => watches(b, name));
    await consul.freeze();
    await expect(b.getService(name)).rejects.toEqual(unavailable);
    await expect(b.getService(name)).rejects.toThrow(/did not answer within \d+ ms/);
    await expect(b.listServices()).rejects.toEqual(unavailable);
    await expect(b.watch({ service: 'x', signal: new AbortController().signal })).rejects.toEqual(unavailable);
    await expect(a.register(service(name, '1', node('two', 2)))).rejects.toEqual(unavailable);
    await expect(a.deregister(service(name, '1', node('one', 1)))).rejects.toEqual(unavailable);
    await until(() => watch.are('out'));
    consul.wake();
    await until(() => watch.are('back'));
    await until(() => a.register(service(name, '1', node('three', 3))).then(() => true));
    await until(() => watch.both('create three'));
    expect(log.lines.slice(-2)).toEqual(['warn: Consul does not answer', 'info: Consul answers again']);
    await watch.stop();
  });

  it('hangs for a moment: nobody hears of it', async () => {
    const consul = await started();
    const [a, b] = [open(consul, { timeoutMs: 10_000 }), open(consul, { timeoutMs: 10_000 })];
    const name = unique('greeter');
    const watch = await watches(b, name);
    await consul.freeze();
    const registered = a.register(service(name, '1', node('one', 1)));
    consul.wake();
    await registered;
    await until(() => watch.both('create one'));
    expect(watch.outages).toEqual([]);
    await watch.stop();
  });

  it('hangs for good: closing ends all the same', async () => {
    const consul = await started();
    const registry = consulRegistry({ addresses: [consul.url], timeoutMs: 200 });
    const name = unique('greeter');
    await until(() => registry.register(service(name, '1', node('one', 1))).then(() => true));
    const watch = await until(() => observe(registry));
    await consul.freeze();
    const pending = [registry.getService(name), registry.register(service(name, '1', node('two', 2)))];
    const outcomes = Promise.allSettled(pending);
    await registry.close();
    await expect(watch.ended).rejects.toMatchObject({ code: 'closed' });
    for (const { status } of await outcomes) expect(status).toBe('rejected');
    consul.wake();
  });

  it('is not there yet: the next question finds it', async () => {
    const port = await freePort();
    const log = recordedLog();
    const registry = open({ url: `http://127.0.0.1:${port}` }, { log });
    await expect(registry.listServices()).rejects.toThrow(`Consul at http://127.0.0.1:${port} can't be reached`);
    await expect(registry.getService('x')).rejects.toEqual(unavailable);
    await started({ port });
    expect(await registry.listServices()).toEqual([]);
    expect(log.lines).toEqual(['warn: Consul does not answer', 'info: Consul answers again']);
  });

  describe('something else that answers', () => {
    it.each([
      ['no JSON', 200, '<html>'],
      ['other JSON', 200, '{"a":'],
      ['a list of something', 200, '[1]'],
      ['an error', 500, 'No cluster leader'],
      ['too many', 429, 'Your IP is issuing too many concurrent connections'],
    ])('is not believed: %s', async (_, status, body) => {
      const consul = await started();
      const proxy = await front(consul);
      const registry = open(proxy);
      const name = unique('greeter');
      await registry.register(service(name, '1', node('one', 1)));
      const watch = await watches(registry, name);
      proxy.answer = ({ method }) => (method === 'GET' ? { status, body } : undefined);
      await expect(registry.getService(name)).rejects.toEqual(unavailable);
      await expect(registry.listServices()).rejects.toEqual(unavailable);
      await registry.deregister(service(name, '1', node('one', 1)));
      await until(() => watch.outages.length === 2);
      proxy.answer = undefined;
      await until(() => watch.both('delete one'));
      expect(watch.count()).toBe(2);
      await watch.stop();
    });
  });
});
