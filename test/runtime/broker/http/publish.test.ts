import { describe, expect, it } from 'vitest';
import { memoryRegistry } from '../../../../src/discovery/memory/memory.ts';
import type { Registry } from '../../../../src/discovery/registry.ts';
import type { Broker } from '../../../../src/runtime/broker/broker.ts';
import { httpBroker } from '../../../../src/runtime/broker/http/http.ts';
import { connected, listen, say } from '../../../support/broker-world.ts';
import { until } from '../../../support/until.ts';
import { nodeOf, startPeer, subscription } from './peer.ts';

const publisher = (registry: Registry): Promise<Broker> => connected(httpBroker({ registry, address: '127.0.0.1:0' }));

/** As each generation of go-micro registers a subscription to `events`, and what it wants to be posted. */
const tagged = { broker: 'http', topic: 'events' };
const root = '{"Header":{"Micro-Topic":"events","k":"v\\u003c"},"Body":"aGVsbG8="}';
const sub = '{"Header":{":topic":"events","k":"v\\u003c"},"Body":"aGVsbG8="}';
const generations = [
  ['2.9 and 6.10', 'micro.http.broker', tagged, '/?id=events-1', root],
  ['1.18', 'go.micro.http.broker', tagged, '/_sub?id=events-1', sub],
  ['1.13 to 1.17', 'events', tagged, '/_sub?id=events-1', sub],
  ['1.12 and before', 'topic:events', {}, '/_sub?id=events-1', sub],
] as const;

const hello = { headers: { k: 'v<' }, body: 'hello' };

describe('what the http broker posts', () => {
  it.each(generations)('is what go-micro %s expects', async (_, service, metadata, url, body) => {
    const registry = memoryRegistry();
    const peer = await startPeer();
    await registry.register(subscription(service, 'events-1', peer.address, metadata));
    await (await publisher(registry)).publish('events', hello);
    await until(() => peer.posts.length === 1);
    expect(peer.posts).toEqual([{ url, contentType: 'application/json', body }]);
  });

  it('reaches all generations at once', async () => {
    const registry = memoryRegistry();
    const broker = await publisher(registry);
    const peers = await Promise.all(generations.map(() => startPeer()));
    for (const [index, [, service, metadata]] of generations.entries())
      await registry.register(subscription(service, `events-${index}`, peers[index]?.address ?? '', metadata));
    for (const body of ['one', 'two']) await say(broker, 'events', body);
    await until(() => peers.every(({ posts }) => posts.length === 2));
  });

  it('goes to one member of a queue, whatever generations its members are of', async () => {
    const registry = memoryRegistry();
    const broker = await publisher(registry);
    const peers = await Promise.all(generations.map(() => startPeer()));
    for (const [index, [, service, metadata]] of generations.entries())
      await registry.register(
        subscription(service, `events-${index}`, peers[index]?.address ?? '', metadata, 'workers'),
      );
    for (let n = 0; n < 100; n += 1) await say(broker, 'events', String(n));
    const all = (): readonly string[] => peers.flatMap(({ posts }) => posts.map(({ body }) => body));
    await until(() => all().length >= 100);
    expect(all()).toHaveLength(100);
    expect(peers.every(({ posts }) => posts.length > 0)).toBe(true);
  });

  it('does not wait for the registry each time', async () => {
    const registry = memoryRegistry();
    const asked: string[] = [];
    const counting: Registry = {
      ...registry,
      getService(name) {
        asked.push(name);
        return registry.getService(name);
      },
    };
    const peer = await startPeer();
    await registry.register(subscription('micro.http.broker', 'events-1', peer.address, tagged));
    const broker = await publisher(counting);
    await say(broker, 'events');
    await until(() => peer.posts.length === 1);
    asked.length = 0;
    for (let n = 0; n < 50; n += 1) await say(broker, 'events');
    await until(() => peer.posts.length === 51);
    expect(asked.filter((name) => name === 'micro.http.broker')).toEqual([]);
    expect(asked.filter((name) => name === 'events')).toEqual([]);
  });

  it('is not for nodes of other topics and brokers', async () => {
    const registry = memoryRegistry();
    const peer = await startPeer();
    const wanted = await startPeer();
    await registry.register(subscription('micro.http.broker', 'a', peer.address, { broker: 'http', topic: 'other' }));
    await registry.register(subscription('micro.http.broker', 'b', peer.address, { broker: 'nats', topic: 'events' }));
    // A service that has the topic's name.
    await registry.register(subscription('events', 'c', peer.address, { broker: 'http' }, '1.0.0'));
    await registry.register(subscription('micro.http.broker', 'd', wanted.address, tagged));
    await say(await publisher(registry), 'events');
    await until(() => wanted.posts.length === 1);
    expect(peer.posts).toEqual([]);
  });

  it('escapes what a subscription is called', async () => {
    const registry = memoryRegistry();
    const peer = await startPeer();
    await registry.register(subscription('micro.http.broker', 'a b&c=é/+', peer.address, tagged));
    await say(await publisher(registry), 'events');
    await until(() => peer.posts.length === 1);
    expect(new URLSearchParams(peer.posts[0]?.url.slice(2)).get('id')).toBe('a b&c=é/+');
  });
});

describe('what the http broker registers', () => {
  it('is found by go-micro 1.18 and by later ones, under one id', async () => {
    const registry = memoryRegistry();
    const broker = await publisher(registry);
    const { subscription: ours } = await listen(broker, 'events', { queue: 'workers' });
    const records = [await nodeOf(registry, 'micro.http.broker'), await nodeOf(registry, 'go.micro.http.broker')];
    for (const record of records) {
      expect(record).toMatchObject({ version: 'workers', endpoints: [], metadata: {} });
      expect(record.nodes[0]).toMatchObject({
        id: expect.stringMatching(/^events-[0-9a-f-]{36}$/) as string,
        address: broker.address,
        metadata: { broker: 'http', secure: 'false', topic: 'events' },
      });
    }
    expect(records[0]?.nodes).toEqual(records[1]?.nodes);
    await ours.unsubscribe();
    expect(await registry.listServices()).toEqual([]);
  });

  it('is taken back on disconnect', async () => {
    const registry = memoryRegistry();
    const broker = await publisher(registry);
    for (const topic of ['a', 'a', 'b']) await listen(broker, topic);
    const [record] = await registry.getService('micro.http.broker');
    expect(record?.version).toBe('ff.http.broadcast');
    expect(record?.nodes.map(({ metadata }) => metadata['topic'])).toEqual(['a', 'b']);
    await broker.disconnect();
    expect(await registry.listServices()).toEqual([]);
  });

  it('has an address others can dial', async () => {
    const registry = memoryRegistry();
    const broker = await connected(httpBroker({ registry, advertise: 'events.example' }));
    expect(broker.address).toMatch(/^events\.example:\d+$/);
    await listen(broker, 'events');
    expect((await nodeOf(registry, 'micro.http.broker')).nodes[0]?.address).toBe(broker.address);
  });
});
