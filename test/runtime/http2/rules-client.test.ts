import { describe, expect, test } from 'vitest';
import { frameKind } from '../../../src/runtime/http2/frame.ts';
import { errorCode } from '../../../src/runtime/http2/http2.ts';
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
  rawServer,
  rstStream,
  settings,
  windowUpdate,
} from '../../support/h2-raw.ts';
import { until } from '../../support/until.ts';
import { dial, type Record, record, type Side } from './world.ts';

const whole = endHeaders | endStream;
const ask = [':method', 'POST', ':scheme', 'http', ':path', '/', ':authority', 'a'];

/** A client of ours that has asked something, on stream 1, and a server that says what a test tells it to. */
async function asked(ends = false): Promise<{ readonly peer: RawPeer; readonly side: Side; readonly call: Record }> {
  const server = await rawServer();
  const side = await dial(server.port);
  const peer = await server.peer;
  const call = record();
  side.connection.open(call).send(ask, undefined, ends);
  await peer.frame(frameKind.headers, 1);
  return { peer, side, call };
}

describe('a malformed answer loses its stream', () => {
  const cases: Readonly<globalThis.Record<string, readonly [readonly Buffer[], code?: number]>> = {
    'no status': [[headers(1, block('a', 'b'))]],
    'an empty status': [[headers(1, block(':status', ''))]],
    'a status that is no number': [[headers(1, block(':status', '2xx'))]],
    'two statuses': [[headers(1, block(':status', '200', ':status', '200'))]],
    'a path': [[headers(1, block(':status', '200', ':path', '/'))]],
    'a method': [[headers(1, block(':status', '200', ':method', 'GET'))]],
    'an upper-case name': [[headers(1, block(':status', '200', 'A', 'b'))]],
    'a status behind a field': [[headers(1, block('a', 'b', ':status', '200'))]],
    connection: [[headers(1, block(':status', '200', 'connection', 'close'))]],
    'data before the head': [[data(1, 'x')]],
    'trailers that are not the end': [[headers(1, answer), headers(1, block('a', 'b'))]],
    'trailers with a status': [[headers(1, answer), headers(1, answer, whole)]],
    'an interim answer that is the end': [[headers(1, block(':status', '100'), whole)]],
    'more than it said': [[headers(1, block(':status', '200', 'content-length', '1')), data(1, 'xx')]],
    'less than it said': [[headers(1, block(':status', '200', 'content-length', '3')), data(1, 'xx', endStream)]],
    'nothing of what it said': [[headers(1, block(':status', '200', 'content-length', '3'), whole)]],
    'a head after the end': [[headers(1, answer, whole), headers(1, answer, whole)], errorCode.streamClosed],
    'a head that is too large': [[headers(1, block(':status', '200', ...many(65)))]],
    'a window beyond all bounds': [[windowUpdate(1, 2 ** 31 - 1)], errorCode.flowControlError],
  };
  test.each(Object.entries(cases))('%s', async (_, [frames, code = errorCode.protocolError]) => {
    const { peer, side, call } = await asked();
    peer.send(settings(), ...frames);
    expect(await peer.rstStream(1)).toBe(code);
    await until(() => call.closing);
    expect(call.closing).toMatchObject({ code, isUntouched: false });
    // The connection goes on.
    const next = record();
    side.connection.open(next).send(ask, undefined, true);
    peer.send(headers(3, answer, whole));
    await until(() => next.closing);
    expect(next.told.map(([what]) => what)).toEqual(['head', 'end', 'closed']);
    expect(side.connection).toMatchObject({ streams: 0, isOver: false });
  });
});

function many(fields: number): string[] {
  return Array.from({ length: fields }, (_, index) => [`name-${index}`, 'x']).flat();
}

