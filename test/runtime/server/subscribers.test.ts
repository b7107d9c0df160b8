import { expect, onTestFinished, test } from 'vitest';
import type { Broker } from '../../../src/runtime/broker/broker.ts';
import { memoryBroker } from '../../../src/runtime/broker/memory.ts';
import type { Subscriber } from '../../../src/runtime/server/server.ts';
import { subscriber } from '../../../src/runtime/server/server.ts';
import { newServer } from '../../../src/runtime/server/micro.ts';
import type { Server } from '../../../src/runtime/server/server.ts';
import { until } from '../../support/until.ts';
import { newWorld } from '../world.ts';

async function serve(broker: Broker, one: Subscriber): Promise<Server> {
  const { registry, transport } = newWorld();
  const server = newServer({ name: 'greeter', address: '127.0.0.1:0', registry, transport, broker });
  server.subscribe(one);
  onTestFinished(async () => {
    await server.stop({ graceMs: 0 });
    await broker.disconnect();
  });
  await server.start();
  return server;
}

const say = (broker: Broker, body: string): Promise<void> =>
  broker.publish('deployed', { headers: { 'content-type': 'application/json' }, body });

test('a subscriber that outlasts the grace of a server hears from its signal that the server stops', async () => {
  const broker = memoryBroker();
  let begun = false;
  let reason: unknown;
  const server = await serve(
    broker,
    subscriber('deployed', async (_message, { signal }) => {
      begun = true;
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
      reason = signal.reason;
    }),
  );
  await say(broker, '{}');
  await until(() => begun);
  await server.stop({ graceMs: 10 });
  await until(() => reason);
  expect(reason).toMatchObject({ id: 'greeter', code: 500, detail: 'the server is stopping' });
});

test('an event that cannot be read counts as dealt with, also where the subscriber acknowledges', async () => {
  const inner = memoryBroker();
  let acknowledged = 0;
  const broker: Broker = {
    ...inner,
    subscribe: (topic, handler, options) =>
      inner.subscribe(
        topic,
        (event) =>
          handler({
            ...event,
            ack() {
              acknowledged += 1;
              return event.ack();
            },
          }),
        options,
      ),
  };
  const seen: unknown[] = [];
  await serve(
    broker,
    subscriber('deployed', (message) => void seen.push(message), { autoAck: false }),
  );
  await say(broker, '{bad');
  await say(broker, '{"name":"billing"}');
  await until(() => seen.length === 1);
  expect(acknowledged).toBe(1);
});
