import { once } from 'node:events';
import {
  type ClientHttp2Stream,
  connect,
  constants,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { closed } from './closed.ts';

/** Header names and their values, in order; bytes one character each. */
export type Pairs = readonly (readonly [name: string, value: string])[];

/** One HTTP/2 exchange without its framing. */
export interface H2Exchange {
  readonly request: { readonly headers: Pairs; readonly data: string };
  /** `trailers` are absent from an answer that is all in its headers. */
  readonly response: { readonly headers: Pairs; readonly data: string; readonly trailers?: Pairs };
}

export interface H2Tap {
  readonly address: string;
  /** The exchange that went through last. Resolves when it is over. */
  take(): Promise<H2Exchange>;
}

/** Node has the status as a number. */
type Received = Readonly<Record<string, string | number | readonly string[] | undefined>>;

const pairs = (headers: Received): Pairs =>
  Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((each): readonly [string, string] => [name, String(each)]),
  );

const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('latin1');

/** Stands between a client and a server that speak HTTP/2 without TLS, until the test ends, and keeps what either said. */
export async function h2Tap(target: string): Promise<H2Tap> {
  const upstream = connect(`http://${target}`);
  upstream.on('error', () => {});
  let last: Promise<H2Exchange> | undefined;
  const server = createServer();
  server.on('sessionError', () => {});
  server.on('stream', (stream, headers) => {
    last = pass(stream, headers, upstream.request(headers));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    upstream.destroy();
    server.close();
  });
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    take: () => last ?? Promise.reject(new Error('nothing went through')),
  };
}

async function pass(
  client: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  upstream: ClientHttp2Stream,
): Promise<H2Exchange> {
  const said: Buffer[] = [];
  const answered: Buffer[] = [];
  let head: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders | undefined;
  client.on('data', (chunk: Buffer) => {
    said.push(chunk);
    upstream.write(chunk);
  });
  client.on('end', () => upstream.end());
  // A client that cancels does so behind the tap too.
  client.on('close', () => upstream.close(constants.NGHTTP2_CANCEL));
  upstream.on('response', (received, flags) => {
    head = received;
    const endStream = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    client.respond(received, endStream ? { endStream } : { waitForTrailers: true });
  });
  client.on('wantTrailers', () => client.sendTrailers(trailers ?? {}));
  upstream.on('data', (chunk: Buffer) => {
    answered.push(chunk);
    client.write(chunk);
  });
  upstream.on('trailers', (received) => {
    trailers = received;
  });
  upstream.on('end', () => client.end());
  await Promise.all([closed(client), closed(upstream)]);
  return {
    request: { headers: pairs(headers), data: text(said) },
    response: {
      headers: pairs(head),
      data: text(answered),
      ...(trailers === undefined ? {} : { trailers: pairs(trailers) }),
    },
  };
}
