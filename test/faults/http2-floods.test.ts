import { describe, expect, test } from 'vitest';
import { frameKind } from '../../src/runtime/http2/frame.ts';
import { errorCode, type Limits } from '../../src/runtime/http2/http2.ts';
import { dial, type Opened, record, type Server, type Side, serve } from '../runtime/http2/world.ts';
import {
  answer,
  block,
  data,
  endHeaders,
  endStream,
  frame,
  headers,
  numbers,
  type RawPeer,
  rawClient,
  rawServer,
  request,
  rstStream,
  settings,
  windowUpdate,
} from '../support/h2-raw.ts';
import { until } from '../support/until.ts';

const whole = endHeaders | endStream;
const empty = Buffer.alloc(0);

/** One caller of a server that answers as the test says, and how it sees him. */
async function attack(
  limits: Partial<Limits> = {},
  respond?: (opened: Opened) => void,
): Promise<{ readonly peer: RawPeer; readonly side: Side; readonly server: Server }> {
  const server = await serve({ limits, ...(respond === undefined ? {} : { answer: respond }) });
  const peer = await rawClient(server.port);
  await peer.frame(frameKind.settings);
  const side = await until(() => server.sides[0]);
  return { peer, side, server };
}

/** He was told why, nothing of him is left, and others are served. */
async function isThrownOut(peer: RawPeer, side: Side, server: Server): Promise<void> {
  await until(() => side.isClosed);
  expect(side.error).toMatchObject({ name: 'Http2Error', code: errorCode.enhanceYourCalm });
  expect(side.connection).toMatchObject({ isOver: true, streams: 0 });
  for (const { closing } of side.opened) expect(closing).toBeDefined();
  peer.socket.destroy();
  const other = await rawClient(server.port);
  other.send(headers(1, request, whole), frame(frameKind.ping, 0, 0, Buffer.alloc(8)));
  await other.frame(frameKind.ping);
  expect(server.sides[1]?.opened).toHaveLength(1);
}

describe('floods that carry nothing', () => {
  const open = headers(1, request);
  const floods: Readonly<Record<string, readonly Buffer[]>> = {
    pings: [frame(frameKind.ping, 0, 0, Buffer.alloc(8))],
    'answers to pings': [frame(frameKind.ping, 1, 0, Buffer.alloc(8))],
    settings: [settings({ 4: 1 })],
    acknowledgements: [frame(frameKind.settings, 1, 0)],
    'empty data': [data(1, empty)],
    'data that is only padding': [frame(frameKind.data, 8, 1, Buffer.alloc(10, 9))],
    'empty data of a stream that is over': [data(1, empty)],
    priorities: [frame(frameKind.priority, 0, 1, Buffer.alloc(5))],
    'priorities of streams that do not exist': [frame(frameKind.priority, 0, 12_345, Buffer.alloc(5))],
    'windows of the connection': [windowUpdate(0, 1)],
    'windows of a stream': [windowUpdate(1, 1)],
    farewells: [frame(frameKind.goaway, 0, 0, numbers(0, 0))],
    'frames nobody knows': [frame(99, 0, 0, Buffer.alloc(8))],
    'resets of one stream': [rstStream(1, 8)],
    'all of them': [frame(frameKind.ping, 0, 0, Buffer.alloc(8)), settings(), windowUpdate(0, 1), windowUpdate(1, 1)],
  };
  test.each(Object.entries(floods))('%s', async (name, frames) => {
    const { peer, side, server } = await attack();
    peer.send(open, ...Array.from({ length: 1100 }, () => frames).flat());
    // Who takes his leave hears ours first.
    expect(await peer.goaway()).toBe(name === 'farewells' ? errorCode.noError : errorCode.enhanceYourCalm);
    await isThrownOut(peer, side, server);
  });
});

/** Far more than are allowed to be broken off while they come. */
const streams = 10_000;
const many = (frames: (id: number) => readonly Buffer[]): Buffer[] =>
  Array.from({ length: streams }, (_, index) => frames(2 * index + 1)).flat();

