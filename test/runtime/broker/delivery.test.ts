import { describe, expect, it } from 'vitest';
import { silent } from '../../../src/log/log.ts';
import { memoryBroker } from '../../../src/runtime/broker/memory.ts';
import { connected, listen, say } from '../../support/broker-world.ts';
import { until } from '../../support/until.ts';

describe('a handler that does not keep up', () => {
  it('costs no more memory than 64 MiB, loses what is too much, and both are told', async () => {
    const told: string[] = [];
    const log = {
      ...silent,
      warn: (message: string) => void told.push(message),
      info: (message: string) => void told.push(message),
    };
    const broker = await connected(memoryBroker({ log }));
    let go = (): void => {};
    let handled = 0;
    await broker.subscribe('events', async () => {
      if (handled === 0) await new Promise<void>((resolve) => (go = resolve));
      handled += 1;
    });
    const other = await listen(broker, 'events');
    const body = Buffer.alloc(1024 * 1024);
    for (let n = 0; n < 100; n += 1) await say(broker, 'events', body);
    await until(() => other.bodies.length === 100);
    expect(told).toEqual(['the handler does not keep up: events are refused']);
    go();
    await until(() => told.length === 2);
    expect(told[1]).toBe('the handler keeps up again');
    // One was in its hands, 64 waited.
    expect(handled).toBe(65);
    await say(broker, 'events', 'again');
    await until(() => handled === 66);
  });

  it('may have many small ones waiting', async () => {
    const broker = await connected(memoryBroker());
    const bodies: string[] = [];
    let go = (): void => {};
    await broker.subscribe('events', async ({ message }) => {
      if (bodies.length === 0) await new Promise<void>((resolve) => (go = resolve));
      bodies.push(message.body.toString());
    });
    const sent = Array.from({ length: 5000 }, (_, n) => String(n));
    for (const body of sent) await say(broker, 'events', body);
    go();
    await until(() => bodies.length === sent.length);
    expect(bodies).toEqual(sent);
  });

  it('gets nothing of what waits once it has unsubscribed', async () => {
    const broker = await connected(memoryBroker());
    let calls = 0;
    let go = (): void => {};
    const subscription = await broker.subscribe('events', () => {
      calls += 1;
      return new Promise<void>((resolve) => (go = resolve));
    });
    const marker = await listen(broker, 'events');
    for (const body of ['one', 'two']) await say(broker, 'events', body);
    await until(() => marker.bodies.length === 2);
    await subscription.unsubscribe();
    go();
    await say(broker, 'events', 'three');
    await until(() => marker.bodies.length === 3);
    expect(calls).toBe(1);
  });
});
