import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Node } from '../../../src/discovery/registry.ts';
import type { CallOptions, Client } from '../../../src/runtime/client/client.ts';
import type { ClientOptions } from '../../../src/runtime/client/micro.ts';
import { newClient } from '../../../src/runtime/client/micro.ts';
import { httpTransport } from '../../../src/runtime/transport/http/http.ts';

/** A request as it was on the wire. */
export interface Heard {
  readonly socket: Socket;
  readonly headers: Readonly<Record<string, string>>;
  readonly id: string;
  readonly endpoint: string;
  readonly body: string;
}

/** A server that is none of ours: it answers as a test says, or not. */
export interface Peer {
  readonly node: Node;
  readonly heard: readonly Heard[];
  readonly sockets: readonly Socket[];
}

/** `multiplex`: it says that calls may share a connection. `answer` is called for each request. */
export async function sharedPeer(answer: (request: Heard) => void, multiplex = true): Promise<Peer> {
  const heard: Heard[] = [];
  const sockets: Socket[] = [];
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    let rest = '';
    socket.on('data', (chunk) => {
      rest += chunk.toString('latin1');
      for (let next = cut(rest); next !== undefined; next = cut(rest)) {
        const { headers } = next;
        rest = next.rest;
        const { 'Micro-Id': id = '', 'Micro-Endpoint': endpoint = '' } = headers;
        const request = { socket, headers, id, endpoint, body: next.body.trimEnd() };
        heard.push(request);
        answer(request);
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const metadata = { protocol: 'mucp', ...(multiplex ? { multiplex: 'true' } : {}) };
  return { node: { id: 'peer', address, metadata }, heard, sockets };
}

function cut(text: string): { headers: Record<string, string>; body: string; rest: string } | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const lines = text.slice(0, end).split('\r\n').slice(1);
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  const stop = end + 4 + Number(headers['Content-Length']);
  return text.length < stop ? undefined : { headers, body: text.slice(end + 4, stop), rest: text.slice(stop) };
}

/** An answer on the wire; `headers` are whole lines. */
export const answerText = (headers: readonly string[], body = '{}'): string =>
  ['HTTP/1.1 200 OK', ...headers, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');

/** Answers a request as it should be. */
export function echo({ socket, id, body }: Heard): void {
  socket.write(answerText([`Micro-Id: ${id}`], body));
}

/** A client that asks `peer`, and has called `Any.Thing` once: the first call of an endpoint has a connection of its own. */
export async function introduced(
  node: Node,
  options: Partial<ClientOptions> = {},
): Promise<(body: unknown, options?: CallOptions, endpoint?: string) => Promise<unknown>> {
  const client: Client = newClient({ transport: httpTransport(), ...options });
  onTestFinished(() => client.close());
  const call = (body: unknown, callOptions?: CallOptions, endpoint = 'Any.Thing'): Promise<unknown> =>
    client.call({ service: 'peer', endpoint, body }, { nodes: [node], retries: 0, ...callOptions });
  await call('introduction');
  return call;
}
