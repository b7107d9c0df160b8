import { expect, onTestFinished, test } from 'vitest';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import type { RegisterOptions, Registry } from '../../src/discovery/registry.ts';
import { memoryBroker } from '../../src/runtime/broker/memory.ts';
import { newClient } from '../../src/runtime/client/micro.ts';
import { badRequest } from '../../src/runtime/errors.ts';
import type { FunctionOptions, MicroFunction } from '../../src/runtime/function.ts';
import { newFunction } from '../../src/runtime/function.ts';
import { newPublisher } from '../../src/runtime/publisher.ts';
import { streaming, subscriber, unary } from '../../src/runtime/server/server.ts';
import { httpTransport } from '../../src/runtime/transport/http/http.ts';
import { until } from '../support/until.ts';
import { failure, hello } from './world.ts';

const Refuse = unary(() => {
  throw badRequest('once', 'no');
});
const Count = streaming(async function* () {
  yield* [1, 2, 3];
});
const handlers = [{ name: 'Say', methods: { Hello: hello, Refuse, Count } }];
const say = (method: string) => ({ service: 'once', endpoint: `Say.${method}`, body: { name: 'John' } });

/** A function that runs, and a client beside it. */
async function setup(options: Partial<FunctionOptions> = {}) {
  const registry = options.registry ?? memoryRegistry();
  const micro = newFunction({ name: 'once', address: '127.0.0.1:0', registry, handlers, ...options });
  const client = newClient({ registry, transport: httpTransport(), defaults: { retries: 0 } });
  onTestFinished(() => client.close());
  const ended = run(micro);
  await until(async () => (await registry.getService('once')).length > 0);
  return { micro, client, registry, ...ended };
}

function run(micro: MicroFunction) {
  const state = { over: false };
  const ended = micro.run({ signal: new AbortController().signal }).then(() => {
    state.over = true;
  });
  onTestFinished(async () => {
    micro.done();
    await ended;
  });
  return { state, ended };
}

test('a function answers its first call, then it is gone', async () => {
  const { client, ended, registry } = await setup();
  expect(await client.call(say('Hello'))).toEqual({ msg: 'Hello John' });
  await ended;
  expect(await registry.getService('once')).toEqual([]);
});

test('an error is an answer too', async () => {
  const { client, ended } = await setup();
  expect(await failure(client.call(say('Refuse')))).toMatchObject({ code: 400 });
  await ended;
});

test('calls that come together are all answered', async () => {
  const { client, ended } = await setup();
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => client.call(say('Hello'))));
  const answered = outcomes.filter(({ status }) => status === 'fulfilled');
  expect(answered.length).toBeGreaterThan(0);
  for (const each of outcomes) if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 500 });
  await ended;
});

test('a stream is answered when it has ended', async () => {
  const { client, ended } = await setup();
  const values: unknown[] = [];
  for await (const value of await client.stream(say('Count'))) values.push(value);
  expect(values).toEqual([1, 2, 3]);
  await ended;
});

test('an event ends it as well, once it is dealt with', async () => {
  const broker = memoryBroker();
  onTestFinished(() => broker.disconnect());
  const seen: unknown[] = [];
  const { ended, micro } = await setup({
    broker,
    subscribers: [subscriber('deployed', (message) => void seen.push(message))],
  });
  await newPublisher<{ readonly name: string }>('deployed', micro.client).publish({ name: 'billing' });
  await ended;
  expect(seen).toEqual([{ name: 'billing' }]);
});

test('asking for its health does not end it, and it can be ended', async () => {
  const { client, micro, ended, state } = await setup();
  expect(await client.call({ service: 'once', endpoint: 'Debug.Health' })).toEqual({ status: 'ok' });
  expect(state.over).toBe(false);
  micro.done();
  await ended;
});

test('it is a service like any other: it shows its options, and takes more', async () => {
  const lives: (RegisterOptions | undefined)[] = [];
  const memory = memoryRegistry();
  const registry: Registry = {
    ...memory,
    register(record, options) {
      lives.push(options);
      return memory.register(record, options);
    },
  };
  const micro = newFunction({ name: 'once', address: '127.0.0.1:0', registry });
  micro.init({ version: '3' });
  expect(micro.options).toMatchObject({ version: '3', registerTtlMs: 60_000, registerIntervalMs: 30_000 });
  const { ended } = run(micro);
  await until(() => lives.length > 0);
  expect(lives).toEqual([{ ttlMs: 60_000 }]);
  micro.done();
  await ended;
});
