import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grpcServerProtocol } from '../../src/runtime/server/grpc/grpc.ts';
import { streaming, unary } from '../../src/runtime/server/server.ts';
import { say, sayAll } from './say.ts';
import { greeter, newWorld } from './world.ts';

const world = newWorld();
const grpc = { protocol: grpcServerProtocol(), address: '127.0.0.1:0' };

async function* steps(): AsyncIterable<{ text: string }> {
  yield { text: 'one' };
  yield { text: 'two' };
}

beforeAll(async () => {
  await world.serve('modern', [greeter], grpc);
  const methods = {
    Hello: unary(() => ({ text: 'hi' }), { metadata: { command: 'wave' } }),
    Run: streaming(steps, { metadata: { command: 'walk' } }),
  };
  await world.serve('waver', [{ name: 'Wave', methods }], grpc);
});
afterAll(() => world.close());

describe('a service that speaks gRPC', () => {
  test('is called as any other', async () => {
    expect(await say(world.set, 'call modern Say.Hello {"name": "John"}')).toBe('{\n\t"msg": "Hello John"\n}');
  });

  test('is asked for its health and its figures', async () => {
    expect(await say(world.set, 'health modern')).toMatch(/\bok\n?$/);
    expect(await say(world.set, 'stats modern')).toMatch(/\d+(\.\d+)?mb/);
  });

  test('tells its errors', async () => {
    await expect(say(world.set, 'call modern Say.Bye')).rejects.toThrow('unknown service Say.Bye');
    await expect(say(world.set, 'call modern Nobody.Hello')).rejects.toThrow('unknown service Nobody');
  });

  test('becomes commands, with progress', async () => {
    const { current } = await world.catalogue();
    expect(await say(current, 'wave')).toBe('hi');
    expect(await sayAll(current, 'walk')).toEqual(['one', 'two']);
  });
});
