import { describe, expect, test } from 'vitest';
import { frameKind } from '../../../src/runtime/http2/frame.ts';
import { errorCode } from '../../../src/runtime/http2/http2.ts';
import {
  block,
  data,
  endHeaders,
  endStream,
  frame,
  headers,
  numbers,
  rawClient,
  request,
  rstStream,
  settings,
  windowUpdate,
} from '../../support/h2-raw.ts';
import { until } from '../../support/until.ts';
import { type Opened, serve } from './world.ts';

const whole = endHeaders | endStream;
const basic = [':method', 'POST', ':scheme', 'http', ':path', '/'] as const;

/** What is held back stays in the windows. */
const hold = ({ stream }: Opened): void => stream.pause();

/** The next request on the same connection is answered: only a stream was lost. */
async function stillServes(peer: Awaited<ReturnType<typeof rawClient>>, stream = 99): Promise<void> {
  peer.send(headers(stream, request, whole));
  await peer.frame(frameKind.headers, stream);
  expect(peer.isGone).toBe(false);
}

describe('a malformed request loses its stream', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'an upper-case name': [...basic, 'Name', 'x'],
    'a name with a space': [...basic, 'na me', 'x'],
    'an empty name': [...basic, '', 'x'],
    'a line break in a value': [...basic, 'name', 'a\r\nb'],
    'a NUL in a value': [...basic, 'name', 'a\0'],
    'no method': [':scheme', 'http', ':path', '/'],
    'no scheme': [':method', 'POST', ':path', '/'],
    'no path': [':method', 'POST', ':scheme', 'http'],
    'an empty path': [':method', 'POST', ':scheme', 'http', ':path', ''],
    'two methods': [...basic, ':method', 'POST'],
    'two paths': [...basic, ':path', '/other'],
    'two schemes': [...basic, ':scheme', 'http'],
    'two authorities': [...basic, ':authority', 'a', ':authority', 'b'],
    'a status': [...basic, ':status', '200'],
    'a pseudo-header nobody knows': [...basic, ':unknown', 'x'],
    'a pseudo-header behind a field': [':method', 'POST', ':scheme', 'http', 'name', 'x', ':path', '/'],
    connection: [...basic, 'connection', 'close'],
    'keep-alive': [...basic, 'keep-alive', '1'],
    'proxy-connection': [...basic, 'proxy-connection', 'close'],
    'transfer-encoding': [...basic, 'transfer-encoding', 'chunked'],
    upgrade: [...basic, 'upgrade', 'h2c'],
    'te that is more than trailers': [...basic, 'te', 'trailers, gzip'],
    'a length that is none': [...basic, 'content-length', '-1'],
    'two lengths': [...basic, 'content-length', '1', 'content-length', '2'],
    'a length, and nothing comes': [...basic, 'content-length', '1'],
  };
  test.each(Object.entries(cases))('%s', async (_, fields) => {
    const { port, sides } = await serve();
    const peer = await rawClient(port);
    peer.send(headers(1, block(...fields), whole));
    expect(await peer.rstStream(1)).toBe(errorCode.protocolError);
    expect(sides[0]?.opened).toEqual([]);
    await stillServes(peer);
    await until(() => sides[0]?.connection.streams === 0);
  });
});

