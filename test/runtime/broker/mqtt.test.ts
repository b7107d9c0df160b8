import { afterAll, beforeAll } from 'vitest';
import { mqttBroker } from '../../../src/runtime/broker/mqtt/mqtt.ts';
import { brokerContract } from '../../contract/broker.ts';
import type { Daemon } from '../../support/daemon.ts';
import { missingMosquitto, startMosquitto } from '../../support/mosquitto.ts';
import { withServer } from '../../support/needs.ts';

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
});
