import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { frameKind } from '../../../src/runtime/http2/frame.ts';
import { errorCode } from '../../../src/runtime/http2/http2.ts';
import {
  data,
  endHeaders,
  endStream,
  headers,
  rawClient,
  request,
  settings,
  windowUpdate,
} from '../../support/h2-raw.ts';
import { until } from '../../support/until.ts';
import { dial, echo, record, type Serving, type Side, serve } from './world.ts';

const ask = [':method', 'POST', ':scheme', 'http', ':path', '/', ':authority', 'a'];

/** A client and a server of ours. */
async function pair(serving: Serving = {}): Promise<{ readonly client: Side; readonly server: Side }> {
  const { port, sides } = await serve(serving);
  const client = await dial(port, serving.limits);
  return { client, server: await until(() => sides[0]) };
}

const refused = expect.objectContaining({ name: 'TransportError', code: 'invalid' });

describe('a call', () => {
  test('head, data and trailers, there and back', async () => {
    const { client, server } = await pair();
    const call = record();
    const stream = client.connection.open(call);
    stream.send(ask, ['name', 'value'], false);
    stream.write(Buffer.from('some '), false);
    stream.write(Buffer.from('text'), false);
    stream.send([], ['trailer', 'x'], true);
    expect(stream.isSilent).toBe(true);
    await until(() => call.closing);
    const [heard] = server.opened;
    expect(heard?.first).toMatchObject({ ':path': '/', ':authority': 'a', name: 'value' });
    expect(heard?.told.map(([what]) => what)).toEqual(['data', 'data', 'head', 'end', 'closed']);
    expect(call.told.map(([what]) => what)).toEqual(['head', 'data', 'head', 'end', 'closed']);
    expect(call.text).toBe('some text');
    expect(call.told[2]).toEqual(['head', { 'grpc-status': '0' }]);
    expect(call.closing).toEqual({ code: 0, isUntouched: false });
    expect([client.connection.streams, server.connection.streams]).toEqual([0, 0]);
    expect(client.owner).toEqual(['limited 100', 'opened']);
  });

  test('many at a time, with more than the windows hold', async () => {
    const { client } = await pair({ limits: { maxWaitingBytes: 100_000_000 } });
    const texts = Array.from({ length: 50 }, (_, index) => randomBytes(index * 5000).toString('latin1'));
    const calls = texts.map((text) => {
      const call = record();
      const stream = client.connection.open(call);
      stream.send(ask, undefined, false);
      stream.write(Buffer.from(text, 'latin1'), true);
      return call;
    });
    await until(() => calls.every(({ closing }) => closing !== undefined));
    expect(calls.map(({ text }) => text)).toEqual(texts);
  });

  test('more streams one after the other than a table holds, beside one that stays', async () => {
    const { client } = await pair();
    const patient = record();
    const staying = client.connection.open(patient);
    staying.send(ask, undefined, false);
    for (let round = 0; round < 30; round += 1) {
      const calls = Array.from({ length: 90 }, () => {
        const call = record();
        client.connection.open(call).send(ask, undefined, true);
        return call;
      });
      await until(() => calls.every(({ closing }) => closing?.code === 0));
    }
    expect(client.connection.streams).toBe(1);
    staying.write(Buffer.from('still here'), true);
    await until(() => patient.closing);
    expect(patient.text).toBe('still here');
  });
});

