import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { badRequest } from '../../src/runtime/errors.ts';
import { streaming, unary } from '../../src/runtime/server/server.ts';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { say, sayAll as all, shell } from './say.ts';
import { newWorld } from './world.ts';

let asked = 0;
const registry = memoryRegistry();
const world = newWorld({
  ...registry,
  getService(name) {
    asked += 1;
    return registry.getService(name);
  },
});

async function* count(requests: AsyncIterable<{ readonly to?: number }>): AsyncIterable<{ n: number }> {
  for await (const { to = 0 } of requests) {
    if (to > 3) throw badRequest('counter', 'that is <too> far');
    for (let n = 1; n <= to; n += 1) yield { n };
    return;
  }
}

let opened = 0;
async function* once(): AsyncIterable<object> {
  opened += 1;
  if (opened > 0) throw new Error('it broke');
  yield {};
}

beforeAll(async () => {
  await world.serve('counter', [
    { name: 'Count', methods: { Up: streaming(count), Once: streaming(once), One: unary(() => ({})) } },
  ]);
});
afterAll(() => world.close());

describe('stream', () => {
  test('shows each message as it comes, until the service has said everything', async () => {
    const up = 'stream counter Count.Up {"to": 2}';
    expect(await all(world.set, up)).toEqual(['{\n\t"n": 1\n}', '{\n\t"n": 2\n}']);
  });

  test.each(['Up', 'One'])('asks the registry once, also when %s is refused', async (method) => {
    const other = newWorld(world.registry);
    asked = 0;
    await all(other.set, `stream counter Count.${method}`).catch(() => {});
    expect(asked).toBe(1);
    await other.client.close();
  });

  test('prints the bytes when asked to', async () => {
    const words = ['stream', 'counter', 'Count.Up', '{"to": 1}'];
    expect((await shell(world.set, words, { options: { output: 'raw' } })).trimEnd()).toBe('{"n":1}');
  });

  test('says so when nothing came', async () => {
    expect(await say(world.set, 'stream counter Count.Up')).toBe('the stream ended without a message');
  });

  test.each([
    ['stream', 'require service and endpoint'],
    ['stream counter', 'require service and endpoint'],
    ['stream counter Count.One', 'Count.One does not stream: it answers once. Use call counter Count.One'],
    ['stream counter Count.Up [1]', 'the request must be a JSON object, not an array'],
    [
      'stream counter Count.Up {"to": 4}',
      'error receiving from counter.Count.Up: {"id":"counter","code":400,"detail":"that is \\u003ctoo\\u003e far","status":"Bad Request"}',
    ],
    ['stream counter Count.Down', `error receiving from counter.Count.Down: rpc: can't find method Down`],
  ])('tells what is wrong with %s', async (typed, message) => {
    await expect(all(world.set, typed)).rejects.toThrow(message);
  });

  test('is what a person is told to use who calls a stream and waits in vain', async () => {
    const impatient = { signal: AbortSignal.timeout(200) };
    await expect(say(world.set, 'call counter Count.Up {"to": 1}', impatient)).rejects.toThrow(
      /"code":408[^]*\nCount\.Up streams\. Use stream counter Count\.Up$/,
    );
  });

  test('is opened once, whatever the service answers: it might do its work twice', async () => {
    await expect(all(world.set, 'stream counter Count.Once')).rejects.toThrow('it broke');
    expect(opened).toBe(1);
  });
});
