import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Context } from '../../src/runtime/context.ts';
import { newServer } from '../../src/runtime/server/micro.ts';
import { subscriber } from '../../src/runtime/server/server.ts';
import { until } from '../support/until.ts';
import { say, shell } from './say.ts';
import { newWorld } from './world.ts';

const world = newWorld();
const seen: { readonly message: unknown; readonly context: Context }[] = [];

beforeAll(async () => {
  const { transport, registry, broker } = world;
  const server = newServer({ transport, registry, broker, name: 'listener', address: ':0' });
  server.subscribe(subscriber('deployed', (message: unknown, context) => void seen.push({ message, context })));
  await server.start();
});
afterAll(() => world.close());

describe('publish', () => {
  test('reaches who subscribed, with who asked and the metadata that was given', async () => {
    const words = ['publish', 'deployed', '{"service":', '"billing"}'];
    expect(await shell(world.set, words, { options: { metadata: ['Foo=bar', 'Micro-Bot-User=boss'] } })).toBe('ok');
    const [event] = await until(() => (seen.length > 0 ? seen : undefined));
    expect(event?.message).toEqual({ service: 'billing' });
    expect(event?.context.header('foo')).toBe('bar');
    expect(event?.context.header('Micro-Topic')).toBe('deployed');
    expect(event?.context.header('Micro-Bot-User')).toBe('root');
  });

  test('does not pretend to be a call, nor from a service', async () => {
    const metadata = ['Micro-Endpoint=It.Wipe', 'x-micro-method=It.Wipe', 'Micro-From-Service=boss', 'Microphone=on'];
    const before = seen.length;
    await say(world.set, 'publish deployed {}', { options: { metadata } });
    const event = await until(() => seen[before]);
    expect(event.context.header('Microphone')).toBe('on');
    expect(Object.values(event.context.metadata)).not.toContain('It.Wipe');
    expect(Object.values(event.context.metadata)).not.toContain('boss');
  });

  test('does not mind that nobody listens', async () => {
    expect(await say(world.set, 'publish nobody {}')).toBe('ok');
  });

  test.each([
    ['publish', `require topic and message e.g micro publish event '{"hello": "world"}'`],
    ['publish deployed', `require topic and message e.g micro publish event '{"hello": "world"}'`],
    ['publish deployed 7', 'the request must be a JSON object, not a number'],
  ])('tells what is wrong with %s', async (typed, message) => {
    await expect(say(world.set, typed)).rejects.toThrow(message);
  });
});
