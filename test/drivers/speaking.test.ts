import { describe, expect, onTestFinished, test } from 'vitest';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { speaking } from '../../src/drivers/speaking.ts';
import type { Client } from '../../src/runtime/client/client.ts';
import { newClient } from '../../src/runtime/client/micro.ts';
import { loadBsonCodec } from '../../src/runtime/codec/bson/bson.ts';
import type { Codec } from '../../src/runtime/codec/codec.ts';
import { defaultCodecs } from '../../src/runtime/codec/defaults.ts';
import { loadMsgpackCodec } from '../../src/runtime/codec/msgpack/msgpack.ts';
import { newServer } from '../../src/runtime/server/micro.ts';
import { streaming, unary } from '../../src/runtime/server/server.ts';
import { memoryTransport } from '../../src/runtime/transport/memory.ts';

const file = { name: 'a', bytes: Buffer.from([0, 255, 254]), parts: [Buffer.from([200, 1]), Buffer.alloc(0)] };
async function* twice(): AsyncIterable<object> {
  yield file;
  yield file;
}

/** A client whose commands travel in the codec, and a service that answers with bytes. */
async function serve(codec: Codec): Promise<Client> {
  const shared = {
    registry: memoryRegistry(),
    transport: memoryTransport(),
    codecs: new Map([...defaultCodecs, [codec.contentType, codec]]),
  };
  const server = newServer({ ...shared, name: 'files', address: ':0' });
  server.handle({ name: 'File', methods: { Read: unary(() => file), Follow: streaming(twice) } });
  await server.start();
  const wrapper = speaking(codec);
  const client = newClient({ ...shared, wrappers: wrapper === undefined ? [] : [wrapper] });
  onTestFinished(async () => {
    await client.close();
    await server.stop({ graceMs: 0 });
  });
  return client;
}

const request = { service: 'files', body: '{}', raw: true, contentType: 'application/json' };
const shown = '{"name":"a","bytes":"AP/+","parts":["yAE=",""]}';

describe.each([
  ['msgpack', loadMsgpackCodec],
  ['bson', loadBsonCodec],
])('what came as %s is shown as JSON, with bytes as Go has them there', (_, load) => {
  test('of a call', async () => {
    const client = await serve(await load());
    const answer = await client.call<Buffer>({ ...request, endpoint: 'File.Read' });
    expect(answer.toString()).toBe(shown);
  });

  test('of a stream', async () => {
    const client = await serve(await load());
    const texts: string[] = [];
    await using messages = await client.stream<Buffer>({ ...request, endpoint: 'File.Follow' });
    for await (const message of messages) texts.push(message.toString());
    expect(texts).toEqual([shown, shown]);
  });
});
