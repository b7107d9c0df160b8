import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { onTestFinished } from 'vitest';
import { until } from './until.ts';

/** An HTTP server that keeps the requests it gets byte by byte, one character a byte, and answers each with an empty 200. */
export interface Posts {
  readonly address: string;
  /** The first request. Resolves when it is complete. */
  first(): Promise<string>;
}

/** Listens on the loopback interface until the test ends. */
export async function posts(): Promise<Posts> {
  let heard = '';
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.setEncoding('latin1').on('data', (text: string) => {
      heard += text;
      if (firstOf(heard) !== undefined) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    first: () => until(() => firstOf(heard)),
  };
}

function firstOf(text: string): string | undefined {
  const end = text.indexOf('\r\n\r\n') + 4;
  const [, length = 'NaN'] = /^content-length: (\d+)\r$/im.exec(text.slice(0, end)) ?? [];
  const all = end + Number(length);
  return end >= 4 && text.length >= all ? text.slice(0, all) : undefined;
}
