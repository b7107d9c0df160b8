import { once } from 'node:events';
import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { constants } from 'node:http2';
import { expect, it } from 'vitest';
import { writeFrame } from '../../../src/runtime/grpc/frame.ts';
import { until } from '../../support/until.ts';
import { failure } from '../world.ts';
import { bareServer } from './bare.ts';
import { greeter, open } from './house.ts';

interface Numbered {
  readonly n: number;
}

const large = 'x'.repeat(10_000);

/** Answers with so many messages and waits until they have come; reads no further, and leaves the rest open. */
async function begin(session: ServerHttp2Session, stream: ServerHttp2Stream, messages: number): Promise<void> {
  stream.pause();
  stream.respond({ ':status': 200, 'content-type': 'application/grpc+json' });
  for (let n = 0; n < messages; n += 1) stream.write(writeFrame(JSON.stringify({ n })));
  await until(() => stream.writableLength === 0);
  await new Promise((resolve) => session.ping(resolve));
}

it.each([
  ['the call is broken off', (stream: ServerHttp2Stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR)],
  ['the server dies', (_: ServerHttp2Stream, kill: () => void) => kill()],
])('a stream tells who sends at once that %s, and gives a slow reader what had come', async (_, breakOff) => {
  const peer = await bareServer(() => {});
  const stream = await open().stream<Numbered>({ ...greeter('Talk'), body: {} }, { address: peer.address });
  await until(() => peer.streams.length === 1);
  const {
    session,
    streams: [answering],
  } = peer;
  if (session === undefined || answering === undefined) expect.fail('nothing was asked');
  await begin(session, answering, 200);
  const sending = failure(
    (async () => {
      for (;;) await stream.send({ large });
    })(),
  );
  breakOff(answering, () => peer.kill());
  expect(await sending).toMatchObject({ id: 'go.micro.client.transport', code: 500 });
  const seen: number[] = [];
  const end = await failure(
    (async () => {
      for await (const { n } of stream) seen.push(n);
    })(),
  );
  expect(end).toMatchObject({ id: 'go.micro.client.transport', code: 500 });
  expect(seen).toEqual(Array.from({ length: 200 }, (__, n) => n));
});

it('a stream whose reader is behind ends when it is closed, and nothing is left', async () => {
  const peer = await bareServer(() => {});
  const client = open();
  const stream = await client.stream<Numbered>({ ...greeter('Talk'), body: {} }, { address: peer.address });
  await until(() => peer.streams.length === 1);
  const {
    session,
    streams: [answering],
  } = peer;
  if (session === undefined || answering === undefined) expect.fail('nothing was asked');
  await begin(session, answering, 200);
  const closed = once(session, 'close');
  await stream.close();
  await until(() => answering.closed);
  expect(answering.rstCode).toBe(constants.NGHTTP2_CANCEL);
  await client.close();
  await closed;
});
