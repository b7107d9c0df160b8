import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { array, assert, asyncProperty, integer } from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { preface } from '../../../src/runtime/http2/frame.ts';
import {
  answer,
  block,
  data,
  endHeaders,
  endStream,
  frame,
  headers,
  rawServer,
  request,
  settings,
  settingsAck,
} from '../../support/h2-raw.ts';
import { closed } from '../../support/closed.ts';
import { until } from '../../support/until.ts';
import { dial, record, serve, type Told } from './world.ts';

const whole = endHeaders | endStream;

/** All that a client says, with a head in three frames, padding, and trailers. */
const asked: Buffer = Buffer.concat([
  preface,
  settings({ 4: 100_000 }),
  settingsAck,
  headers(1, request.subarray(0, 5), 0),
  frame(9, 0, 1, request.subarray(5, 9)),
  frame(9, 4, 1, request.subarray(9)),
  data(1, 'some '),
  frame(0, 8, 1, Buffer.from('\x03text\0\0\0')),
  headers(1, block('a', 'b'), whole),
  frame(6, 0, 0, Buffer.alloc(8)),
]);

const answered: Buffer = Buffer.concat([
  settings({ 3: 5 }),
  settingsAck,
  headers(1, answer.subarray(0, 3), 0),
  frame(9, 4, 1, answer.subarray(3)),
  data(1, 'some '),
  data(1, 'text'),
  headers(1, block('grpc-status', '0'), whole),
]);

/** Pieces between these places. */
const cut = (bytes: Buffer, places: readonly number[]): Buffer[] =>
  [...places, bytes.length].map((place, index) => bytes.subarray(places[index - 1] ?? 0, place));

/** Writes pieces so that they come one by one. */
async function drip(socket: Socket, pieces: readonly Buffer[]): Promise<void> {
  socket.setNoDelay(true);
  for (const piece of pieces) {
    await new Promise((resolve) => socket.write(piece, resolve));
    await new Promise(setImmediate);
  }
}

async function asServer(pieces: readonly Buffer[]): Promise<void> {
  const { port, sides } = await serve();
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.resume();
  await once(socket, 'connect');
  await drip(socket, pieces);
  await until(() => sides[0]?.opened[0]?.closing);
  const [heard] = sides[0]?.opened ?? [];
  expect(heard?.first[':path']).toBe('/a');
  expect(heard?.text).toBe('some text');
  expect(heard?.told.map(([what]) => what).filter((what) => what !== 'data')).toEqual(['head', 'end', 'closed']);
  expect(heard?.closing).toEqual({ code: 0, isUntouched: false });
  expect(sides[0]?.connection.isOver).toBe(false);
  socket.destroy();
}

async function asClient(pieces: readonly Buffer[]): Promise<void> {
  const server = await rawServer();
  const side = await dial(server.port);
  const peer = await server.peer;
  const call = record();
  side.connection.open(call).send([':method', 'POST', ':scheme', 'http', ':path', '/'], undefined, true);
  await drip(peer.socket, pieces);
  await until(() => call.closing);
  const expected: Told[] = [
    ['head', { ':status': '200' }],
    ['data', 'some '],
    ['data', 'text'],
    ['head', { 'grpc-status': '0' }],
    ['end'],
    ['closed', { code: 0, isUntouched: false }],
  ];
  expect(call.told).toEqual(expected);
  expect(side.owner).toEqual(['limited 5', 'opened']);
  peer.socket.destroy();
}

const each = (bytes: Buffer): Buffer[] =>
  cut(
    bytes,
    Array.from({ length: bytes.length - 1 }, (_, index) => index + 1),
  );

test('a server hears what comes byte by byte', () => asServer(each(asked)));
test('a client hears what comes byte by byte', () => asClient(each(answered)));

const places = (bytes: Buffer) =>
  array(integer({ min: 1, max: bytes.length - 1 }), { maxLength: 8 }).map((all) => all.sort((a, b) => a - b));

test('a server hears the same wherever it is cut', () =>
  assert(
    asyncProperty(places(asked), (all) => asServer(cut(asked, all))),
    { numRuns: 30 },
  ));
test('a client hears the same wherever it is cut', () =>
  assert(
    asyncProperty(places(answered), (all) => asClient(cut(answered, all))),
    { numRuns: 30 },
  ));

test('a connection that ends anywhere leaves nothing behind', async () => {
  const { port, sides } = await serve();
  for (let end = 0; end < asked.length; end += 7) {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.end(asked.subarray(0, end));
    await closed(socket.resume());
  }
  await until(() => sides.length > 0 && sides.every(({ isClosed }) => isClosed));
  for (const { connection, opened } of sides) {
    expect(connection).toMatchObject({ isOver: true, streams: 0 });
    for (const { closing } of opened) expect(closing).toBeDefined();
  }
});
