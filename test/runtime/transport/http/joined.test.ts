import { afterEach, expect, test } from 'vitest';
import { until } from '../../../support/until.ts';
import { Bench } from './raw.ts';

const bench = new Bench();
afterEach(() => bench.stop());

test('what is sent in one turn, and in the promises it settles, leaves in one write', async () => {
  const { server, socket } = await bench.client();
  const chunks: string[] = [];
  server.net.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  socket.send({ 'Micro-Id': '1' }, 'one');
  await Promise.resolve();
  socket.send({ 'Micro-Id': '2' }, 'two');
  await Promise.resolve();
  socket.send({ 'Micro-Id': '3' }, 'three');
  await until(() => server.text().endsWith('three'));
  expect(chunks.map((chunk) => [...chunk.matchAll(/Micro-Id: (\d)/g)].map(([, id]) => id))).toEqual([['1', '2', '3']]);
});

test('bodies of every kind and size keep their order, and headers and text beyond ASCII their bytes', async () => {
  const { client, socket } = await bench.server();
  const large = 'ä'.repeat(40_000);
  const bodies = [
    'a',
    Buffer.from('bé'),
    large,
    '',
    Buffer.from(large),
    '→',
    new Uint8Array([99]),
    Buffer.alloc(0),
    'd',
  ];
  for (const [index, body] of bodies.entries()) socket.send({ 'Micro-Id': `${index}→` }, body);
  socket.close();
  const parts = bodies.map((body, index) => {
    const length = Buffer.byteLength(body);
    return `HTTP/1.1 200 OK\r\nMicro-Id: ${index}→\r\nContent-Length: ${length}\r\n\r\n${Buffer.from(body as Uint8Array).toString()}`;
  });
  expect(await client.ended()).toBe(parts.join(''));
});

test('a message that cannot be written takes nothing with it', async () => {
  const { client, socket } = await bench.server();
  socket.send({ 'Micro-Id': '1' }, 'one');
  expect(() => socket.send({ 'Micro-Id': '2', Bad: 'a\nb' }, 'two')).toThrow('line break');
  socket.send({ 'Micro-Id': '3' }, 'three');
  socket.close();
  const text = await client.ended();
  expect([...text.matchAll(/Micro-Id: (\d)/g)].map(([, id]) => id)).toEqual(['1', '3']);
});

test('destroy drops what was not written yet', async () => {
  const { client, socket } = await bench.server();
  socket.send({ 'Micro-Id': '1' }, 'one');
  socket.destroy();
  expect(await client.ended()).toBe('');
});
