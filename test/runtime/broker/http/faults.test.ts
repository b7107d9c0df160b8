import { describe, expect, it } from 'vitest';
import { memoryRegistry } from '../../../../src/discovery/memory/memory.ts';
import type { Registry } from '../../../../src/discovery/registry.ts';
import { RegistryError } from '../../../../src/discovery/registry.ts';
import type { Broker } from '../../../../src/runtime/broker/broker.ts';
import { httpBroker } from '../../../../src/runtime/broker/http/http.ts';
import { selfSigned } from '../../../../src/runtime/transport/certificate.ts';
import type { TlsOptions } from '../../../../src/runtime/transport/tls.ts';
import { connected, listen, say } from '../../../support/broker-world.ts';
import { until } from '../../../support/until.ts';
import { startPeer, subscription } from './peer.ts';

const open = (registry: Registry, tls?: TlsOptions): Promise<Broker> =>
  connected(httpBroker({ registry, address: '127.0.0.1:0', ...(tls === undefined ? {} : { tls }) }));

const record = (id: string, address: string, queue?: string) =>
  subscription('micro.http.broker', id, address, { broker: 'http', topic: 'events' }, queue);

const bodiesOf = (posts: readonly { readonly body: string }[]): readonly string[] =>
  posts.map(({ body }) => Buffer.from((JSON.parse(body) as { Body: string }).Body, 'base64').toString());

