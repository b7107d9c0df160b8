import { describe, expect, it } from 'vitest';
import type { Broker } from '../../src/runtime/broker/broker.ts';
import { connected, listen, say } from '../support/broker-world.ts';
import { unique } from '../support/name.ts';
import { until } from '../support/until.ts';
import { acknowledgements } from './broker-ack.ts';
import { queues } from './broker-queue.ts';

export interface BrokerTraits {
  /** Two brokers that reach each other, not connected. */
  readonly pair: () => readonly [Broker, Broker];
  readonly queues: boolean;
  /** Brings again what was not dealt with. */
  readonly redelivers: boolean;
  /** Ends the server the brokers use, without a goodbye, and starts it again. */
  readonly restart?: (down: () => Promise<void>) => Promise<void>;
  /** Topics this broker cannot have. */
  readonly forbidden: readonly string[];
  /** Topics of which none may be taken for another. */
  readonly similar: readonly string[];
}

/** What every broker keeps to. Run by each driver. */
export function brokerContract(driver: string, traits: BrokerTraits): void {
  const two = async (): Promise<readonly [Broker, Broker]> => {
    const [a, b] = traits.pair();
    await connected(a);
    return [a, b === a ? b : await connected(b)];
  };

  describe(`the ${driver} broker`, () => {
    it('brings each message to every subscription, once', async () => {
      const [a, b] = await two();
      const topic = unique('topic');
      const heard = [await listen(a, topic), await listen(b, topic), await listen(b, topic)];
      await say(a, topic, 'one');
      await say(a, topic, 'end');
      for (const { bodies } of heard) await until(() => bodies.includes('end'));
      for (const { bodies } of heard) expect(bodies).toEqual(['one', 'end']);
    });

    it('tells the topic, and carries headers of any text', async () => {
      const [a, b] = await two();
      const topic = unique('topic');
      const heard = await listen(b, topic);
      const headers = {
        'Content-Type': 'text/plain',
        'Micro-ID': 'x',
        text: 'hé → ✓ <&>\u2028"\\ 😀',
        empty: '',
        lines: 'a\nb',
      };
      await a.publish(topic, { headers, body: 'body' });
      const [message] = await until(() => heard.messages.length > 0 && heard.messages);
      expect(message?.headers).toMatchObject(headers);
      expect([heard.subscription.topic, ...heard.topics]).toEqual([topic, topic]);
    });

    it('carries bodies of any bytes', async () => {
      const [a, b] = await two();
      const topic = unique('topic');
      const heard = await listen(b, topic);
      const bodies = [Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), Buffer.alloc(0), Buffer.from('é"<')];
      for (const body of bodies) await say(a, topic, body);
      await until(() => heard.messages.length === bodies.length);
      expect(heard.messages.map(({ body }) => body)).toEqual(bodies);
    });

    it('sends text as UTF-8, and a part of a larger buffer as that part', async () => {
      const [a, b] = await two();
      const topic = unique('topic');
      const heard = await listen(b, topic);
      await say(a, topic, '✓');
      await say(a, topic, Buffer.from('..part..').subarray(2, 6));
      await until(() => heard.bodies.length === 2);
      expect(heard.bodies).toEqual(['✓', 'part']);
    });

    it('carries a body of 1 MiB', async () => {
      const [a, b] = await two();
      const topic = unique('topic');
      const heard = await listen(b, topic);
      const body = Buffer.alloc(1024 * 1024, 'abcdefg');
      await say(a, topic, body);
      await until(() => heard.messages.length === 1);
      expect(heard.messages[0]?.body.equals(body)).toBe(true);
    });

    it('keeps a message as it was published, whatever becomes of its bytes afterwards', async () => {
      const [a, b] = await two();
      const topic = unique('topic');
      const heard = [await listen(b, topic), await listen(b, topic)];
      const body = Buffer.from('before');
      await say(a, topic, body);
      body.fill('x');
      for (const { bodies } of heard) await until(() => bodies.length === 1);
      expect(heard.map(({ bodies }) => bodies)).toEqual([['before'], ['before']]);
    });

    it('keeps the order of one publisher', async () => {
      const [a, b] = await two();
      const topic = unique('topic');
      const heard = await listen(b, topic);
      const sent = Array.from({ length: 300 }, (_, n) => String(n));
      await Promise.all(sent.map((body) => say(a, topic, body)));
      await until(() => heard.bodies.length >= sent.length);
      expect(heard.bodies).toEqual(sent);
    });

    it('gives a subscription one message at a time', async () => {
      const [a, b] = await two();
      const topic = unique('topic');
      let running = 0;
      let most = 0;
      let done = 0;
      await b.subscribe(topic, async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise(setImmediate);
        running -= 1;
        done += 1;
      });
      await Promise.all(Array.from({ length: 20 }, () => say(a, topic)));
      await until(() => done === 20);
      expect(most).toBe(1);
    });

    it('does not mix topics', async () => {
      const [a, b] = await two();
      const prefix = unique('topic');
      const topics = traits.similar.map((topic) => prefix + topic);
      const heard = await Promise.all(topics.map((topic) => listen(b, topic)));
      for (const topic of topics) await say(a, topic, topic);
      for (const { bodies } of heard) await until(() => bodies.length > 0);
      expect(heard.map(({ bodies }) => bodies)).toEqual(topics.map((topic) => [topic]));
    });

    it.each(traits.forbidden)('refuses the topic %j', async (topic) => {
      const [a] = await two();
      await expect(a.subscribe(topic, () => {})).rejects.toMatchObject({ name: 'BrokerError', code: 'invalid' });
      await expect(say(a, topic)).rejects.toMatchObject({ name: 'BrokerError', code: 'invalid' });
    });

    it('does not mind when nobody listens', async () => {
      const [a] = await two();
      await say(a, unique('topic'), 'hello?');
    });

    it('brings nothing once unsubscribe has resolved', async () => {
      const [a, b] = await two();
      const topic = unique('topic');
      const [leaver, stayer] = [await listen(b, topic), await listen(b, topic)];
      await say(a, topic, 'one');
      await until(() => leaver.bodies.length === 1 && stayer.bodies.length === 1);
      await leaver.subscription.unsubscribe();
      await leaver.subscription.unsubscribe();
      await say(a, topic, 'two');
      await until(() => stayer.bodies.length === 2);
      expect(leaver.bodies).toEqual(['one']);
    });

    it('lets a handler unsubscribe itself', async () => {
      const [a, b] = await two();
      const topic = unique('topic');
      const stayer = await listen(b, topic);
      let calls = 0;
      const subscription = await b.subscribe(topic, async () => {
        calls += 1;
        await subscription.unsubscribe();
      });
      await say(a, topic, 'one');
      await until(() => calls === 1 && stayer.bodies.length === 1);
      await say(a, topic, 'two');
      await until(() => stayer.bodies.length === 2);
      expect(calls).toBe(1);
    });

    it('subscribes again to what was left', async () => {
      const [a, b] = await two();
      const topic = unique('topic');
      const before = await listen(b, topic);
      await before.subscription.unsubscribe();
      const after = await listen(b, topic);
      await say(a, topic, 'again');
      await until(() => after.bodies.length === 1);
      expect(before.bodies).toEqual([]);
    });

    it.each([
      ['throws', () => Promise.resolve().then(() => Promise.reject(new Error('no')))],
      [
        'throws at once',
        () => {
          throw new Error('no');
        },
      ],
      ['never returns', () => new Promise<void>(() => {})],
    ])('lets a handler that %s harm nobody else', async (_, bad) => {
      const [a, b] = await two();
      const topic = unique('topic');
      await b.subscribe(topic, bad);
      const heard = await listen(b, topic);
      const other = await listen(b, `${topic}-other`);
      for (const body of ['one', 'two']) await say(a, topic, body);
      await say(a, `${topic}-other`, 'three');
      await until(() => heard.bodies.length === 2 && other.bodies.length === 1);
      expect(heard.bodies).toEqual(['one', 'two']);
    });

    it('publishes from inside a handler', async () => {
      const [a, b] = await two();
      const topic = unique('topic');
      const bodies: string[] = [];
      await b.subscribe(topic, async ({ message }) => {
        bodies.push(message.body.toString());
        if (bodies.length < 3) await say(b, topic, `${message.body.toString()}!`);
      });
      await say(a, topic, 'hey');
      await until(() => bodies.length === 3);
      expect(bodies).toEqual(['hey', 'hey!', 'hey!!']);
    });

    if (traits.queues) queues(two);
    else
      it('refuses a queue, which it cannot have', async () => {
        const [a] = await two();
        await expect(a.subscribe(unique('topic'), () => {}, { queue: 'q' })).rejects.toMatchObject({ code: 'invalid' });
      });

    acknowledgements(two, traits.redelivers);

    it('does nothing before connect and after disconnect', async () => {
      const [a] = traits.pair();
      const disconnected = expect.objectContaining({ name: 'BrokerError', code: 'disconnected' });
      expect(a.address).toBe('');
      await a.disconnect();
      await expect(say(a, 'topic')).rejects.toEqual(disconnected);
      await expect(a.subscribe('topic', () => {})).rejects.toEqual(disconnected);
      await connected(a);
      expect(a.address).not.toBe('');
      await a.disconnect();
      await a.disconnect();
      expect(a.address).toBe('');
      await expect(say(a, 'topic')).rejects.toEqual(disconnected);
      await expect(a.subscribe('topic', () => {})).rejects.toEqual(disconnected);
    });

    it('connects again, without the subscriptions it had', async () => {
      const [a] = await two();
      const topic = unique('topic');
      const before = await listen(a, topic);
      await Promise.all([a.connect(), a.connect()]);
      await Promise.all([a.disconnect(), a.disconnect()]);
      await Promise.all([a.connect(), a.connect()]);
      const after = await listen(a, topic);
      await say(a, topic, 'one');
      await until(() => after.bodies.length === 1);
      expect(before.bodies).toEqual([]);
      await before.subscription.unsubscribe();
      await say(a, topic, 'two');
      await until(() => after.bodies.length === 2);
    });

    it('sends what was published before it disconnects', async () => {
      const [a, b] = traits.pair();
      if (a === b) return;
      await Promise.all([connected(a), connected(b)]);
      const topic = unique('topic');
      const heard = await listen(b, topic);
      const published = Promise.allSettled(Array.from({ length: 50 }, (_, n) => say(a, topic, String(n))));
      await a.disconnect();
      expect((await published).filter(({ status }) => status === 'rejected')).toEqual([]);
      await until(() => heard.bodies.length === 50);
    });

    const { restart } = traits;
    if (restart === undefined) return;
    it('lives on when its server was killed and is back', async () => {
      const [a, b] = await two();
      const topic = unique('topic');
      const heard = await listen(b, topic);
      const queued = traits.queues ? await listen(b, topic, { queue: unique('queue') }) : heard;
      await restart(async () => {
        const refused = await until(
          async () => (await say(a, topic, 'lost').catch((error: unknown) => ({ error }))) ?? false,
        );
        expect(refused).toMatchObject({ error: { name: 'BrokerError', code: 'unreachable' } });
        await expect(a.subscribe(topic, () => {})).rejects.toMatchObject({ code: 'unreachable' });
      });
      await until(async () => {
        await say(a, topic, 'back');
        return heard.bodies.includes('back') && queued.bodies.includes('back');
      }, 20_000);
    });
  });
}