describe('a request that goes wrong after its head loses its stream', () => {
  const say = (length: number): Buffer => headers(1, block(...basic, 'content-length', String(length)));
  const cases: Readonly<Record<string, readonly [readonly Buffer[], code?: number]>> = {
    'more than it said': [[say(3), data(1, 'four')]],
    'less than it said': [[say(3), data(1, 'tw', endStream)]],
    'less than it said, and trailers': [[say(3), data(1, 'tw'), headers(1, block('a', 'b'), whole)]],
    'trailers that are not the end': [[headers(1, request), headers(1, block('a', 'b'))]],
    'trailers with a pseudo-header': [[headers(1, request), headers(1, block(':path', '/'), whole)]],
    'trailers in upper case': [[headers(1, request), headers(1, block('A', 'b'), whole)]],
    'data after the end': [[headers(1, request, whole), data(1, 'x')], errorCode.streamClosed],
    'a head after the end': [[headers(1, request, whole), headers(1, request, whole)], errorCode.streamClosed],
    'a window opened by nothing': [[headers(1, request), windowUpdate(1, 0)]],
    'a window beyond all bounds': [[headers(1, request), windowUpdate(1, 2 ** 31 - 1)], errorCode.flowControlError],
    'a priority of itself': [
      [headers(1, request), frame(frameKind.priority, 0, 1, Buffer.concat([numbers(1), Buffer.alloc(1)]))],
    ],
  };
  test.each(Object.entries(cases))('%s', async (_, [frames, code = errorCode.protocolError]) => {
    // Nothing is answered, so that the stream is open when the rest comes.
    const { port, sides } = await serve({ answer() {} });
    const peer = await rawClient(port);
    peer.send(...frames);
    expect(await peer.rstStream(1)).toBe(code);
    const first = await until(() => sides[0]?.opened[0]);
    await until(() => first.closing);
    expect(first.closing).toMatchObject({ code, reason: expect.any(String) });
    expect(first.told.map(([what]) => what).slice(-2)).toEqual(['aborted', 'closed']);
    expect(sides[0]?.connection).toMatchObject({ streams: 0, isOver: false });
    expect(peer.isGone).toBe(false);
  });

  test('more than the window of the stream', async () => {
    const { port, sides } = await serve({ limits: { connectionWindowBytes: 1_000_000 }, begin: hold, answer() {} });
    const peer = await rawClient(port);
    peer.send(headers(1, request), ...Array.from({ length: 5 }, () => data(1, Buffer.alloc(16_384))));
    expect(await peer.rstStream(1)).toBe(errorCode.flowControlError);
    const first = await until(() => sides[0]?.opened[0]);
    first.stream.resume();
    expect(first.text).toHaveLength(3 * 16_384);
    expect(first.closing).toMatchObject({ code: errorCode.flowControlError });
  });
});

/** Windows that only the connection's can be too small for. */
const wide = { streamWindowBytes: 1_000_000, connectionWindowBytes: 65_535 };

