import { expect, onTestFinished, test } from 'vitest';
import { memoryBroker } from '../../src/runtime/broker/memory.ts';
import type { BrokerEvent } from '../../src/runtime/broker/broker.ts';
import { newPublisher } from '../../src/runtime/publisher.ts';
import { until } from '../support/until.ts';
import { failure, newWorld } from './world.ts';

test('a publisher publishes to its topic, in its way', async () => {
  const broker = memoryBroker();
  onTestFinished(() => broker.disconnect());
  await broker.connect();
  const events: BrokerEvent[] = [];
  await broker.subscribe('deployed', (event) => void events.push(event));
  const client = newWorld().client({ broker });
  const publisher = newPublisher<{ readonly name: string }>('deployed', client);
  await publisher.publish({ name: 'billing' }, { metadata: { Who: 'john' } });
  await newPublisher<string>('deployed', client, { raw: true, contentType: 'text/plain' }).publish('as it is');
  await until(() => events.length === 2);
  expect(publisher.topic).toBe('deployed');
  expect(JSON.parse(String(events[0]?.message.body))).toEqual({ name: 'billing' });
  expect(events[0]?.message.headers).toMatchObject({ 'Content-Type': 'application/json', Who: 'john' });
  expect(String(events[1]?.message.body)).toBe('as it is');
});

test('without a broker it says so', async () => {
  const publisher = newPublisher('deployed', newWorld().client());
  expect(await failure(publisher.publish({}))).toMatchObject({
    code: 500,
    detail: expect.stringContaining('no broker'),
  });
});
