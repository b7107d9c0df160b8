import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Registry, ServiceRecord } from '../../../../src/discovery/registry.ts';
import { closed } from '../../../support/closed.ts';

/** What a peer was posted. */
export interface Post {
  readonly url: string;
  readonly contentType: string;
  readonly body: string;
}

/** Another broker's HTTP server. `answer` gives the status of each answer; undefined: none at all. */
export async function startPeer(answer: (post: Post) => number | undefined = () => 200): Promise<Peer> {
  const posts: Post[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const post = { url: request.url ?? '', contentType: request.headers['content-type'] ?? '', body };
      posts.push(post);
      const status = answer(post);
      if (status !== undefined) response.writeHead(status).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(stop);
  return { posts, address: `127.0.0.1:${port}`, stop };
}

export interface Peer {
  readonly posts: readonly Post[];
  readonly address: string;
  stop(): void;
}

/** A subscription as the generations of go-micro register it. */
export const subscription = (
  service: string,
  id: string,
  address: string,
  metadata: Readonly<Record<string, string>>,
  queue = 'ff.http.broadcast',
): ServiceRecord => ({
  name: service,
  version: queue,
  metadata: {},
  endpoints: [],
  nodes: [{ id, address, metadata: { secure: 'false', ...metadata } }],
});

/** The only node of ours under a service. */
export async function nodeOf(registry: Registry, service: string): Promise<ServiceRecord> {
  const [record, ...others] = await registry.getService(service);
  if (record === undefined || others.length > 0 || record.nodes.length !== 1) throw new Error('not one node');
  return record;
}

/** Sends bytes and returns what comes until the other side closes. */
export async function raw(address: string, bytes: string): Promise<string> {
  const [host = '', port = ''] = address.split(':');
  const socket = connect(Number(port), host).setEncoding('utf8');
  let text = '';
  socket.on('data', (part: string) => (text += part));
  socket.write(bytes);
  await closed(socket);
  return text;
}

export const post = (path: string, body: string, more = ''): string =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nUser-Agent: Go-http-client/1.1\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
  `Content-Type: application/json\r\nAccept-Encoding: gzip\r\nConnection: close\r\n${more}\r\n${body}`;
