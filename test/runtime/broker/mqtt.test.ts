import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { mqttBroker } from '../../../src/runtime/broker/mqtt/mqtt.ts';
import { brokerContract } from '../../contract/broker.ts';
import type { Daemon } from '../../support/daemon.ts';
import { missingMosquitto, startMosquitto } from '../../support/mosquitto.ts';
import { withServer } from '../../support/needs.ts';
import { connected, listen } from '../../support/broker-world.ts';
import { unique } from '../../support/name.ts';
import { until } from '../../support/until.ts';

withServer(missingMosquitto(), 'over MQTT', () => {
  let mosquitto: Daemon;
  beforeAll(async () => {
    mosquitto = await startMosquitto();
  });
  afterAll(() => mosquitto.stop());

  const broker = () => mqttBroker({ url: `127.0.0.1:${mosquitto.port}` });

  brokerContract('mqtt', {
    pair: () => [broker(), broker()],
    queues: true,
    redelivers: false,
    forbidden: ['', '+', 'a/+', 'a/#', '#', '$share/q/a', '$SYS/broker', 'a\0b', 'x'.repeat(65_536)],
    similar: ['', '.a', '.*', '/a', '/a/b', '/', '//', '>', ' ', 'é'],
    async restart(down) {
      await mosquitto.kill();
      await down();
      await mosquitto.start();
    },
  });

  it('speaks to peers as go-micro does', async () => {
    const own = await connected(broker());
    const peer = await connectAsync(`mqtt://127.0.0.1:${mosquitto.port}`);
    onTestFinished(() => peer.endAsync(true));
    const topic = unique('topic');
    const payloads: string[] = [];
    peer.on('message', (_, bytes, { qos }) => void payloads.push(`${bytes.toString()}${qos}`));
    await peer.subscribeAsync(topic, { qos: 1 });
    const heard = await listen(own, topic);
    await own.publish(topic, { headers: { k: 'v', a: '<' }, body: 'hello' });
    await until(() => payloads.length === 1 && heard.bodies.length === 1);
    expect(payloads).toEqual(['{"Header":{"a":"\\u003c","k":"v"},"Body":"aGVsbG8="}1']);
    for (const payload of ['no message', '', '{"Header":null,"Body":"aGVsbG8="}'])
      await peer.publishAsync(topic, payload, { qos: 1 });
    await until(() => heard.bodies.length === 2);
    expect(heard.messages[1]).toEqual({ headers: {}, body: Buffer.from('hello') });
  });
});
