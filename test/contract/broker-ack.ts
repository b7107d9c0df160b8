import { expect, it } from 'vitest';
import type { Broker, BrokerEvent } from '../../src/runtime/broker/broker.ts';
import { say } from '../support/broker-world.ts';
import { unique } from '../support/name.ts';
import { until } from '../support/until.ts';

/** What acknowledging means: much to a broker that keeps messages, nothing to others. */
export function acknowledgements(two: () => Promise<readonly [Broker, Broker]>, redelivers: boolean): void {
  it(
    redelivers ? 'brings again what a handler failed at' : 'does not bring again what a handler failed at',
    async () => {
      const [a, b] = await two();
      const topic = unique('topic');
      const seen: string[] = [];
      await b.subscribe(topic, ({ message }) => {
        const body = message.body.toString();
        const again = seen.includes(body);
        seen.push(body);
        if (body === 'one' && !again) throw new Error('not now');
      });
      for (const body of ['one', 'two']) await say(a, topic, body);
      const all = redelivers ? ['one', 'one', 'two'] : ['one', 'two'];
      await until(() => seen.length >= all.length);
      expect(seen.toSorted()).toEqual(all);
    },
  );

  it('lets the handler acknowledge itself, as often as it likes', async () => {
    const [a, b] = await two();
    const topic = unique('topic');
    const events: BrokerEvent[] = [];
    await b.subscribe(topic, (event) => void events.push(event), { autoAck: false });
    for (const body of ['one', 'two']) await say(a, topic, body);
    await until(() => events.length === 2);
    for (const event of events) {
      await event.ack();
      await event.ack();
    }
    await say(a, topic, 'three');
    await until(() => events.length === 3);
    expect(events.map(({ message }) => message.body.toString())).toEqual(['one', 'two', 'three']);
  });
}
