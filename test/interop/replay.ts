import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { onTestFinished } from 'vitest';
import { until } from '../support/until.ts';
import { type Part, parts } from './capture-parts.ts';
import type { Capture } from './captures.ts';

export interface Replayed {
  readonly address: string;
  /** What was said to it so far. */
  readonly heard: () => string;
}

/** A server that waits for as many messages as `after`, one unless it is given, and then says all that Go said. */
export async function goServer({ response }: Pick<Capture, 'response'>, after = 1): Promise<Replayed> {
  let heard = '';
  const server = createServer((socket) => {
    let answered = false;
    socket.on('error', () => {});
    socket.setEncoding('latin1').on('data', (text: string) => {
      heard += text;
      if (answered || complete(heard) < after) return;
      answered = true;
      socket.write(Buffer.from(response, 'latin1'));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, heard: () => heard };
}

function complete(text: string): number {
  try {
    return parts(text).length;
  } catch {
    return 0;
  }
}

/** Says what a Go client said, and returns as many answers as Go got. */
export async function goClient(address: string, request: string, answers: number): Promise<readonly Part[]> {
  const [host = '', port = ''] = address.split(':');
  const socket = connect(Number(port), host);
  let heard = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    heard += text;
  });
  await once(socket, 'connect');
  socket.write(Buffer.from(request, 'latin1'));
  try {
    return await until(() => {
      const all = parts(heard);
      return all.length >= answers ? all : undefined;
    });
  } finally {
    socket.destroy();
  }
}

/** What is ours in a request: who we are, how long we wait, and that an empty body has a length. */
const own = new Set([
  'Host',
  'User-Agent',
  'Te',
  'Timeout',
  'Micro-Id',
  'Micro-From-Service',
  'Content-Length',
  'Transfer-Encoding',
]);

/** The headers that must be as Go's are. */
export const common = ({ headers }: Part): object =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !own.has(name)));