describe('what breaks the rules of the connection ends it', () => {
  const priority = frame(frameKind.priority, 0, 1, Buffer.alloc(4));
  const cases: Readonly<Record<string, readonly [readonly Buffer[], code?: number]>> = {
    'an even stream': [[headers(2, request, whole)]],
    'stream 0': [[headers(0, request, whole)]],
    'a stream behind the last one': [[headers(5, request, whole), headers(3, request, whole)], errorCode.streamClosed],
    'data of no stream': [[data(0, 'x')]],
    'data of a stream that was never opened': [[data(1, 'x')]],
    'a reset of a stream that was never opened': [[rstStream(1, 8)]],
    'a window of a stream that was never opened': [[windowUpdate(1, 1)]],
    'a reset of no stream': [[rstStream(0, 8)]],
    'a short reset': [
      [headers(1, request), frame(frameKind.rstStream, 0, 1, Buffer.alloc(3))],
      errorCode.frameSizeError,
    ],
    'a window of the connection opened by nothing': [[windowUpdate(0, 0)]],
    'a window of the connection beyond all bounds': [[windowUpdate(0, 2 ** 31 - 1)], errorCode.flowControlError],
    'a short window': [[frame(frameKind.windowUpdate, 0, 0, Buffer.alloc(3))], errorCode.frameSizeError],
    'settings of a stream': [[frame(frameKind.settings, 0, 1)]],
    'half a setting': [[frame(frameKind.settings, 0, 0, Buffer.alloc(5))], errorCode.frameSizeError],
    'an acknowledgement with settings': [[frame(frameKind.settings, 1, 0, Buffer.alloc(6))], errorCode.frameSizeError],
    'push that is neither on nor off': [[settings({ 2: 2 })]],
    'a window of 2^31': [[settings({ 4: 2 ** 31 })], errorCode.flowControlError],
    'frames that are too small': [[settings({ 5: 16_383 })]],
    'frames that are too large': [[settings({ 5: 2 ** 24 })]],
    'a ping of a stream': [[frame(frameKind.ping, 0, 1, Buffer.alloc(8))]],
    'a short ping': [[frame(frameKind.ping, 0, 0, Buffer.alloc(7))], errorCode.frameSizeError],
    'a farewell of a stream': [[frame(frameKind.goaway, 0, 1, Buffer.alloc(8))]],
    'a short farewell': [[frame(frameKind.goaway, 0, 0, Buffer.alloc(7))], errorCode.frameSizeError],
    'a push': [[frame(frameKind.pushPromise, 4, 1, numbers(2))]],
    'a priority of nothing': [[frame(frameKind.priority, 0, 0, Buffer.alloc(5))]],
    'a short priority': [[priority], errorCode.frameSizeError],
    'a continuation of nothing': [[frame(frameKind.continuation, 4, 1, request)]],
    'a head broken off by data': [[headers(1, request, 0), data(1, 'x')]],
    'a head broken off by another': [[headers(1, request, 0), headers(3, request, whole)]],
    'a head broken off by a ping': [[headers(1, request, 0), frame(frameKind.ping, 0, 0, Buffer.alloc(8))]],
    'a head carried on by another stream': [[headers(1, request, 0), frame(frameKind.continuation, 4, 3)]],
    'a head in the middle of which a frame nobody knows comes': [[headers(1, request, 0), frame(77, 0, 0)]],
    'a head that cannot be read': [[headers(1, Buffer.from([0x80]), whole)], errorCode.compressionError],
    'a head whose table is too large': [[headers(1, Buffer.from('3fe21f', 'hex'), whole)], errorCode.compressionError],
    'more padding than there is': [[headers(1, request), frame(frameKind.data, 8, 1, Buffer.from([1]))]],
    'padding of an empty frame': [[headers(1, request), frame(frameKind.data, 8, 1)], errorCode.frameSizeError],
    'a frame that is too long': [[headers(1, request), data(1, Buffer.alloc(16_385))], errorCode.frameSizeError],
    'more than the window of the connection': [
      [headers(1, request), ...Array.from({ length: 5 }, () => data(1, Buffer.alloc(16_384)))],
      errorCode.flowControlError,
    ],
  };
  test.each(Object.entries(cases))('%s', async (_, [frames, code = errorCode.protocolError]) => {
    const { port, sides } = await serve({ limits: wide, begin: hold, answer() {} });
    const peer = await rawClient(port);
    peer.send(...frames);
    expect(await peer.goaway()).toBe(code);
    const side = await until(() => sides[0]);
    await until(() => peer.isGone && side.isClosed);
    expect(side.error).toMatchObject({ name: 'Http2Error', code });
    expect(side.connection).toMatchObject({ isOver: true, streams: 0 });
    expect(side.owner.filter((what) => what === 'closed')).toHaveLength(1);
  });

  const first: Readonly<Record<string, Buffer>> = {
    'no preface': Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'),
    'no settings behind the preface': Buffer.concat([
      Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
      headers(1, request),
    ]),
  };
  test.each(Object.entries(first))('%s', async (_, bytes) => {
    const { port, sides } = await serve();
    const peer = await rawClient(port, [bytes]);
    expect(await peer.goaway()).toBe(errorCode.protocolError);
    await until(() => sides[0]?.isClosed);
    expect(sides[0]?.owner).toEqual(['retired', 'closed']);
  });
});

test('who takes his leave is answered what he asked, and told that nothing new is taken', async () => {
  const { port } = await serve();
  const peer = await rawClient(port);
  peer.send(headers(1, request), frame(frameKind.goaway, 0, 0, numbers(0, 0)), headers(3, request, whole));
  expect(await peer.goaway()).toBe(errorCode.noError);
  peer.send(data(1, Buffer.from('x'), endStream));
  await peer.frame(frameKind.headers, 1);
  await until(() => peer.isGone);
});
