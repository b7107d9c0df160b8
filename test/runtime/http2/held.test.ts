import { expect, test } from 'vitest';
import { errorCode } from '../../../src/runtime/http2/http2.ts';
import { block, data, endHeaders, endStream, headers, rawClient, request } from '../../support/h2-raw.ts';
import { until } from '../../support/until.ts';
import { type Opened, serve } from './world.ts';

/** A request to a receiver that pauses at once, all of which has come when this resolves. */
async function held(...frames: readonly Buffer[]): Promise<Opened> {
  const { port, sides } = await serve({ begin: ({ stream }) => stream.pause(), answer: () => {} });
  const peer = await rawClient(port);
  peer.send(headers(1, request), ...frames, headers(3, request));
  const side = await until(() => sides[0]);
  await until(() => side.opened.length === 2);
  return until(() => side.opened[0]);
}

const digits = Array.from({ length: 30_000 }, (_, at) => String(at % 10));

test('what came byte by byte to who paused is kept, and given, in few pieces', async () => {
  const { stream, told } = await held(...digits.map((digit) => data(1, digit)), data(1, '', endStream));
  expect(told).toEqual([]);
  stream.resume();
  expect(told).toEqual([['data', digits.join('')], ['end']]);
});

test('the order of small and large pieces and of trailers is kept', async () => {
  const large = 'x'.repeat(5000);
  const pieces = ['a', 'b', large, 'c', large, large, 'd', 'e'];
  const trailers = headers(1, block('trailer', '1'), endHeaders | endStream);
  const { stream, told } = await held(...pieces.map((piece) => data(1, piece)), trailers);
  stream.resume();
  expect(told).toEqual([
    ...['ab', large, 'c', large, large, 'de'].map((text) => ['data', text]),
    ['head', { trailer: '1' }],
    ['end'],
  ]);
});

test.each(['', 'last'])('the end comes with the last bytes: %j', async (last) => {
  const { stream, told } = await held(data(1, 'first '), data(1, last, endStream));
  stream.resume();
  expect(told).toEqual([['data', `first ${last}`], ['end']]);
});

test('who pauses again in the middle is given the rest later', async () => {
  const opened = await held(data(1, 'a'.repeat(1000)), data(1, 'b'), data(1, 'c', endStream));
  const { stream, told } = opened;
  const give = opened.data.bind(opened);
  opened.data = (bytes, ends) => {
    give(bytes, ends);
    stream.pause();
  };
  stream.resume();
  expect(told).toEqual([['data', 'a'.repeat(1000)]]);
  stream.resume();
  expect(told.slice(1)).toEqual([['data', 'bc'], ['end']]);
});

test('what is still held when the stream is reset is dropped', async () => {
  const { stream, told } = await held(data(1, 'a'), data(1, 'b'.repeat(1000)), data(1, 'c'));
  stream.reset(errorCode.cancel);
  stream.resume();
  expect(told).toEqual([]);
});
