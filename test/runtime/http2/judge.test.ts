import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { ClientHttp2Session, Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { connect, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { array, assert, asyncProperty, constantFrom, integer, oneof, stringMatching, tuple } from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { until } from '../../support/until.ts';
import { dial, record, serve } from './world.ts';

// Node's own HTTP/2 is the judge: what one side writes the other has to read.

const names = stringMatching(/^x-[a-z0-9-]{1,30}$/);
/** Node reads bytes as Latin-1, and refuses values with blanks at their ends. */
const value = oneof(
  constantFrom('', 'x', 'application/grpc', 'y'.repeat(200), 'z'.repeat(3000)),
  array(oneof(integer({ min: 0x21, max: 0x7e }), integer({ min: 0xa0, max: 0xff })), { maxLength: 60 }).map((codes) =>
    String.fromCharCode(...codes),
  ),
);
const fields = array(tuple(names, value), { maxLength: 6 }).map((pairs) => Object.fromEntries(pairs));
type Plain = Readonly<Record<string, string>>;

const flat = (record: Plain): string[] => Object.entries(record).flat();

/** Those of a head that a test put there. */
const given = (head: IncomingHttpHeaders | Readonly<Record<string, string | undefined>>): unknown =>
  Object.fromEntries(Object.entries(head).filter(([name]) => name.startsWith('x-')));

async function nodeClient(port: number, tableBytes?: number): Promise<ClientHttp2Session> {
  const session = connect(
    `http://127.0.0.1:${port}`,
    tableBytes === undefined ? {} : { settings: { headerTableSize: tableBytes } },
  );
  onTestFinished(() => session.destroy());
  await once(session, 'connect');
  return session;
}

/** What Node's client hears: head, text, trailers. */
async function exchange(session: ClientHttp2Session, head: Plain, body: Buffer): Promise<unknown[]> {
  const stream = session.request({ ':method': 'POST', ':path': '/', ...head });
  const heard: Promise<unknown>[] = [once(stream, 'response'), once(stream, 'trailers')].map((each) =>
    each.then(([first]: unknown[]) => given(first as IncomingHttpHeaders)),
  );
  const pieces: Buffer[] = [];
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  stream.end(body);
  await once(stream, 'close');
  return [...(await Promise.all(heard)), Buffer.concat(pieces).toString('latin1')];
}

describe("Node's client and our server", () => {
  test.each([4096, 0, 100, 65_536])('say the same, with a table of %d bytes', async (tableBytes) => {
    const { port, sides } = await serve({
      limits: { maxHeadBytes: 65_536, maxWaitingBytes: 100_000_000 },
      answer({ stream, first, text }) {
        const own = flat(given(first) as Plain);
        stream.send([':status', '200', ...own], undefined, false);
        stream.write(Buffer.from(text, 'latin1'), false);
        stream.send(['x-last', 'trailers'], own, true);
      },
    });
    const session = await nodeClient(port, tableBytes);
    await assert(
      asyncProperty(
        array(fields, { minLength: 1, maxLength: 5 }),
        integer({ min: 0, max: 200_000 }),
        async (all, size) => {
          const body = randomBytes(size);
          const answers = await Promise.all(all.map((head) => exchange(session, head, body)));
          expect(answers).toEqual(
            all.map((head) => [head, { 'x-last': 'trailers', ...head }, body.toString('latin1')]),
          );
        },
      ),
      { numRuns: 10 },
    );
    await until(() => sides[0]?.connection.streams === 0);
    expect(sides[0]?.opened.every(({ closing }) => closing?.code === 0)).toBe(true);
  });

  test('take leave of each other', async () => {
    const { port, sides } = await serve();
    const session = await nodeClient(port);
    await exchange(session, {}, Buffer.from('x'));
    const left = once(session, 'goaway');
    sides[0]?.connection.retire();
    expect((await left)[0]).toBe(0);
    await until(() => session.destroyed && sides[0]?.isClosed);
    expect(sides[0]?.error).toBeUndefined();
  });
});

async function nodeServer(
  options: Parameters<typeof createServer>[0] = {},
): Promise<{ server: Http2Server; port: number }> {
  const server = createServer({ unknownProtocolTimeout: 0, ...options });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { server, port: (server.address() as AddressInfo).port };
}

describe("our client and Node's server", () => {
  test.each([4096, 0, 100, 65_536])('say the same, with a table of %d bytes', async (headerTableSize) => {
    const { server, port } = await nodeServer({ settings: { headerTableSize } });
    server.on('stream', (stream: ServerHttp2Stream, head: IncomingHttpHeaders, flags: number) => {
      const own = given(head) as Plain;
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-last': 'trailers', ...own }));
      stream.respond({ ':status': 200, ...own }, { waitForTrailers: true });
      stream.pipe(stream);
      expect(flags).toBeDefined();
    });
    const client = await dial(port, { maxHeadBytes: 65_536, maxWaitingBytes: 100_000_000 });
    const ask = [':method', 'POST', ':scheme', 'http', ':path', '/', ':authority', 'a'];
    await assert(
      asyncProperty(
        array(fields, { minLength: 1, maxLength: 5 }),
        integer({ min: 0, max: 200_000 }),
        async (all, size) => {
          const body = randomBytes(size);
          const calls = all.map((head, index) => {
            const call = record();
            const stream = client.connection.open(call);
            // Some in the list that is remembered, some beside it.
            if (index % 2 === 0) stream.send(ask, flat(head), false);
            else stream.send([...ask, ...flat(head)], undefined, false);
            stream.write(body, true);
            return call;
          });
          await until(() => calls.every(({ closing }) => closing !== undefined));
          for (const [index, { told, text, closing }] of calls.entries()) {
            const heads = told.flatMap((each) => (each[0] === 'head' ? [given(each[1])] : []));
            expect(heads).toEqual([all[index], { 'x-last': 'trailers', ...all[index] }]);
            expect(text).toBe(body.toString('latin1'));
            expect(closing).toEqual({ code: 0, isUntouched: false });
          }
        },
      ),
      { numRuns: 10 },
    );
    expect(client.connection).toMatchObject({ streams: 0, isOver: false });
  });

  test('how many streams are allowed is told', async () => {
    const { server, port } = await nodeServer({ settings: { maxConcurrentStreams: 7 } });
    server.on('stream', (stream) => stream.respond({ ':status': 200 }, { endStream: true }));
    const client = await dial(port);
    await until(() => client.owner.includes('opened'));
    expect(client.owner).toEqual(['limited 7', 'opened']);
  });
});
