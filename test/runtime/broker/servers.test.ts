import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Broker } from '../../../src/runtime/broker/broker.ts';
import { mqttBroker } from '../../../src/runtime/broker/mqtt/mqtt.ts';
import { natsBroker } from '../../../src/runtime/broker/nats/nats.ts';
import { rabbitmqBroker } from '../../../src/runtime/broker/rabbitmq/rabbitmq.ts';
import { redisBroker } from '../../../src/runtime/broker/redis/redis.ts';
import { connected, listen, say } from '../../support/broker-world.ts';
import { freePort } from '../../support/daemon.ts';
import { missingNats, startNats } from '../../support/nats.ts';
import { withServer } from '../../support/needs.ts';
import { missingRedis, startRedis } from '../../support/redis.ts';
import { until } from '../../support/until.ts';

const drivers: readonly (readonly [string, string, (url: string) => Broker])[] = [
  ['nats', 'nats', (url) => natsBroker({ servers: [url] })],
  ['redis', 'redis', (url) => redisBroker({ url })],
  ['mqtt', 'mqtt', (url) => mqttBroker({ url })],
  ['rabbitmq', 'amqp', (url) => rabbitmqBroker({ url })],
];

describe.each(drivers)('the %s broker', (name, scheme, broker) => {
  it('says that nobody answers, and tells no password', async () => {
    const port = await freePort();
    const own = broker(`${scheme}://ada:s3cret@127.0.0.1:${port}`);
    const error: unknown = await own.connect().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'BrokerError', code: 'unreachable' });
    expect(String(error)).toContain(name);
    expect(String(error)).not.toContain('s3cret');
    expect(own.address).toBe('');
  });

  it('hangs up on a server that says nothing', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
      socket.resume();
    });
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const { port } = silent.address() as AddressInfo;
    await expect(broker(`${scheme}://127.0.0.1:${port}`).connect()).rejects.toMatchObject({ code: 'unreachable' });
    await until(() => sockets.size === 0);
  }, 20_000);

  it.each([
    'gopher://127.0.0.1',
    '',
    'a b',
    `${scheme}://`,
    `${scheme}://ada:100%s@127.0.0.1`,
  ])('refuses the address %j', async (url) => {
    await expect(broker(url).connect()).rejects.toMatchObject({ name: 'BrokerError', code: 'invalid' });
  });
});

const password = 'p@ss:w/rd';
const user = 'ada';
const encoded = encodeURIComponent(password);

withServer(missingNats(), 'a NATS server that asks who we are', () => {
  it('lets us in by name and password', async () => {
    const nats = await startNats(['--user', user, '--pass', password]);
    try {
      const broker = await connected(natsBroker({ servers: [`${user}:${encoded}@127.0.0.1:${nats.port}`] }));
      expect(broker.address).toBe(nats.url);
      const heard = await listen(broker, 'events');
      await say(broker, 'events', 'hello');
      await until(() => heard.bodies.length === 1);
      await expect(natsBroker({ servers: [nats.url] }).connect()).rejects.toMatchObject({ code: 'unreachable' });
    } finally {
      await nats.stop();
    }
  });
});

withServer(missingRedis(), 'a Redis server that asks who we are', () => {
  it('lets us in by password', async () => {
    const redis = await startRedis(['--requirepass', password]);
    try {
      const broker = await connected(redisBroker({ url: `redis://:${encoded}@127.0.0.1:${redis.port}` }));
      expect(broker.address).toBe(`redis://127.0.0.1:${redis.port}`);
      const heard = await listen(broker, 'events');
      await say(broker, 'events', 'hello');
      await until(() => heard.bodies.length === 1);
      await expect(redisBroker({ url: `127.0.0.1:${redis.port}` }).connect()).rejects.toMatchObject({
        code: 'unreachable',
      });
    } finally {
      await redis.stop();
    }
  });
});
