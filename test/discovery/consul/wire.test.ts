import { inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { node, service } from '../../contract/registry.ts';
import { missingConsul } from '../../support/consul.ts';
import { unique } from '../../support/name.ts';
import { withServer } from '../../support/needs.ts';
import { front } from './front.ts';
import { api, foreign, open, started } from './world.ts';

const unpack = (tag: string): string => inflateSync(Buffer.from(tag.slice(2), 'hex')).toString();

withServer(missingConsul(), 'what goes to Consul and comes from there', () => {
  it('registers a node as go-micro does', async () => {
    const consul = await started();
    const name = unique('greeter');
    const metadata = { protocol: 'mucp', 'a b': 'c', long: 'x'.repeat(600), 'consul-x': 'y' };
    await open(consul).register(service(name, '1.0.0', node(`${name}-1`, 8080, metadata)), { ttlMs: 90_000 });
    const known = (await api(consul, `/agent/service/${name}-1`)) as { readonly Tags: string[] };
    expect(known).toMatchObject({
      ID: `${name}-1`,
      Service: name,
      Address: '127.0.0.1',
      Port: 8080,
      Meta: { protocol: 'mucp' },
    });
    expect(known.Tags.map((tag) => tag.slice(0, 2) + unpack(tag)).toSorted()).toEqual([
      'e-{"name":"Say.Hello","request":{"name":"Request","type":"Request","values":[{"name":"name","type":"string","values":null}]},"response":null,"metadata":{"stream":"true"}}',
      't-{"a b":"c"}',
      't-{"consul-x":"y"}',
      `t-{"long":"${'x'.repeat(600)}"}`,
      't-{"protocol":"mucp"}',
      'v-1.0.0',
    ]);
  });

  it('tells of a time to live in Go’s words, and passes the check when it is repeated', async () => {
    const consul = await started();
    const proxy = await front(consul);
    const registry = open(proxy);
    const record = service(unique('greeter'), '1', node('one', 1));
    const checks = [1500, 60_000, 7_265_000].map(async (ttlMs, at) => {
      await registry.register(service(record.name, '1', node(`n${at}`, 1)), { ttlMs });
    });
    await Promise.all(checks);
    const told = proxy.asked
      .filter(({ method }) => method === 'PUT')
      .map(({ body }) => JSON.parse(body) as { ID: string; Check: object })
      .toSorted((a, b) => (a.ID < b.ID ? -1 : 1))
      .map(({ Check }) => Check);
    expect(told).toEqual([
      { TTL: '1.5s', Status: 'passing', DeregisterCriticalServiceAfter: '1m5s' },
      { TTL: '1m0s', Status: 'passing', DeregisterCriticalServiceAfter: '1m5s' },
      { TTL: '2h1m5s', Status: 'passing', DeregisterCriticalServiceAfter: '2h1m10s' },
    ]);
    await registry.register(record, { ttlMs: 60_000 });
    const before = proxy.asked.length;
    await registry.register(record, { ttlMs: 60_000 });
    await registry.register(service(record.name, '1', node('one', 2)), { ttlMs: 60_000 });
    await registry.register(service(record.name, '1', node('one', 2)));
    expect(proxy.asked.slice(before).map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PUT /v1/agent/check/pass/service:one',
      'PUT /v1/agent/service/register?replace-existing-checks=true',
      'PUT /v1/agent/service/register?replace-existing-checks=true',
    ]);
    expect(await api(consul, '/agent/checks')).not.toHaveProperty('service:one');
  });

  it('reads the tags of go-micro, also those of its first releases', async () => {
    const consul = await started();
    const registry = open(consul);
    const name = unique('greeter');
    await api(
      consul,
      '/agent/service/register',
      foreign(name, 'now', {
        Tags: [
          't-789caa562a28ca2fc94fcecf51b252ca2d4d2e50aa05040000ffff46a906e2',
          't-789caa562a294acc2b2ec82f2a51b252ca28292950aa05040000ffff4f930768',
          'e-789caa56ca4bcc4d55b2520a4eacd4f348cdc9c957d2512a4a2d2c4d2d2e51b282cb06414574944a2a0b5005ca12734a538b95aca2e18ac1145c65714951665e3a92c2bcd29c9cdad85a9035c505f979c5a928f64085902c828b60da945b9c4e8c45b9a92589298925894a56d5b5b580000000ffff5f6d51da',
          'v-789c32d433d03300040000ffff02ce00ee',
        ],
      }),
    );
    await api(
      consul,
      '/agent/service/register',
      foreign(name, 'then', { Tags: ['t={"a":"b"}', 'e={"name":"Say.Hi","request":null}', 'v=0.0.1'], Port: 81 }),
    );
    const [old, recent] = await registry.getService(name);
    expect(old).toMatchObject({ version: '0.0.1', endpoints: [{ name: 'Say.Hi', request: undefined }] });
    expect(old?.nodes).toEqual([{ id: 'then', address: '127.0.0.1:81', metadata: { a: 'b' } }]);
    expect(recent).toMatchObject({ version: '1.0.0', endpoints: [{ name: 'Say.Hello' }] });
    expect(recent?.nodes).toEqual([
      { id: 'now', address: '127.0.0.1:80', metadata: { protocol: 'mucp', transport: 'http' } },
    ]);
  });

  it('keeps addresses of every kind', async () => {
    const consul = await started();
    const registry = open(consul);
    const name = unique('greeter');
    const addresses = ['[::1]:80', 'host.example:443', 'a.subject.of.nats', '127.0.0.1', 'a:b:c'];
    const nodes = addresses.map((address, at) => ({ id: `n${at}`, address, metadata: {} }));
    await registry.register(service(name, '1', ...nodes));
    expect(await registry.getService(name)).toEqual([service(name, '1', ...nodes)]);
    // Without an address of its own a service is where its agent is.
    await api(consul, '/agent/service/register', foreign(unique('x'), 'bare', { Name: `${name}-bare`, Address: '' }));
    expect((await registry.getService(`${name}-bare`))[0]?.nodes[0]?.address).toBe('127.0.0.1:80');
  });
});
