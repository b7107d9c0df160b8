import { afterAll, beforeAll } from 'vitest';
import { rabbitmqBroker } from '../../../src/runtime/broker/rabbitmq/rabbitmq.ts';
import { brokerContract } from '../../contract/broker.ts';
import type { Daemon } from '../../support/daemon.ts';
import { missingRabbitmq, startRabbitmq } from '../../support/rabbitmq.ts';
import { withServer } from '../../support/needs.ts';

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
});
