import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { natsBroker } from '../../../src/runtime/broker/nats/nats.ts';
import { brokerContract } from '../../contract/broker.ts';
import { connected, say } from '../../support/broker-world.ts';
import { missingNats, type Nats, startNats } from '../../support/nats.ts';
import { withServer } from '../../support/needs.ts';

withServer(missingNats(), 'over NATS', () => {
  let nats: Nats;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'micro-nats-conf-'));
    // 1 MiB as JSON is more than a server takes unless it is told to.
    writeFileSync(join(folder, 'nats.conf'), 'max_payload: 8MB\n');
    nats = await startNats(['-c', join(folder, 'nats.conf')]);
  });
  afterAll(async () => {
    await nats.stop();
    await rm(folder, { recursive: true });
  });

  const broker = () => natsBroker({ servers: [nats.url] });

  brokerContract('nats', {
    pair: () => [broker(), broker()],
    queues: true,
    redelivers: false,
    forbidden: ['', 'a b', 'a\tb', 'a\r\nPUB b', 'a..b', '.a', 'a.', '*', 'a.*', 'a.>', '>', 'x'.repeat(1025)],
    similar: ['', '.a', '.a.b', '.a.b.c', '*', '.a*', '/#', 'é'],
    async restart(down) {
      await nats.kill();
      await down();
      await nats.restart();
    },
  });

  it('refuses what the server would not take', async () => {
    const own = await connected(broker());
    await expect(say(own, 'topic', Buffer.alloc(7 * 1024 * 1024))).rejects.toMatchObject({ code: 'too_large' });
    await say(own, 'topic', 'still connected');
  });
});