describe('who does not keep up', () => {
  test('what is held back stays on the other side, and comes in order', async () => {
    const { client, server } = await pair({
      limits: { connectionWindowBytes: 200_000 },
      begin: ({ stream }) => {
        if (stream.id === 1) stream.pause();
      },
    });
    const stream = client.connection.open(record());
    stream.send(ask, undefined, false);
    const all = randomBytes(500_000);
    expect(stream.write(all, true)).toBe(false);
    expect(stream.needsDrain).toBe(true);
    const heard = await until(() => server.opened[0]);
    // Others pass meanwhile.
    const other = record();
    client.connection.open(other).send(ask, undefined, true);
    await until(() => other.closing?.code === 0);
    expect(heard.told).toEqual([]);
    heard.stream.resume();
    await until(() => heard.told.some(([what]) => what === 'end'));
    expect(heard.text).toBe(all.toString('latin1'));
  });

  test('drain is told once there is room', async () => {
    const { client, server } = await pair({ begin: ({ stream }) => stream.pause() });
    const call = record();
    const stream = client.connection.open(call);
    stream.send(ask, undefined, false);
    expect(stream.write(Buffer.alloc(200_000), false)).toBe(false);
    const heard = await until(() => server.opened[0]);
    expect(call.told).toEqual([]);
    heard.stream.resume();
    await until(() => call.told.some(([what]) => what === 'drain'));
    expect(stream.needsDrain).toBe(false);
    stream.write(Buffer.alloc(0), true);
    await until(() => call.closing);
    expect(call.text).toHaveLength(200_000);
  });

  test('what was held back when the stream was broken off still comes, and then the end', async () => {
    const { port, sides } = await serve({ begin: ({ stream }) => stream.pause() });
    const client = await dial(port);
    const stream = client.connection.open(record());
    stream.send(ask, undefined, false);
    stream.write(Buffer.from('some'), false);
    const heard = await until(() => sides[0]?.opened[0]);
    stream.reset(errorCode.cancel);
    await until(() => heard.told.length > 0);
    expect(heard.told.map(([what]) => what)).toEqual(['aborted']);
    heard.stream.resume();
    expect(heard.told.map(([what]) => what)).toEqual(['aborted', 'data', 'closed']);
    expect(heard.closing).toEqual({ code: errorCode.cancel, isUntouched: false });
  });

  test('a smaller window than was used already is waited for', async () => {
    const { port } = await serve();
    const peer = await rawClient(port);
    peer.send(settings({ 4: 10 }), headers(1, request), data(1, 'x'.repeat(30), endStream));
    await peer.frame(frameKind.data, 1);
    peer.send(settings({ 4: 0 }), windowUpdate(1, 5), windowUpdate(1, 10));
    await until(() => bytesOf(peer.frames) === 15);
    peer.send(settings({ 4: 15 }));
    await until(() => bytesOf(peer.frames) === 30);
  });
});

const bytesOf = (frames: readonly { readonly kind: number; readonly payload: Buffer }[]): number =>
  frames.reduce((sum, { kind, payload }) => sum + (kind === frameKind.data ? payload.length : 0), 0);

describe('breaking off', () => {
  test('trailers that were written stay written', async () => {
    const { client } = await pair({
      answer({ stream }) {
        stream.send([':status', '200'], undefined, false);
        stream.write(Buffer.from('all'), false);
        stream.send(['grpc-status', '0'], undefined, true);
        stream.reset(errorCode.noError);
      },
    });
    const call = record();
    client.connection.open(call).send(ask, undefined, true);
    await until(() => call.closing);
    expect(call.told.map(([what]) => what)).toEqual(['head', 'data', 'head', 'end', 'closed']);
  });

  test('nothing is told any more to who breaks off', async () => {
    const { client, server } = await pair({ answer() {} });
    const call = record();
    const stream = client.connection.open(call);
    stream.send(ask, undefined, true);
    const heard = await until(() => server.opened[0]);
    stream.reset(errorCode.cancel);
    stream.write(Buffer.from('x'), true);
    stream.send([], ['a', 'b'], true);
    await until(() => heard.closing);
    expect(heard.closing).toMatchObject({ code: errorCode.cancel });
    expect(stream).toMatchObject({ isOver: true, isSilent: true, needsDrain: false });
    expect(call.told).toEqual([]);
    expect([client.connection.streams, server.connection.streams]).toEqual([0, 0]);
  });

  test('a stream that was not begun is none for the other side', async () => {
    const { client, server } = await pair();
    client.connection.open(record()).reset(errorCode.cancel);
    const call = record();
    client.connection.open(call).send(ask, undefined, true);
    await until(() => call.closing?.code === 0);
    expect(server.opened).toHaveLength(1);
  });

  test('it is destroyed: everybody hears of it, once', async () => {
    const { client, server } = await pair({ answer() {} });
    const calls = [record(), record()];
    for (const call of calls) client.connection.open(call).send(ask, undefined, true);
    await until(() => server.opened.length === 2);
    server.connection.destroy(errorCode.internalError);
    server.connection.destroy();
    await until(() => client.isClosed && server.isClosed);
    for (const { told } of [...calls, ...server.opened]) {
      expect(told.map(([what]) => what).filter((what) => what !== 'end')).toEqual(['aborted', 'closed']);
    }
    expect(client.owner.filter((what) => what === 'closed')).toHaveLength(1);
    expect([client.connection.streams, server.connection.streams]).toEqual([0, 0]);
    expect(server.error).toBeUndefined();
    expect(client.error).toMatchObject({ code: errorCode.internalError });
  });
});

