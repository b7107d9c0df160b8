import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { natsBroker } from '../../../src/runtime/broker/nats/nats.ts';
import { brokerContract } from '../../contract/broker.ts';
import { connected, listen, say } from '../../support/broker-world.ts';
import { missingNats, type Nats, startNats } from '../../support/nats.ts';
import { withServer } from '../../support/needs.ts';
import { unique } from '../../support/name.ts';
import { until } from '../../support/until.ts';

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

  it('speaks to peers as go-micro does', async () => {
    const own = await connected(broker());
    const peer = await connect({ servers: nats.url });
    onTestFinished(() => peer.close());
    const topic = unique('topic');
    const payloads: string[] = [];
    peer.subscribe(topic, { callback: (_, message) => void payloads.push(message.string()) });
    await peer.flush();
    const heard = await listen(own, topic);
    await own.publish(topic, { headers: { k: 'v', a: '<' }, body: 'hello' });
    await until(() => payloads.length === 1 && heard.bodies.length === 1);
    expect(payloads).toEqual(['{"Header":{"a":"\\u003c","k":"v"},"Body":"aGVsbG8="}']);
    for (const payload of ['no message', '', '{"Header":null,"Body":"aGVsbG8="}']) peer.publish(topic, payload);
    await until(() => heard.bodies.length === 2);
    expect(heard.messages[1]).toEqual({ headers: {}, body: Buffer.from('hello') });
  });

  it('shares a queue group with them', async () => {
    const own = await connected(broker());
    const peer = await connect({ servers: nats.url });
    onTestFinished(() => peer.close());
    const [topic, queue] = [unique('topic'), unique('queue')];
    let theirs = 0;
    peer.subscribe(topic, { queue, callback: () => void (theirs += 1) });
    await peer.flush();
    const heard = await listen(own, topic, { queue });
    for (let n = 0; n < 100; n += 1) await say(own, topic);
    await until(() => heard.bodies.length + theirs === 100);
    expect(theirs).toBeGreaterThan(0);
    expect(theirs).toBeLessThan(100);
  });

  it.each(['', 'a b', 'a\n', 'x'.repeat(1025)])('refuses the queue %j', async (queue) => {
    const own = await connected(broker());
    await expect(own.subscribe('topic', () => {}, { queue })).rejects.toMatchObject({ code: 'invalid' });
  });

  it('refuses what the server would not take', async () => {
    const own = await connected(broker());
    await expect(say(own, 'topic', Buffer.alloc(7 * 1024 * 1024))).rejects.toMatchObject({ code: 'too_large' });
    await say(own, 'topic', 'still connected');
  });
});
