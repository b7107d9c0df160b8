import type { IncomingMessage, ServerResponse } from 'node:http';
import { MicroError } from '../../errors.ts';
import type { Headers } from '../../transport/transport.ts';
import { decodeMessage } from '../json-message.ts';

/** What an HTTP request brought. */
export interface Posted {
  /** The subscription it is for. */
  readonly id: string;
  readonly topic: string;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** Why a request is refused, with the HTTP status that goes with it. */
export class Refusal extends Error {
  readonly status: number;
  readonly record: MicroError;

  constructor(status: number, code: number, detail: string) {
    super(detail);
    this.name = 'Refusal';
    this.status = status;
    this.record = new MicroError('go.micro.broker', code, detail);
  }
}

const paths: readonly string[] = ['/', '/_sub'];

/** Reads a request whose body has `maxBytes` at most. Throws a `Refusal`, or whatever the connection broke with. */
export async function readPost(request: IncomingMessage, maxBytes: number): Promise<Posted> {
  if (request.method !== 'POST') throw new Refusal(405, 400, 'Method not allowed');
  const [path = '', query = ''] = (request.url ?? '').split('?', 2);
  if (!paths.includes(path)) throw new Refusal(404, 404, 'Not found');
  const message = decodeMessage(await readBody(request, maxBytes));
  if (message === undefined) throw new Refusal(500, 500, 'Error parsing request body');
  const topic = headerOf(message.headers, ':topic') || headerOf(message.headers, 'micro-topic');
  if (topic === '') throw new Refusal(500, 500, 'Topic not found');
  const headers = Object.fromEntries(
    Object.entries(message.headers).filter(([name]) => name.toLowerCase() !== ':topic'),
  );
  return { id: new URLSearchParams(query).get('id') ?? '', topic, headers, body: message.body };
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const tooLarge = new Refusal(413, 413, `The body is larger than ${maxBytes} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const headerOf = (headers: Headers, wanted: string): string =>
  Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1] ?? '';

export function accepted(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Length': 0 }).end();
}

export function refuse(response: ServerResponse, { status, record }: Refusal): void {
  if (response.headersSent || response.destroyed) return;
  const text = record.toText();
  // A body that was not read to its end is in the way of the next request.
  const connection = response.req.complete ? {} : { Connection: 'close' };
  response
    .writeHead(status, {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
      ...connection,
    })
    .end(text);
}