describe('taking leave', () => {
  test.each(['client', 'server'] as const)('a %s that retires says everything and hears everything', async (who) => {
    const sides = await pair({ answer() {} });
    const call = record();
    sides.client.connection.open(call).send(ask, undefined, true);
    const heard = await until(() => sides.server.opened[0]);
    sides[who].connection.retire();
    sides[who].connection.retire();
    expect(sides[who].connection).toMatchObject({ isRetired: true, isOver: false });
    if (who === 'server') await until(() => sides.client.connection.isRetired);
    expect(() => sides.client.connection.open(record())).toThrow(expect.objectContaining({ code: 'unreachable' }));
    echo(heard);
    await until(() => sides.client.isClosed && sides.server.isClosed);
    expect(call.closing).toEqual({ code: 0, isUntouched: false });
    expect([sides.client.error, sides.server.error]).toEqual([undefined, undefined]);
  });

  test('at once, when there is nothing', async () => {
    const { client, server } = await pair();
    server.connection.retire();
    await until(() => client.isClosed && server.isClosed);
    expect(client.owner).toContain('retired');
  });
});

describe('what is no field', () => {
  test('is refused, and the stream is as it was', async () => {
    const { client } = await pair();
    const call = record();
    const stream = client.connection.open(call);
    expect(() => stream.send(ask, ['na me', 'x'], true)).toThrow(refused);
    stream.send(ask, ['name', 'x'], true);
    await until(() => call.closing?.code === 0);
  });

  test('is refused in trailers that have to wait, too', async () => {
    let thrown: unknown;
    const { port } = await serve({
      answer({ stream }) {
        stream.send([':status', '200'], undefined, false);
        stream.write(Buffer.from('waits'), false);
        try {
          stream.send(['grpc-status', '0'], ['grpc-message', 'a\nb'], true);
        } catch (error) {
          thrown = error;
          stream.send(['grpc-status', '13'], undefined, true);
        }
      },
    });
    const peer = await rawClient(port);
    peer.send(settings({ 4: 0 }), headers(1, request, endHeaders | endStream));
    await until(() => thrown);
    expect(thrown).toEqual(refused);
    peer.send(windowUpdate(1, 100));
    await until(() => peer.frames.some(({ fields }) => fields[1] === '13'));
  });

  test('a head of several frames arrives', async () => {
    const { client, server } = await pair({ limits: { maxHeadBytes: 100_000 } });
    const call = record();
    const long = 'x'.repeat(50_000);
    client.connection.open(call).send(ask, ['long', long], true);
    await until(() => call.closing?.code === 0);
    expect(server.opened[0]?.first['long']).toBe(long);
  });

  test('a head of several frames that is too large costs its stream', async () => {
    const { client, server } = await pair();
    const call = record();
    client.connection.open(call).send(ask, ['long', 'x'.repeat(50_000)], false);
    await until(() => call.closing);
    expect(call.told[0]).toEqual(['head', { ':status': '431' }]);
    expect(server.connection.isOver).toBe(false);
  });
});

test('who makes the table small and large again in one breath is understood', async () => {
  const { port } = await serve({ answer: ({ stream }) => stream.send([':status', '200', 'a', 'b'], undefined, true) });
  const peer = await rawClient(port);
  const whole = endHeaders | endStream;
  peer.send(headers(1, request, whole));
  await peer.frame(frameKind.headers, 1);
  const both = Buffer.from('000100000000000100001000', 'hex');
  peer.send(Buffer.concat([Buffer.from('00000c040000000000', 'hex'), both]), headers(3, request, whole));
  const { payload } = await peer.frame(frameKind.headers, 3);
  expect(payload.subarray(0, 4).toString('hex')).toBe('203fe11f');
});
