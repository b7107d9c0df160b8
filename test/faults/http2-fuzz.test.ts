import { once } from 'node:events';
import { connect } from 'node:net';
import { array, assert, asyncProperty, constantFrom, integer, oneof, tuple, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { preface } from '../../src/runtime/http2/frame.ts';
import { dial, record, serve } from '../runtime/http2/world.ts';
import { closed } from '../support/closed.ts';
import { answer, block, frame, numbers, rawServer, request, settings } from '../support/h2-raw.ts';
import { until } from '../support/until.ts';

// Frames of any kind with any flags, on few streams, that carry what others should, or anything.
const anything = uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
const payload = oneof(
  constantFrom(request, answer, block('grpc-status', '0'), numbers(0), numbers(1), numbers(1000), numbers(0, 0)),
  constantFrom(Buffer.alloc(0), Buffer.alloc(5), Buffer.alloc(8), Buffer.from('000100000000', 'hex')),
  anything,
);
const flags = constantFrom(0, 1, 4, 5, 8, 9, 12, 13, 32, 36, 37, 255);
const frames = array(
  tuple(integer({ min: 0, max: 10 }), flags, constantFrom(0, 1, 2, 3, 5, 7), payload).map((parts) => frame(...parts)),
  { maxLength: 40 },
);
const words = oneof(
  { weight: 4, arbitrary: frames.map((all) => Buffer.concat(all)) },
  { weight: 1, arbitrary: anything },
);

test('whatever a caller says, a server lives and nothing of him is left', async () => {
  const { port, sides } = await serve();
  await assert(
    asyncProperty(words, async (bytes) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      socket.resume();
      await once(socket, 'connect');
      socket.end(Buffer.concat([preface, settings(), bytes]));
      await closed(socket);
    }),
    { numRuns: 200 },
  );
  await until(() => sides.length === 200 && sides.every(({ isClosed }) => isClosed));
  for (const { connection, opened, owner } of sides) {
    expect(connection).toMatchObject({ isOver: true, streams: 0 });
    expect(owner.filter((what) => what === 'closed')).toHaveLength(1);
    for (const { told } of opened) expect(told.filter(([what]) => what === 'closed')).toHaveLength(1);
  }
});

test('whatever a server says, its clients live and their calls end', async () => {
  await assert(
    asyncProperty(words, async (bytes) => {
      const server = await rawServer();
      const { connection, ...side } = await dial(server.port);
      const peer = await server.peer;
      const calls = [record(), record(), record()];
      for (const [index, call] of calls.entries()) {
        const stream = connection.open(call);
        stream.send([':method', 'POST', ':scheme', 'http', ':path', '/'], undefined, index === 0);
        if (index === 1) stream.write(Buffer.alloc(100_000), true);
      }
      peer.socket.end(Buffer.concat([settings(), bytes]));
      await until(() => connection.isOver && calls.every(({ closing }) => closing !== undefined));
      expect(connection.streams).toBe(0);
      expect(side.opened).toEqual([]);
      for (const { told } of calls) expect(told.filter(([what]) => what === 'closed')).toHaveLength(1);
    }),
    { numRuns: 100 },
  );
});
