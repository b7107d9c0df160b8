import { afterAll, beforeAll } from 'vitest';
import { redisBroker } from '../../../src/runtime/broker/redis/redis.ts';
import { brokerContract } from '../../contract/broker.ts';
import type { Daemon } from '../../support/daemon.ts';
import { missingRedis, startRedis } from '../../support/redis.ts';
import { withServer } from '../../support/needs.ts';

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
});
