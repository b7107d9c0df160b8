import { describe, expect, it, onTestFinished } from 'vitest';
import type { RegistryEvent, ServiceRecord } from '../../src/discovery/registry.ts';
import { shape } from '../../src/runtime/schema.ts';
import { unary } from '../../src/runtime/server/server.ts';
import { go, releases, serveGo, watchGo } from '../support/go.ts';
import { unique } from '../support/name.ts';
import { withGo } from '../support/namespace.ts';
import { until } from '../support/until.ts';
import { ourRegistry, ourService } from './house.ts';

/** What Go's watcher reports, in Go's spelling. */
interface Change {
  readonly Action: string;
  readonly Service: ServiceRecord;
}

const nodesOf = (records: readonly ServiceRecord[]): readonly string[] =>
  records.flatMap(({ nodes }) => nodes.map(({ id }) => id)).toSorted();

const hello = unary(() => ({}), {
  request: shape('Request', { name: 'string', tags: '[]string' }),
  response: shape('Response', { msg: 'string' }),
  metadata: { command: 'greet' },
});

withGo('our mDNS registry', () => {
  describe.each(releases)('and Go services of %s', (release) => {
    it('lists and gets them', async () => {
      const name = unique('go.micro.srv.greeter');
      const service = await serveGo(release, 'greeter', name, { version: '2.3.4' });
      const registry = ourRegistry();
      const names = await until(async () => {
        const all = (await registry.listServices()).map((each) => each.name);
        return all.includes(name) ? all : undefined;
      });
      expect(names).toEqual(names.toSorted());
      const [record, ...more] = await registry.getService(name);
      expect(more).toEqual([]);
      expect(record).toMatchObject({ name, version: '2.3.4' });
      expect(record?.nodes).toEqual([
        {
          id: service.node,
          address: service.address,
          metadata: { broker: 'http', protocol: 'mucp', registry: 'mdns', server: 'mucp', transport: 'http' },
        },
      ]);
      expect(record?.endpoints.find((endpoint) => endpoint.name === 'Say.Hello')).toEqual({
        name: 'Say.Hello',
        request: { name: 'Request', type: 'Request', values: [{ name: 'name', type: 'string', values: [] }] },
        response: { name: 'Response', type: 'Response', values: [{ name: 'msg', type: 'string', values: [] }] },
        metadata: {},
      });
      expect(record?.endpoints.find((endpoint) => endpoint.name === 'Count.Up')?.metadata).toEqual({ stream: 'true' });
    });

    it('gives all nodes and versions, and misses one that died', async () => {
      const name = unique('go.micro.srv.greeter');
      const [one, other, newer] = await Promise.all([
        serveGo(release, 'greeter', name),
        serveGo(release, 'greeter', name),
        serveGo(release, 'greeter', name, { version: '2.0.0' }),
      ]);
      const registry = ourRegistry();
      const records = await until(async () => {
        const found = await registry.getService(name);
        return nodesOf(found).length === 3 ? found : undefined;
      });
      expect(records.map(({ version, nodes }) => [version, nodes.length])).toEqual([
        ['1.0.0', 2],
        ['2.0.0', 1],
      ]);
      await one.kill();
      await until(async () => nodesOf(await registry.getService(name)).length === 2);
      expect(nodesOf(await registry.getService(name))).toEqual([other.node, newer.node].toSorted());
    });

    it('reports their coming, their goodbye and their death', async () => {
      const name = unique('go.micro.srv.greeter');
      const events: RegistryEvent[] = [];
      const stop = new AbortController();
      const watch = await ourRegistry().watch({ service: name, signal: stop.signal });
      const watching = (async () => {
        for await (const event of watch) events.push(event);
      })();
      onTestFinished(() => stop.abort());
      const seen = (action: RegistryEvent['action'], node: string): Promise<unknown> =>
        until(() => events.some((event) => event.action === action && event.service.nodes[0]?.id === node));
      const polite = await serveGo(release, 'greeter', name);
      const other = await serveGo(release, 'greeter', name);
      await seen('create', polite.node);
      await seen('create', other.node);
      await polite.stop();
      await seen('delete', polite.node);
      await other.kill();
      await seen('delete', other.node);
      stop.abort();
      await watching;
      expect(events.map(({ action }) => action)).toEqual(['create', 'create', 'delete', 'delete']);
    });

    it('is seen by a registry of theirs', async () => {
      const service = await ourService(unique('go.micro.srv.ours'), [{ name: 'Say', methods: { Hello: hello } }]);
      await until(async () => (await go<string[]>(release, ['list'])).includes(service.name));
      const [record, ...more] = await until(async () => {
        const found = await go<ServiceRecord[]>(release, ['get', service.name]);
        return found.length > 0 ? found : undefined;
      });
      expect(more).toEqual([]);
      expect(record).toMatchObject({ name: service.name, version: '1.0.0' });
      expect(record?.nodes).toEqual(service.record.nodes);
      expect(record?.endpoints).toMatchObject([
        {
          name: 'Say.Hello',
          request: {
            name: 'Request',
            values: [
              { name: 'name', type: 'string' },
              { name: 'tags', type: '[]string' },
            ],
          },
          metadata: { command: 'greet' },
        },
      ]);
    });

    it('shows them each of our nodes and versions', async () => {
      const name = unique('go.micro.srv.ours');
      const registry = ourRegistry();
      const servers = [];
      for (const version of ['1.0.0', '1.0.0', '2.0.0']) {
        servers.push(await ourService(name, [{ name: 'Say', methods: { Hello: hello } }], { registry, version }));
      }
      const records = await until(async () => {
        const found = await go<ServiceRecord[]>(release, ['get', name]);
        return nodesOf(found).length === servers.length ? found : undefined;
      });
      expect(nodesOf(records)).toEqual(servers.map(({ id }) => `${name}-${id}`).toSorted());
      expect(records.map(({ version }) => version).toSorted()).toEqual(['1.0.0', '2.0.0']);
    });

    it('tells their watchers of our coming and our goodbye', async () => {
      const watch = await watchGo(release);
      const service = await ourService(unique('go.micro.srv.ours'), [{ name: 'Say', methods: { Hello: hello } }]);
      const seen = (action: string): Promise<Change> =>
        until(() =>
          (watch.values as readonly Change[]).find(
            (change) => change.Action === action && change.Service.name === service.name,
          ),
        );
      expect((await seen('create')).Service.nodes).toEqual(service.record.nodes);
      await service.stop({ graceMs: 0 });
      expect((await seen('delete')).Service.nodes.map(({ id }) => id)).toEqual([`${service.name}-${service.id}`]);
      expect(await go(release, ['get', service.name])).toEqual([]);
    });
  });
});
