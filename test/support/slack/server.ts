import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { sleep } from '../../../src/async/sleep.ts';
import { freePort } from '../daemon.ts';
import { type Fields, isFields, json } from './fields.ts';
import { Refusal } from './refusal.ts';
import { refusalOf, type Troubles } from './trouble.ts';

export interface Request {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  readonly contentType: string;
  readonly body: Buffer;
}

/** What is sent back: JSON, or text as it is. */
export interface Answer {
  readonly body: Fields | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ServerOptions {
  readonly troubles: Troubles;
  /** What trouble goes by: a method, `response_url` or `upload`. */
  name(path: string): string;
  /** Does it. What it throws as a refusal is answered. */
  handle(request: Request): Answer;
  /** Called for what was refused without being done. */
  refused(request: Request, error: string): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export interface HttpServer {
  readonly origin: string;
  /** No port any more, and no connection. */
  down(): Promise<void>;
  /** The same port again. */
  up(): Promise<void>;
}

/** Listens on the loopback interface. */
export async function httpServer(options: ServerOptions): Promise<HttpServer> {
  const connections = new Set<Duplex>();
  const port = await freePort();
  let server: Server | undefined;

  const up = async (): Promise<void> => {
    const made = createServer((request, response) => void answer(options, request, response));
    made.on('connection', (socket: Duplex) => {
      connections.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => connections.delete(socket));
    });
    made.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      options.upgrade(request, socket, head),
    );
    made.listen(port, '127.0.0.1');
    await once(made, 'listening');
    server = made;
  };

  await up();
  return {
    get origin() {
      return `http://127.0.0.1:${port}`;
    },
    up,
    async down() {
      const gone = server;
      if (gone === undefined) return;
      server = undefined;
      const closed = once(gone, 'close');
      gone.close();
      for (const connection of connections) connection.destroy();
      await closed;
    },
  };
}

async function answer(options: ServerOptions, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(message.url ?? '/', 'http://slack');
  const parts: Buffer[] = [];
  try {
    for await (const part of message) parts.push(part as Buffer);
  } catch {
    return;
  }
  const request: Request = {
    path: url.pathname,
    query: url.searchParams,
    authorization: message.headers.authorization,
    contentType: message.headers['content-type'] ?? '',
    body: Buffer.concat(parts),
  };
  const trouble = options.troubles.take(options.name(request.path));
  if (trouble?.kind === 'cut') {
    options.refused(request, 'cut');
    response.destroy();
    return;
  }
  if (trouble?.kind === 'status') {
    options.refused(request, String(trouble.status));
    response.writeHead(trouble.status, { 'content-type': 'text/html' }).end('<html>Server Error</html>');
    return;
  }
  const refusal = refusalOf(trouble);
  if (refusal !== undefined) options.refused(request, refusal.error);
  const [status, { body, headers }] = refusal === undefined ? done(options, request) : refused(refusal);
  if (trouble?.kind === 'cut after') {
    response.destroy();
    return;
  }
  if (trouble?.kind === 'silent') return;
  if (trouble?.kind === 'slow') {
    await sleep(trouble.ms);
    if (response.destroyed) return;
  }
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
  response
    .writeHead(status, { 'content-type': type, ...headers })
    .end(trouble?.kind === 'garbage' ? trouble.body : text);
}

function done(options: ServerOptions, request: Request): readonly [status: number, Answer] {
  try {
    return [200, options.handle(request)];
  } catch (error) {
    if (error instanceof Refusal) return refused(error);
    throw error;
  }
}

const refused = ({ error, more, status, headers }: Refusal): readonly [status: number, Answer] => [
  status,
  { body: { ok: false, error, ...more }, headers },
];

/** The arguments in a request. Throws what Slack says when they can't be read. */
export function argumentsOf({ body, contentType, query }: Request): Fields {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const inQuery = Object.fromEntries(query);
  if (body.length === 0) return inQuery;
  switch (type) {
    case 'application/json': {
      const value = json(body.toString());
      if (value === undefined) throw new Refusal('invalid_json');
      if (!isFields(value)) throw new Refusal('json_not_object');
      return { ...inQuery, ...value };
    }
    case 'application/x-www-form-urlencoded':
      return { ...inQuery, ...Object.fromEntries(new URLSearchParams(body.toString())) };
    default:
      throw new Refusal('invalid_post_type');
  }
}
