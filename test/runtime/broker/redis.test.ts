import { createClient } from 'redis';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { redisBroker } from '../../../src/runtime/broker/redis/redis.ts';
import { brokerContract } from '../../contract/broker.ts';
import type { Daemon } from '../../support/daemon.ts';
import { missingRedis, startRedis } from '../../support/redis.ts';
import { withServer } from '../../support/needs.ts';
import { connected, listen } from '../../support/broker-world.ts';
import { unique } from '../../support/name.ts';
import { until } from '../../support/until.ts';

withServer(missingRedis(), 'over Redis', () => {
  let redis: Daemon;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  const broker = () => redisBroker({ url: `127.0.0.1:${redis.port}` });

  brokerContract('redis', {
    pair: () => [broker(), broker()],
    queues: false,
    redelivers: false,
    forbidden: [''],
    similar: ['', '.a', '.*', '.a.b', '/#', '*', '>', ' ', '\r\n', '?', '[a]', 'é'],
    async restart(down) {
      await redis.kill();
      await down();
      await redis.start();
    },
  });

  it('speaks to peers as go-micro does', async () => {
    const own = await connected(broker());
    const peer = await createClient({ url: `redis://127.0.0.1:${redis.port}` }).connect();
    onTestFinished(() => peer.destroy());
    const topic = unique('topic');
    const payloads: string[] = [];
    const listener = await peer.duplicate().connect();
    onTestFinished(() => listener.destroy());
    await listener.subscribe(topic, (text) => void payloads.push(text));
    const heard = await listen(own, topic);
    await own.publish(topic, { headers: { k: 'v', a: '<' }, body: 'hello' });
    await until(() => payloads.length === 1 && heard.bodies.length === 1);
    expect(payloads).toEqual(['{"Header":{"a":"\\u003c","k":"v"},"Body":"aGVsbG8="}']);
    for (const payload of ['no message', '', '{"Header":null,"Body":"aGVsbG8="}']) await peer.publish(topic, payload);
    await until(() => heard.bodies.length === 2);
    expect(heard.messages[1]).toEqual({ headers: {}, body: Buffer.from('hello') });
  });
});
