import { expect, onTestFinished, test } from 'vitest';
import { memoryBroker } from '../../../src/runtime/broker/memory.ts';
import { MicroError } from '../../../src/runtime/errors.ts';
import { streaming, unary } from '../../../src/runtime/server/server.ts';
import { memoryTransport } from '../../../src/runtime/transport/memory.ts';
import { clientMetadata } from '../../../src/runtime/wrappers/metadata.ts';
import { until } from '../../support/until.ts';
import { failure, newWorld } from '../world.ts';

const Seen = unary((_: unknown, context) => [context.header('Tenant'), context.header('Token')]);
const Streamed = streaming(async function* (_requests, context) {
  yield context.header('Tenant');
});
const seen = { service: 'greeter', endpoint: 'Greeter.Seen' };

test('the same metadata goes with every call and stream, and what a call brings wins', async () => {
  const world = newWorld(memoryTransport);
  await world.serve({ Seen, Streamed });
  const caller = world.client({ wrappers: [clientMetadata({ Tenant: 'acme', Token: 'one' })] });
  expect(await caller.call(seen)).toEqual(['acme', 'one']);
  expect(await caller.call(seen, { metadata: { Token: 'two' } })).toEqual(['acme', 'two']);
  for await (const value of await caller.stream({ ...seen, endpoint: 'Greeter.Streamed' })) expect(value).toBe('acme');
});

test('metadata can be made for each call, also by asking somebody', async () => {
  const world = newWorld(memoryTransport);
  await world.serve({ Seen });
  let tokens = 0;
  const caller = world.client({
    wrappers: [
      clientMetadata((target) => ({ Tenant: 'endpoint' in target ? target.endpoint : target.topic })),
      clientMetadata(async () => ({ Token: `${(tokens += 1)}` })),
    ],
  });
  expect(await caller.call(seen)).toEqual(['Greeter.Seen', '1']);
  expect(await caller.call(seen)).toEqual(['Greeter.Seen', '2']);
});

test('a call fails with what the maker of its metadata throws, and sends nothing', async () => {
  const world = newWorld(memoryTransport);
  let calls = 0;
  await world.serve({ Seen: unary(() => (calls += 1)) });
  const caller = world.client({
    wrappers: [clientMetadata(() => Promise.reject(new MicroError('vault', 401, 'sealed')))],
  });
  expect(await failure(caller.call(seen))).toMatchObject({ id: 'vault', code: 401 });
  expect(calls).toBe(0);
});

test('it goes with events too', async () => {
  const broker = memoryBroker();
  onTestFinished(() => broker.disconnect());
  await broker.connect();
  const heard: unknown[] = [];
  await broker.subscribe('deployed', ({ message }) => void heard.push(message.headers['Tenant']));
  const client = newWorld(memoryTransport).client({ broker, wrappers: [clientMetadata({ Tenant: 'acme' })] });
  await client.publish({ topic: 'deployed' });
  await client.publish({ topic: 'deployed' }, { metadata: { Tenant: 'other' } });
  await until(() => heard.length === 2);
  expect(heard).toEqual(['acme', 'other']);
});