describe('a hostile server loses the connection', () => {
  const cases: Readonly<globalThis.Record<string, readonly [readonly Buffer[], code?: number]>> = {
    'a push': [[frame(frameKind.pushPromise, 4, 1, Buffer.concat([numbers(2), answer]))]],
    'an answer on an even stream': [[headers(2, answer, whole)]],
    'an answer to nothing': [[headers(3, answer, whole)]],
    'an answer on stream 0': [[headers(0, answer, whole)]],
    'data of nothing': [[data(3, 'x')]],
    'data of a stream it opened': [[data(2, 'x')]],
    'a reset of nothing': [[rstStream(3, 0)]],
    'a window of nothing': [[windowUpdate(3, 1)]],
    'a head that cannot be read': [
      [headers(1, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]))],
      errorCode.compressionError,
    ],
    'a thousand interim answers': [
      Array.from({ length: 1001 }, () => headers(1, block(':status', '103'))),
      errorCode.enhanceYourCalm,
    ],
  };
  test.each(Object.entries(cases))('%s', async (_, [frames, code = errorCode.protocolError]) => {
    const { peer, side, call } = await asked();
    peer.send(settings(), ...frames);
    expect(await peer.goaway()).toBe(code);
    await until(() => side.isClosed);
    expect(side.error).toMatchObject({ name: 'Http2Error', code });
    expect(call.closing).toMatchObject({ code, isUntouched: false, reason: expect.any(String) });
    expect(side.connection).toMatchObject({ isOver: true, streams: 0 });
    expect(() => side.connection.open(record())).toThrow(expect.objectContaining({ code: 'unreachable' }));
  });

  test('it speaks HTTP/1.1', async () => {
    const { peer, side, call } = await asked();
    peer.send(Buffer.from('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'));
    await until(() => side.isClosed);
    expect(side.owner).not.toContain('opened');
    expect(call.closing).toMatchObject({ isUntouched: false, reason: expect.any(String) });
  });

  test('it closes the connection without a word', async () => {
    const { peer, side, call } = await asked();
    peer.socket.destroy();
    await until(() => side.isClosed);
    expect(call.told.map(([what]) => what)).toEqual(['aborted', 'closed']);
  });
});

describe('what is not against the rules', () => {
  test('interim answers are left out', async () => {
    const { peer, call } = await asked();
    const interim = headers(1, block(':status', '103', 'link', 'x'));
    peer.send(settings(), interim, interim, headers(1, answer), data(1, 'text', endStream));
    await until(() => call.told.some(([what]) => what === 'end'));
    expect(call.told).toEqual([['head', { ':status': '200' }], ['data', 'text'], ['end']]);
  });

  test('frames and settings nobody knows, and padding', async () => {
    const { peer, call } = await asked(true);
    const padded = Buffer.concat([Buffer.from([5]), Buffer.from('text'), Buffer.alloc(5)]);
    const full = Buffer.concat([Buffer.from([2]), Buffer.alloc(5), answer, Buffer.alloc(2)]);
    peer.send(settings({ 99: 7 }), frame(200, 255, 77, Buffer.alloc(100)), headers(1, full, endHeaders | 8 | 32));
    peer.send(data(1, padded, 8), frame(frameKind.priority, 0, 9, Buffer.alloc(5)), headers(1, block('a', 'b'), whole));
    await until(() => call.closing);
    expect(call.text).toBe('text');
    expect(call.closing).toEqual({ code: 0, isUntouched: false });
  });

  test('it takes leave: what it never looked at can be asked again, what it has goes on', async () => {
    const { peer, side, call } = await asked(true);
    const late = record();
    side.connection.open(late).send(ask, undefined, true);
    peer.send(settings(), frame(frameKind.goaway, 0, 0, numbers(1, 0)));
    await until(() => late.closing);
    expect(late.closing).toEqual({ code: errorCode.refusedStream, isUntouched: true });
    expect(side.connection).toMatchObject({ isRetired: true, isOver: false, streams: 1 });
    expect(side.owner).toContain('retired');
    expect(() => side.connection.open(record())).toThrow(expect.objectContaining({ code: 'unreachable' }));
    peer.send(headers(1, answer, whole));
    await until(() => side.isClosed);
    expect(call.told.map(([what]) => what)).toEqual(['head', 'end', 'closed']);
    expect(side.error).toBeUndefined();
  });

  test('it breaks a stream off', async () => {
    const { peer, side, call } = await asked();
    peer.send(settings(), headers(1, answer), data(1, 'some'), rstStream(1, errorCode.cancel));
    await until(() => call.closing);
    expect(call.told.map(([what]) => what)).toEqual(['head', 'data', 'aborted', 'closed']);
    expect(call.closing).toEqual({ code: errorCode.cancel, isUntouched: false });
    expect(side.connection).toMatchObject({ isOver: false, streams: 0 });
  });

  test('what comes for a stream that was called off is dropped', async () => {
    const server = await rawServer();
    const side = await dial(server.port);
    const peer = await server.peer;
    peer.send(settings());
    const piece = Buffer.alloc(16_000);
    for (let round = 0; round < 10; round += 1) {
      const call = record();
      const stream = side.connection.open(call);
      stream.send(ask, undefined, true);
      stream.reset(errorCode.cancel);
      expect(stream.isOver).toBe(true);
      peer.send(headers(stream.id, answer), data(stream.id, piece), headers(stream.id, block('a', 'b'), whole));
      expect(call.told).toEqual([]);
    }
    const last = record();
    const stream = side.connection.open(last);
    stream.send(ask, undefined, true);
    peer.send(headers(stream.id, answer, whole));
    await until(() => last.closing);
    // The window of the connection is open again.
    await until(() => peer.frames.some(({ kind, stream }) => kind === frameKind.windowUpdate && stream === 0));
  });
});
