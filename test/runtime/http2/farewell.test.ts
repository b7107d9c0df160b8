import { connect } from 'node:net';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { http2Client } from '../../../src/runtime/http2/client.ts';
import type { Connection, Stream, StreamReceiver } from '../../../src/runtime/http2/http2.ts';
import { hostile } from '../../faults/wire.ts';
import { until } from '../../support/until.ts';
import { limits } from './world.ts';

const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
const goaway = (code: number): Buffer => Buffer.from([0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, code]);
const head = [':method', 'POST', ':scheme', 'http', ':path', '/x'];

/** What a client's owner and stream are told, in order, whose server says this after the request and leaves. */
async function toldAfter(last: Buffer): Promise<readonly string[]> {
  const peer = await hostile((socket, piece) => {
    if (socket.bytesWritten === 0) socket.write(settings);
    if (piece.includes('/x')) socket.end(last);
  });
  const [host = '', port = ''] = peer.address.split(':');
  const socket = connect(Number(port), host);
  await once(socket, 'connect');
  const told: string[] = [];
  const receiver: StreamReceiver = {
    head: () => told.push('head'),
    data: () => told.push('data'),
    drain: () => told.push('drain'),
    aborted({ code, reason }) {
      told.push(`aborted: ${code}, ${reason}`);
      try {
        connection.open(receiver);
      } catch (error) {
        told.push(`no new stream: ${String(error)}`);
      }
    },
    closed: () => told.push('stream closed'),
  };
  const ask = (stream: Stream): void => stream.send(head, undefined, false);
  const connection: Connection = http2Client(
    socket,
    {
      opened: () => ask(connection.open(receiver)),
      retired: () => told.push(connection.isRetired ? 'retired' : 'retired too early'),
      closed: (error) => told.push(`closed: ${error?.message ?? 'in order'}`),
    },
    limits,
  );
  await until(() => told.some((line) => line.startsWith('closed')));
  return told;
}

describe('a server that leaves', () => {
  test('without a word has its connection retired before its streams hear of it', async () => {
    expect(await toldAfter(Buffer.alloc(0))).toEqual([
      'retired',
      'aborted: 0, the connection was closed',
      'no new stream: TransportError: the connection is closed',
      'stream closed',
      'closed: in order',
    ]);
  });

  test('for a fault it sees has its reason told', async () => {
    expect(await toldAfter(goaway(11))).toEqual([
      'retired',
      'aborted: 11, the other side ended the connection: ENHANCE_YOUR_CALM',
      'no new stream: TransportError: the connection is closed',
      'stream closed',
      'closed: the other side ended the connection: ENHANCE_YOUR_CALM',
    ]);
  });

  test('in order, with streams under way, has nothing to blame', async () => {
    const [first, second, , , last] = await toldAfter(goaway(0));
    expect([first, second, last]).toEqual(['retired', 'aborted: 0, the connection was closed', 'closed: in order']);
  });
});