describe('when something fails, the http broker', () => {
  it('keeps what nobody listens to for the next publish', async () => {
    const registry = memoryRegistry();
    const broker = await open(registry);
    const sent = Array.from({ length: 80 }, (_, n) => String(n));
    for (const body of sent) await say(broker, 'events', body);
    const heard = await listen(await open(registry), 'events');
    await say(broker, 'events', 'late');
    await until(() => heard.bodies.includes('late'));
    expect(heard.bodies).toEqual([...sent.slice(0, 64), 'late']);
  });

  it('tries again until a subscriber takes it, in order', async () => {
    const registry = memoryRegistry();
    const broker = await open(registry);
    let attempts = 0;
    const peer = await startPeer(() => {
      attempts += 1;
      return attempts <= 2 ? 503 : 200;
    });
    await registry.register(record('events-1', peer.address));
    for (const body of ['one', 'two', 'three']) await say(broker, 'events', body);
    await until(() => peer.posts.length === 5);
    expect(bodiesOf(peer.posts)).toEqual(['one', 'one', 'one', 'two', 'three']);
  });

  it('does not try again what a subscriber can not read', async () => {
    const registry = memoryRegistry();
    const broker = await open(registry);
    const peer = await startPeer(({ body }) => (body.includes('"b25l"') ? 500 : 200));
    await registry.register(record('events-1', peer.address));
    for (const body of ['one', 'two']) await say(broker, 'events', body);
    await until(() => peer.posts.length === 2);
    expect(bodiesOf(peer.posts)).toEqual(['one', 'two']);
  });

  it('gives a message to another member of the queue', async () => {
    const registry = memoryRegistry();
    const broker = await open(registry);
    const [gone, peer] = [await startPeer(), await startPeer()];
    gone.stop();
    await registry.register(record('events-1', gone.address, 'workers'));
    await registry.register(record('events-2', peer.address, 'workers'));
    const sent = Array.from({ length: 20 }, (_, n) => String(n));
    for (const body of sent) await say(broker, 'events', body);
    await until(() => peer.posts.length >= sent.length);
    expect(bodiesOf(peer.posts).toSorted()).toEqual(sent.toSorted());
  });

  it('keeps the work of a queue while its only member restarts', async () => {
    const registry = memoryRegistry();
    const broker = await open(registry);
    const gone = await startPeer();
    gone.stop();
    await registry.register(record('events-1', gone.address, 'workers'));
    for (const body of ['one', 'two']) await say(broker, 'events', body);
    await registry.deregister(record('events-1', gone.address, 'workers'));
    await say(broker, 'events', 'three');
    const heard = await listen(await open(registry), 'events', { queue: 'workers' });
    await until(() => heard.bodies.length === 3);
    expect(heard.bodies.toSorted()).toEqual(['one', 'three', 'two']);
  });

  it('lets one subscriber that does not answer hold up neither others nor publish', async () => {
    const registry = memoryRegistry();
    const broker = await open(registry);
    const [hung, peer] = [await startPeer(() => undefined), await startPeer()];
    await registry.register(record('events-1', hung.address));
    await registry.register(record('events-2', peer.address));
    const sent = Array.from({ length: 200 }, (_, n) => String(n));
    for (const body of sent) await say(broker, 'events', body);
    await until(() => peer.posts.length === sent.length);
    expect(bodiesOf(peer.posts)).toEqual(sent);
    expect(hung.posts).toHaveLength(1);
  });

  it('has addresses that are none in its registry and goes on', async () => {
    const registry = memoryRegistry();
    const broker = await open(registry);
    const peer = await startPeer();
    await registry.register(record('events-1', 'no address/at all'));
    await registry.register(record('events-2', peer.address));
    await say(broker, 'events');
    await until(() => peer.posts.length === 1);
  });

  it('says that the registry does not answer', async () => {
    const registry = memoryRegistry();
    const broker = await open(registry);
    await registry.close();
    await expect(say(broker, 'events')).rejects.toMatchObject({ name: 'BrokerError', code: 'unreachable' });
    await expect(listen(broker, 'events')).rejects.toMatchObject({ name: 'BrokerError', code: 'unreachable' });
  });

  it('says that the registry can not have such a topic, and leaves nothing behind', async () => {
    const registry = memoryRegistry();
    const picky: Registry = {
      ...registry,
      register: (service, options) =>
        service.name === 'micro.http.broker'
          ? registry.register(service, options)
          : Promise.reject(new RegistryError('invalid', 'too long')),
    };
    const broker = await open(picky);
    await expect(listen(broker, 'events')).rejects.toMatchObject({ name: 'BrokerError', code: 'invalid' });
    expect(await registry.listServices()).toEqual([]);
  });

  it.each([
    '127.0.0.1',
    '127.0.0.1:1:2',
    'redis://ada:s3cret@127.0.0.1:6379',
  ])('refuses the address %s, and tells no password', async (address) => {
    const error: unknown = await httpBroker({ registry: memoryRegistry(), address })
      .connect()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'BrokerError', code: 'invalid' });
    expect(String(error)).not.toContain('s3cret');
  });

  it('can not listen where this machine is not', async () => {
    const broker = httpBroker({ registry: memoryRegistry(), address: '192.0.2.1:0' });
    await expect(broker.connect()).rejects.toMatchObject({ name: 'BrokerError', code: 'unavailable' });
    expect(broker.address).toBe('');
  });

  it('refuses a body that is too large', async () => {
    const broker = await connected(
      httpBroker({ registry: memoryRegistry(), address: '127.0.0.1:0', maxBodyBytes: 10 }),
    );
    await say(broker, 'events', '0123456789');
    await expect(say(broker, 'events', '01234567é9')).rejects.toMatchObject({ code: 'too_large' });
  });
});

describe('with TLS, the http broker', () => {
  const own = selfSigned(['127.0.0.1']);

  it('reaches who it can trust', async () => {
    const registry = memoryRegistry();
    const heard = await listen(await open(registry, own), 'events');
    expect((await registry.getService('micro.http.broker'))[0]?.nodes[0]?.metadata['secure']).toBe('true');
    await say(await open(registry, { ...own, ca: own.cert }), 'events', 'one');
    await until(() => heard.bodies.length === 1);
  });

  it('gives nothing to others, unless it is told to', async () => {
    const registry = memoryRegistry();
    const heard = await listen(await open(registry, { selfSigned: true }), 'events');
    await say(await open(registry), 'events', 'one');
    await say(await open(registry, { ...own, insecure: true }), 'events', 'two');
    await until(() => heard.bodies.length > 0);
    expect(heard.bodies).toEqual(['two']);
  });
});