describe('streams that are broken off', () => {
  test('rapid reset', async () => {
    const { peer, side, server } = await attack({}, () => {});
    peer.send(...many((id) => [headers(id, request, whole), rstStream(id, errorCode.cancel)]));
    expect(await peer.goaway()).toBe(errorCode.enhanceYourCalm);
    await isThrownOut(peer, side, server);
    expect(side.opened.length).toBeLessThan(streams / 2);
  });

  test('streams we are made to break off', async () => {
    const { peer, side, server } = await attack({}, () => {});
    peer.send(...many((id) => [headers(id, request), windowUpdate(id, 0)]));
    expect(await peer.goaway()).toBe(errorCode.enhanceYourCalm);
    await isThrownOut(peer, side, server);
  });

  test('malformed requests', async () => {
    const { peer, side, server } = await attack();
    peer.send(...many((id) => [headers(id, block('a', 'b'), whole)]));
    expect(await peer.goaway()).toBe(errorCode.enhanceYourCalm);
    await isThrownOut(peer, side, server);
  });

  test('more streams than are allowed are refused, and then it is enough', async () => {
    const { peer, side, server } = await attack({ maxStreams: 10 }, () => {});
    const all = many((id) => [headers(id, request, whole)]);
    peer.send(...all.slice(0, 21));
    expect(await peer.rstStream(21)).toBe(errorCode.refusedStream);
    expect(await peer.rstStream(41)).toBe(errorCode.refusedStream);
    expect(side.connection.streams).toBe(10);
    peer.send(...all.slice(21));
    expect(await peer.goaway()).toBe(errorCode.enhanceYourCalm);
    await isThrownOut(peer, side, server);
    expect(side.opened).toHaveLength(10);
  });

  test('heads for a stream that was broken off', async () => {
    const { peer, side, server } = await attack({}, () => {});
    peer.send(headers(1, request), windowUpdate(1, 0));
    await peer.rstStream(1);
    peer.send(...Array.from({ length: 2000 }, () => headers(1, block('a', 'b'), whole)));
    expect(await peer.goaway()).toBe(errorCode.enhanceYourCalm);
    await isThrownOut(peer, side, server);
  });
});

describe('heads that cost more than they should', () => {
  test('a head without an end, in continuations', async () => {
    const { peer, side, server } = await attack();
    const more = frame(frameKind.continuation, 0, 1, block('name', 'x'.repeat(1000)));
    peer.send(headers(1, request, 0), ...Array.from({ length: 100 }, () => more));
    expect(await peer.goaway()).toBe(errorCode.enhanceYourCalm);
    await isThrownOut(peer, side, server);
    expect(side.opened).toEqual([]);
  });

  test('a head without an end, in continuations that are empty', async () => {
    const { peer, side, server } = await attack();
    const more = frame(frameKind.continuation, 0, 1);
    peer.send(headers(1, request, 0), ...Array.from({ length: 100 }, () => more));
    expect(await peer.goaway()).toBe(errorCode.enhanceYourCalm);
    await isThrownOut(peer, side, server);
  });

  test('a bomb of one large field, ten thousand times in each head, is answered 431', async () => {
    const { peer, side } = await attack();
    const value = Buffer.alloc(120, 'x');
    const kept = Buffer.concat([Buffer.from([0x40, 1, 0x61, value.length]), value]);
    peer.send(headers(1, Buffer.concat([request, kept]), whole));
    await peer.frame(frameKind.headers, 1);
    for (let id = 3; id < 50; id += 2)
      peer.send(headers(id, Buffer.concat([request, Buffer.alloc(10_000, 0xbe)]), whole));
    for (let id = 3; id < 50; id += 2) expect(await peer.head(id)).toEqual([':status', '431']);
    await until(() => side.connection.streams === 0);
    expect(side.opened).toHaveLength(1);
    expect(side.connection.isOver).toBe(false);
  });

  test('too many fields, and too many bytes, are answered 431', async () => {
    const { peer, side } = await attack({ maxFields: 32 });
    const many = Array.from({ length: 32 }, (_, index) => [`a${index}`, '']).flat();
    peer.send(headers(1, Buffer.concat([request, block(...many)]), whole));
    peer.send(headers(3, Buffer.concat([request, block('a', 'x'.repeat(16_200))]), whole));
    for (const id of [1, 3]) expect(await peer.head(id)).toEqual([':status', '431']);
    await until(() => side.connection.streams === 0);
    expect(side.opened).toEqual([]);
  });
});

test.each([
  ['pings', frame(frameKind.ping, 0, 0, Buffer.alloc(8))],
  ['settings', settings({ 4: 1 })],
  ['empty data', data(1, empty)],
  ['windows', windowUpdate(1, 1)],
  ['farewells', frame(frameKind.goaway, 0, 0, numbers(1, 0))],
  ['interim answers', headers(1, block(':status', '103'))],
])('a server that floods its client with %s loses it', async (what, flood) => {
  const server = await rawServer();
  const side = await dial(server.port);
  const peer = await server.peer;
  const call = record();
  side.connection.open(call).send([':method', 'POST', ':scheme', 'http', ':path', '/'], undefined, false);
  const begin = what === 'interim answers' ? [] : [headers(1, answer)];
  peer.send(settings(), ...begin, ...Array.from({ length: 1100 }, () => flood));
  expect(await peer.goaway()).toBe(errorCode.enhanceYourCalm);
  await until(() => side.isClosed);
  expect(call.closing).toMatchObject({ code: errorCode.enhanceYourCalm });
  expect(side.connection).toMatchObject({ isOver: true, streams: 0 });
});

