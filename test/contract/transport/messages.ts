import { expect, test } from 'vitest';
import { TransportError } from '../../../src/runtime/transport/transport.ts';
import { collector, echo } from '../../runtime/transport/collector.ts';
import type { World } from './world.ts';

/** Headers and bodies, and their order. */
export function messages(world: World): void {
  test('carries a message there and back, headers and body', async () => {
    const listener = await world.listen(echo);
    const answers = collector();
    const socket = await world.dial(listener.address, answers);
    socket.send({ 'Micro-Id': '7', 'foo-BAR': 'hé→ "x"', Empty: '' }, '{"name":"hé→"}\n');
    expect(await answers.received(1)).toEqual(['{"name":"hé→"}\n']);
    expect(answers.messages[0]?.headers).toMatchObject({ 'Micro-Id': '7', 'Foo-Bar': 'hé→ "x"', Empty: '' });
  });

  test('keeps the order of many messages', async () => {
    const { client, atServer } = await world.pair();
    const sent = Array.from({ length: 1000 }, (_, at) => `message ${at}`);
    for (const text of sent) client.send({ 'Micro-Id': text.slice(8) }, text);
    expect(await atServer.received(1000)).toEqual(sent);
    expect(atServer.messages.map(({ headers }) => headers['Micro-Id'])).toEqual(sent.map((text) => text.slice(8)));
  });

  test('lets either side speak, however often and without being asked', async () => {
    const { client, server, atClient, atServer } = await world.pair();
    server.send({}, 'one');
    server.send({}, 'two');
    expect(await atClient.received(2)).toEqual(['one', 'two']);
    expect(atServer.messages).toEqual([]);
    client.send({}, 'three');
    expect(await atServer.received(1)).toEqual(['three']);
    expect(atClient.texts()).toEqual(['one', 'two']);
  });

  test('carries empty bodies and bytes of every value', async () => {
    const { client, atServer } = await world.pair();
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
    client.send({ A: '1' }, '');
    client.send({ A: '2' }, bytes);
    client.send({ A: '3' }, new Uint8Array(0));
    await atServer.received(3);
    expect(atServer.messages.map(({ body }) => [...body])).toEqual([[], [...bytes], []]);
  });

  test('keeps the order of many messages both ways at the same time', async () => {
    const { client, server, atClient, atServer } = await world.pair();
    const sent = Array.from({ length: 500 }, (_, at) => `${at} ${'x'.repeat((at * 97) % 3000)}`);
    for (const [at, text] of sent.entries()) {
      client.send({}, text);
      server.send({}, text);
      if (at % 50 === 49) await new Promise(setImmediate);
    }
    expect(await atServer.received(500)).toEqual(sent);
    expect(await atClient.received(500)).toEqual(sent);
  });

  test('carries large bodies', async () => {
    const { client, server, atClient, atServer } = await world.pair();
    const bytes = Buffer.alloc(Math.min(5 * 1024 * 1024, world.maxBodyBytes), 'go-micro ');
    client.send({}, bytes);
    client.send({}, bytes.toString());
    server.send({}, bytes);
    await Promise.all([atServer.received(2), atClient.received(1)]);
    expect([...atServer.messages, ...atClient.messages].every(({ body }) => body.equals(bytes))).toBe(true);
  });

  if (Number.isFinite(world.maxBodyBytes))
    test('refuses a body that is larger than it carries, and goes on', async () => {
      const { client, server, atClient, atServer } = await world.pair();
      const bytes = Buffer.alloc(world.maxBodyBytes + 1);
      const refused = (): unknown => client.send({}, bytes);
      if (world.maxBodyBytes <= 1024 * 1024) {
        expect(refused).toThrow(expect.objectContaining({ name: 'TransportError', code: 'too_large' }));
        server.send({}, 'next');
        expect(await atClient.received(1)).toEqual(['next']);
      } else {
        // Over a stream the receiver knows better what it takes.
        refused();
        expect(await atServer.ended()).toMatchObject({ code: 'too_large' });
        await atClient.ended();
      }
      expect(atServer.messages).toEqual([]);
    });

  test('does not share memory with the sender', async () => {
    const { client, atServer } = await world.pair();
    const bytes = Buffer.from('before');
    client.send({}, bytes);
    await atServer.received(1);
    bytes.write('after!');
    expect(atServer.texts()).toEqual(['before']);
  });

  test.each([
    'a\r\nEvil: 1',
    'a\nb',
    'a\rb',
    'a\0b',
  ])('refuses the header value %j and sends nothing', async (value) => {
    const { client, atServer } = await world.pair();
    expect(() => client.send({ Fine: 'x', Bad: value }, 'refused')).toThrow(TransportError);
    client.send({ Fine: 'y' }, 'next');
    expect(await atServer.received(1)).toEqual(['next']);
  });

  test.each([
    '',
    'a b',
    'a:b',
    'a\r\nb',
    'é',
    ':status',
  ])('refuses the header name %j and sends nothing', async (header) => {
    const { client, atServer } = await world.pair();
    expect(() => client.send({ [header]: 'x' }, 'refused')).toThrow(expect.objectContaining({ code: 'invalid' }));
    client.send({}, 'next');
    expect(await atServer.received(1)).toEqual(['next']);
  });

  test('leaves headers about framing to itself', async () => {
    const { client, atServer } = await world.pair();
    client.send({ 'Content-Length': '9', 'transfer-encoding': 'gzip', Host: 'x', Trailer: 'y' }, 'body');
    expect(await atServer.received(1)).toEqual(['body']);
    expect(Object.keys(atServer.messages[0]?.headers ?? {})).not.toContain('Content-Length');
  });

  test('carries headers that are no names of HTTP on to nobody', async () => {
    const { client, atServer } = await world.pair();
    client.send({ constructor: 'a', 'x-MICRO-id': 'b', Connection: 'keep-alive' }, '');
    await atServer.received(1);
    expect(atServer.messages[0]?.headers).toMatchObject({ Constructor: 'a', 'X-Micro-Id': 'b' });
  });
}
