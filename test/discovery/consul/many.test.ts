import { expect, it } from 'vitest';
import { node, service } from '../../contract/registry.ts';
import { missingConsul } from '../../support/consul.ts';
import { unique } from '../../support/name.ts';
import { withServer } from '../../support/needs.ts';
import { observe } from '../../support/observe.ts';
import { until } from '../../support/until.ts';
import { front } from './front.ts';
import { open, started } from './world.ts';

withServer(missingConsul(), 'many in Consul', () => {
  it('holds 200 nodes that come and go at once, in two versions from two processes', async () => {
    const consul = await started();
    const [a, b, c] = [open(consul, { timeoutMs: 10_000 }), open(consul, { timeoutMs: 10_000 }), open(consul)];
    const name = unique('crowd');
    const watches = [await observe(c), await observe(c, name)];
    const half = (prefix: string) => Array.from({ length: 100 }, (_, at) => node(`${prefix}${at}`, at + 1));
    const [first, second] = [service(name, '1', ...half('a')), service(name, '2', ...half('b'))];
    await Promise.all([a.register(first, { ttlMs: 60_000 }), b.register(second)]);
    expect((await c.getService(name)).map(({ version, nodes }) => [version, nodes.length])).toEqual([
      ['1', 100],
      ['2', 100],
    ]);
    await Promise.all([a.deregister(first), b.deregister(second)]);
    expect(await c.getService(name)).toEqual([]);
    // What came and went between two looks was never there.
    for (const { events } of watches) {
      await until(() => {
        const alive = new Set<string>();
        for (const { action, service: told } of events) {
          for (const { id } of told.nodes) if (action !== 'delete' || !alive.delete(id)) alive.add(id);
        }
        return alive.size === 0;
      });
    }
    await Promise.all(watches.map((watch) => watch.stop()));
  });

  it('sees a change among 300 services, with a hand full of connections', async () => {
    const consul = await started({ config: { limits: { http_max_conns_per_client: 40 } } });
    const [a, b] = [open(consul, { timeoutMs: 20_000 }), open(consul, { timeoutMs: 20_000 })];
    const names = Array.from({ length: 300 }, (_, at) => unique(`s${at}`));
    await Promise.all(names.map((name) => a.register(service(name, '1', node(`${name}-1`, 1)), { ttlMs: 60_000 })));
    const watch = await observe(b);
    const [first = '', last = ''] = [names[0], names.at(-1)];
    await a.register(service(last, '1', node(`${last}-2`, 2)), { ttlMs: 60_000 });
    await until(() => watch.seen('create', `${last}-2`));
    await a.register(service(first, '1', node(`${first}-1`, 2)), { ttlMs: 60_000 });
    await until(() => watch.seen('update', `${first}-1`));
    const found = await Promise.all(names.map((name) => b.getService(name)));
    expect(found.filter(([record]) => record !== undefined && record.nodes.length > 0)).toHaveLength(300);
    await a.close();
    await until(() => watch.events.filter(({ action }) => action === 'delete').length === 301, 30_000);
    await watch.stop();
  });

  it('is asked once by all who watch the same, and no more when they have left', async () => {
    const consul = await started();
    const proxy = await front(consul);
    const [a, b] = [open(consul), open(proxy)];
    const name = unique('greeter');
    for (const round of [1, 2, 3]) {
      const watches = await Promise.all([observe(b), observe(b), observe(b, name), observe(b, name)]);
      await a.register(service(name, '1', node(`n${round}`, 1)));
      for (const watch of watches) await until(() => watch.seen('create', `n${round}`));
      await Promise.all(watches.map((watch) => watch.stop()));
      expect(proxy.asked.filter(({ path }) => path === '/v1/catalog/services')).toHaveLength(round);
    }
    const early = new AbortController();
    const leaving = b.watch({ signal: early.signal });
    early.abort();
    for await (const event of await leaving) expect.fail(`told of ${event.action}`);
  });
});