describe('who asks and does not read', () => {
  const much = { stream: Buffer.alloc(100_000), windows: [settings({ 4: 2 ** 31 - 1 }), windowUpdate(0, 2 ** 30)] };

  test('answers wait until there are too many', async () => {
    const limits = { maxWaitingBytes: 1_000_000, maxStreams: 1000 };
    const { peer, side, server } = await attack(limits, ({ stream }) => {
      stream.send([':status', '200'], undefined, false);
      stream.write(much.stream, true);
    });
    peer.socket.pause();
    peer.send(...much.windows);
    for (let id = 1; id < 1000; id += 2) peer.send(headers(id, request, whole));
    await isThrownOut(peer, side, server);
  });

  test('so do answers that are nothing but heads', async () => {
    const limits = { maxWaitingBytes: 100_000 };
    const fields = [':status', '200', 'grpc-status', '12'];
    const more = ['grpc-message', 'x'.repeat(1000)];
    const { peer, side, server } = await attack(limits, ({ stream }) => stream.send(fields, more, true));
    peer.socket.pause();
    let id = 1;
    await until(() => {
      for (let count = 0; count < 500 && !side.isClosed; count += 1, id += 2) peer.send(headers(id, request, whole));
      return side.isClosed;
    });
    await isThrownOut(peer, side, server);
  });

  test('with windows of nothing', async () => {
    const { peer, side, server } = await attack({ maxWaitingBytes: 1_000_000 }, ({ stream }) => {
      stream.send([':status', '200'], undefined, false);
      stream.write(much.stream, false);
      stream.send(['grpc-status', '0'], undefined, true);
    });
    peer.send(settings({ 4: 0 }));
    for (let id = 1; id < 25; id += 2) peer.send(headers(id, request, whole));
    await isThrownOut(peer, side, server);
    expect(peer.frames.some(({ kind }) => kind === frameKind.data)).toBe(false);
  });

  test('answers to pings', async () => {
    const { peer, side, server } = await attack({ maxWaitingBytes: 10_000 });
    const ping = frame(frameKind.ping, 0, 0, Buffer.alloc(8));
    peer.socket.pause();
    let id = 1;
    // A request now and then makes pings look harmless.
    await until(() => {
      for (let count = 0; count < 50 && !side.isClosed; count += 1, id += 2) {
        peer.send(...Array.from({ length: 900 }, () => ping), headers(id, request, whole));
      }
      return side.isClosed;
    });
    await isThrownOut(peer, side, server);
  });
});

test('a window that opens byte by byte gives the answer byte by byte', async () => {
  const { peer, side } = await attack();
  peer.send(settings({ 4: 0 }), headers(1, request), data(1, 'slow reader', endStream));
  for (let count = 0; count < 11; count += 1) peer.send(windowUpdate(1, 1));
  await until(() => peer.frames.filter(({ kind, stream }) => kind === frameKind.headers && stream === 1).length === 2);
  const pieces = peer.frames.filter(({ kind }) => kind === frameKind.data).map(({ payload }) => payload.toString());
  expect(pieces.join('')).toBe('slow reader');
  expect(pieces.every((piece) => piece.length === 1)).toBe(true);
  await until(() => side.connection.streams === 0);
});

test('uploads that are held back and broken off do not use the window of the connection up', async () => {
  const { peer, side } = await attack({}, () => {});
  for (let id = 1; id < 41; id += 2) {
    peer.send(headers(id, request));
    const opened = await until(() => side.opened.find(({ stream }) => stream.id === id));
    opened.stream.pause();
    peer.send(data(id, Buffer.alloc(16_000)), rstStream(id, errorCode.cancel));
    await until(() => opened.told.some(([what]) => what === 'aborted'));
    opened.stream.reset(errorCode.cancel);
  }
  peer.send(headers(41, request), data(41, Buffer.alloc(16_000), endStream));
  const last = await until(() => side.opened.find(({ stream }) => stream.id === 41));
  await until(() => last.text.length === 16_000);
});
