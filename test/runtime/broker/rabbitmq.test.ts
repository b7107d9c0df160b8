import { type Channel, connect, type ConsumeMessage } from 'amqplib';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { rabbitmqBroker } from '../../../src/runtime/broker/rabbitmq/rabbitmq.ts';
import { brokerContract } from '../../contract/broker.ts';
import type { Daemon } from '../../support/daemon.ts';
import { missingRabbitmq, startRabbitmq } from '../../support/rabbitmq.ts';
import { withServer } from '../../support/needs.ts';
import { connected, listen, say } from '../../support/broker-world.ts';
import { unique } from '../../support/name.ts';
import { until } from '../../support/until.ts';

withServer(missingRabbitmq(), 'over RabbitMQ', () => {
  let rabbitmq: Daemon;
  beforeAll(async () => {
    rabbitmq = await startRabbitmq();
  }, 90_000);
  afterAll(() => rabbitmq.stop());

  const broker = () => rabbitmqBroker({ url: `127.0.0.1:${rabbitmq.port}` });

  brokerContract('rabbitmq', {
    pair: () => [broker(), broker()],
    queues: true,
    redelivers: true,
    forbidden: ['', '*', 'a.*', 'a.#', '#', '*.a.#', 'x'.repeat(256)],
    similar: ['', '.a', '.a.b', '.a*', '..', ' ', '/#', '>', 'é'],
    async restart(down) {
      await rabbitmq.kill();
      await down();
      await rabbitmq.start();
    },
  });

  const raw = async (): Promise<Channel> => {
    const connection = await connect(`amqp://127.0.0.1:${rabbitmq.port}`);
    onTestFinished(() => connection.close());
    return connection.createChannel();
  };

  it('speaks to peers as go-micro does', async () => {
    const own = await connected(broker());
    const peer = await raw();
    const topic = unique('topic');
    const { queue } = await peer.assertQueue('', { exclusive: true });
    await peer.bindQueue(queue, 'micro', topic);
    const messages: (ConsumeMessage | null)[] = [];
    await peer.consume(queue, (message) => void messages.push(message));
    const heard = await listen(own, topic);
    await own.publish(topic, { headers: { k: 'hé', 'Micro-Topic': 'other' }, body: 'hello' });
    await until(() => messages.length === 1 && heard.bodies.length === 1);
    expect(messages[0]?.content.toString()).toBe('hello');
    expect(messages[0]?.properties).toMatchObject({ headers: { k: 'hé', 'Micro-Topic': 'other' }, deliveryMode: 2 });
    expect(messages[0]?.fields.routingKey).toBe(topic);
    peer.publish('micro', topic, Buffer.from('x'), {
      headers: { n: 1, yes: true, bytes: Buffer.from('é'), none: null },
    });
    peer.publish('micro', topic, Buffer.from('y'));
    await until(() => heard.bodies.length === 3);
    expect(heard.messages.slice(1).map(({ headers }) => headers)).toEqual([
      { 'Micro-Topic': topic, n: '1', yes: 'true', bytes: 'é', none: '' },
      { 'Micro-Topic': topic },
    ]);
  });

  it('shares the queue a Go service made, which does not last', async () => {
    const own = await connected(broker());
    const peer = await raw();
    const [topic, queue] = [unique('topic'), unique('queue')];
    await peer.assertQueue(queue, { durable: false, autoDelete: true });
    let theirs = 0;
    await peer.consume(queue, () => void (theirs += 1), { noAck: true });
    await peer.bindQueue(queue, 'micro', topic);
    const heard = await listen(own, topic, { queue });
    for (let n = 0; n < 50; n += 1) await say(own, topic);
    await until(() => heard.bodies.length + theirs >= 50);
    expect([heard.bodies.length + theirs, theirs > 0, heard.bodies.length > 0]).toEqual([50, true, true]);
  });

  it('uses an exchange that somebody made to last', async () => {
    const exchange = unique('exchange');
    await (await raw()).assertExchange(exchange, 'topic', { durable: true });
    const own = await connected(rabbitmqBroker({ url: `127.0.0.1:${rabbitmq.port}`, exchange }));
    const heard = await listen(own, 'events');
    await say(own, 'events', 'hello');
    await until(() => heard.bodies.length === 1);
  });

  it('keeps the events of a queue while nobody works', async () => {
    const [own, worker] = [await connected(broker()), await connected(broker())];
    const [topic, queue] = [unique('topic'), unique('queue')];
    await listen(worker, topic, { queue });
    await worker.disconnect();
    for (const body of ['one', 'two']) await say(own, topic, body);
    await worker.connect();
    const heard = await listen(worker, topic, { queue });
    await until(() => heard.bodies.length === 2);
    expect(heard.bodies).toEqual(['one', 'two']);
  });

  it('brings what was not acknowledged to another worker when the first is gone', async () => {
    const [own, worker] = [await connected(broker()), await connected(broker())];
    const [topic, queue] = [unique('topic'), unique('queue')];
    const seen = await listen(worker, topic, { queue, autoAck: false });
    for (const body of ['one', 'two']) await say(own, topic, body);
    await until(() => seen.bodies.length === 2);
    await worker.disconnect();
    const heard = await listen(own, topic, { queue });
    await until(() => heard.bodies.length === 2);
    expect(heard.bodies).toEqual(['one', 'two']);
  });

  it('leaves events of other topics in its queue to those who subscribe to them', async () => {
    const [own, other] = [await connected(broker()), await connected(broker())];
    const [one, two, queue] = [unique('one'), unique('two'), unique('queue')];
    const heard = [await listen(own, one, { queue }), await listen(other, two, { queue })];
    for (const topic of [one, two]) await say(own, topic, topic);
    for (const { bodies } of heard) await until(() => bodies.length === 1);
    expect(heard.map(({ bodies }) => bodies)).toEqual([[one], [two]]);
  });

  it('lets a handler finish that works while its subscription ends', async () => {
    const [own, worker] = [await connected(broker()), await connected(broker())];
    const [topic, queue] = [unique('topic'), unique('queue')];
    let go = (): void => {};
    let calls = 0;
    const subscription = await worker.subscribe(
      topic,
      () => {
        calls += 1;
        return new Promise<void>((resolve) => (go = resolve));
      },
      { queue },
    );
    for (const body of ['one', 'two']) await say(own, topic, body);
    await until(() => calls === 1);
    await subscription.unsubscribe();
    go();
    const heard = await listen(own, topic, { queue });
    await until(() => heard.bodies.length > 0);
    expect([heard.bodies, calls]).toEqual([['two'], 1]);
  });

  it('refuses headers the protocol has no room for', async () => {
    const own = await connected(broker());
    const message = { headers: { k: 'x'.repeat(70_000) }, body: '' };
    await expect(own.publish('events', message)).rejects.toMatchObject({ code: 'invalid' });
    await say(own, 'events', 'still connected');
  });

  it('subscribes anew when its queue is deleted', async () => {
    const own = await connected(broker());
    const [topic, queue] = [unique('topic'), unique('queue')];
    const heard = await listen(own, topic, { queue });
    await (await raw()).deleteQueue(queue);
    await until(async () => {
      await say(own, topic, 'hello');
      return heard.bodies.length > 0;
    });
  });

  it.each(['', 'amq.x', 'x'.repeat(256)])('refuses the queue %j', async (queue) => {
    const own = await connected(broker());
    await expect(own.subscribe('topic', () => {}, { queue })).rejects.toMatchObject({ code: 'invalid' });
  });
});
