import { expect, it } from 'vitest';
import type { Broker } from '../../src/runtime/broker/broker.ts';
import { listen, say } from '../support/broker-world.ts';
import { unique } from '../support/name.ts';
import { until } from '../support/until.ts';

/** What brokers with queues keep to, besides. */
export function queues(two: () => Promise<readonly [Broker, Broker]>): void {
  const many = Array.from({ length: 60 }, (_, n) => String(n));

  it('brings each message to one member of a queue, and work to all of them', async () => {
    const [a, b] = await two();
    const topic = unique('topic');
    const queue = unique('queue');
    const members = [await listen(a, topic, { queue }), await listen(b, topic, { queue })];
    const everybody = await listen(b, topic);
    for (const body of many) await say(a, topic, body);
    const all = (): readonly string[] => members.flatMap(({ bodies }) => bodies);
    await until(() => all().length >= many.length && everybody.bodies.length >= many.length);
    expect(all().toSorted()).toEqual(many.toSorted());
    expect(everybody.bodies).toEqual(many);
    for (const { bodies } of members) expect(bodies.length).toBeGreaterThan(0);
  });

  it('has queues in one process, too', async () => {
    const [a, b] = await two();
    const topic = unique('topic');
    const queue = unique('queue');
    const members = [await listen(b, topic, { queue }), await listen(b, topic, { queue })];
    for (const body of many) await say(a, topic, body);
    const all = (): readonly string[] => members.flatMap(({ bodies }) => bodies);
    await until(() => all().length >= many.length);
    expect(all().toSorted()).toEqual(many.toSorted());
    for (const { bodies } of members) expect(bodies.length).toBeGreaterThan(0);
  });

  it('brings each message to every queue', async () => {
    const [a, b] = await two();
    const topic = unique('topic');
    const heard = [await listen(a, topic, { queue: unique('one') }), await listen(b, topic, { queue: unique('two') })];
    for (const body of ['x', 'y']) await say(a, topic, body);
    for (const { bodies } of heard) await until(() => bodies.length === 2);
    expect(heard.map(({ bodies }) => bodies.toSorted())).toEqual([
      ['x', 'y'],
      ['x', 'y'],
    ]);
  });

  it('keeps topics apart that have queues of the same name', async () => {
    const [a, b] = await two();
    const [one, other] = [unique('one'), unique('two')];
    const queue = unique('queue');
    const heard = [await listen(b, one, { queue }), await listen(b, other, { queue })];
    for (const body of many) {
      await say(a, one, `1-${body}`);
      await say(a, other, `2-${body}`);
    }
    for (const { bodies } of heard) await until(() => bodies.length >= many.length);
    const sent = ['1', '2'].map((mark) => many.map((body) => `${mark}-${body}`));
    expect(heard.map(({ bodies }) => bodies.toSorted())).toEqual(sent.map((bodies) => bodies.toSorted()));
  });

  it('leaves the work to the members that stay', async () => {
    const [a, b] = await two();
    const topic = unique('topic');
    const queue = unique('queue');
    const leaver = await listen(a, topic, { queue });
    const stayer = await listen(b, topic, { queue });
    await leaver.subscription.unsubscribe();
    for (const body of many) await say(b, topic, body);
    await until(() => stayer.bodies.length >= many.length);
    expect([leaver.bodies, stayer.bodies.toSorted()]).toEqual([[], many.toSorted()]);
  });
}
