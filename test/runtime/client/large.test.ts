import { expect, test } from 'vitest';
import type { CallOptions, Client } from '../../../src/runtime/client/client.ts';
import { unary } from '../../../src/runtime/server/server.ts';
import { until } from '../../support/until.ts';
import { newWorld } from '../world.ts';
import type { Relay } from './relay.ts';
import { relay } from './relay.ts';

// The way to the server stops each connection that carries more than a little. Small calls pass all the same exactly when nothing
// large is before them on their connection: that is what is measured, not time.

const littleBytes = 100_000;
const large = 'x'.repeat(1_000_000);

interface Sized {
  readonly size?: number;
  readonly text?: string;
}

const methods = {
  Small: unary(() => ({ text: 'small' })),
  Repeat: unary(({ size = 0 }: Sized) => ({ text: 'x'.repeat(size) })),
  Measure: unary(({ text = '' }: Sized) => ({ size: text.length })),
};

interface Road {
  readonly way: Relay;
  readonly call: (endpoint: keyof typeof methods, body?: Sized, options?: CallOptions) => Promise<Sized>;
}

async function road(): Promise<Road> {
  const world = newWorld();
  const server = await world.serve(methods);
  const way = await relay(server.address, littleBytes);
  const metadata = server.record.nodes[0]?.metadata ?? {};
  const client: Client = world.client();
  const nodes = [{ id: 'greeter', address: way.address, metadata }];
  return {
    way,
    call: (endpoint, body = {}, options = {}) =>
      client.call({ service: 'greeter', endpoint: `Greeter.${endpoint}`, body }, { nodes, ...options }),
  };
}

/** Whether small calls pass while `blocking` is stuck on its way; lets it go then, and gives what it brought. */
async function overtake({ way, call }: Road, blocking: Promise<Sized>): Promise<Sized> {
  let isOver = false;
  const seen = blocking.finally(() => {
    isOver = true;
  });
  await until(() => way.isBlocked);
  for (let count = 0; count < 20; count += 1) expect(await call('Small')).toEqual({ text: 'small' });
  expect(isOver).toBe(false);
  way.open();
  return await seen;
}

test('a large request does not hold up what is asked after it', async () => {
  const one = await road();
  await one.call('Small');
  await one.call('Measure', { text: 'x' });
  expect(await overtake(one, one.call('Measure', { text: large }))).toEqual({ size: large.length });
});

test('a large answer does not hold up others, also when nobody knew how large it would be', async () => {
  const one = await road();
  expect(await overtake(one, one.call('Repeat', { size: large.length }))).toEqual({ text: large });
});

test('an endpoint that has given a large answer once does not hold up others from then on', async () => {
  const one = await road();
  await one.call('Repeat', { size: 1 });
  await one.call('Repeat', { size: 50_000 });
  expect(await overtake(one, one.call('Repeat', { size: large.length }))).toEqual({ text: large });
});

test('an endpoint whose answers have become small again shares its connection again', async () => {
  const { way, call } = await road();
  await call('Repeat', { size: 50_000 });
  for (let count = 0; count < 10; count += 1) await call('Repeat', { size: 1 });
  await call('Small');
  await call('Small');
  const before = way.connections;
  await Promise.all(Array.from({ length: 50 }, () => call('Repeat', { size: 1 })));
  expect(way.connections).toBe(before);
});

test('a call with much metadata has a connection of its own: a head that is refused ends only that call', async () => {
  const world = newWorld();
  const server = await world.serve({ Wait: unary(() => new Promise(() => {})), Small: methods.Small });
  const client = world.client();
  const wait = { service: 'greeter', endpoint: 'Greeter.Wait' };
  const small = { service: 'greeter', endpoint: 'Greeter.Small' };
  const waiting = client.call(wait, { timeoutMs: 60_000 });
  waiting.catch(() => {});
  const another = client.call(wait, { timeoutMs: 60_000, retries: 0 });
  let isOver = false;
  another
    .catch(() => {})
    .finally(() => {
      isOver = true;
    });
  await client.call(small);
  await client.call(small);
  const Big = 'x'.repeat(200_000);
  await expect(client.call(small, { metadata: { Big }, retries: 0 })).rejects.toMatchObject({
    id: 'go.micro.client.transport',
  });
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, number) => [`N${number}`, '']));
  await expect(client.call(small, { metadata: many, retries: 0 })).rejects.toMatchObject({
    id: 'go.micro.client.transport',
  });
  await client.call(small);
  expect(isOver).toBe(false);
  expect(server.record.nodes[0]?.metadata['multiplex']).toBe('true');
});
