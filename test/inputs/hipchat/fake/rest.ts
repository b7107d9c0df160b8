import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Identity } from '../../../support/tls.ts';

/** What HipChat's REST API got. */
export interface Notification {
  readonly room: string;
  readonly color: string;
  readonly message: string;
  readonly format: string;
  readonly card: unknown;
}

/** What it does with the next request instead of taking it. */
export type Trouble =
  | { readonly kind: 'answer'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** Reads it, and hangs up. */
  | { readonly kind: 'cut' }
  /** Reads it, and says nothing. */
  | { readonly kind: 'silence' };

/** The part of HipChat's REST API that takes notifications, as strict as its reference: no such server can be had any more. */
export interface FakeRest extends AsyncDisposable {
  readonly apiUrl: string;
  readonly taken: readonly Notification[];
  /** Of all requests, whatever came of them. */
  readonly requests: number;
  trouble(...what: readonly Trouble[]): void;
}

export interface FakeRestOptions {
  readonly token: string;
  /** The ids and names of the rooms there are. */
  readonly rooms: readonly string[];
  readonly tls?: Identity;
  /** Cards are too new for it. */
  readonly refusesCards?: boolean;
}

export async function startFakeRest({ token, rooms, tls, refusesCards = false }: FakeRestOptions): Promise<FakeRest> {
  const taken: Notification[] = [];
  const troubles: Trouble[] = [];
  let requests = 0;

  const judge = (request: IncomingMessage, content: string): number => {
    if (request.headers.authorization !== `Bearer ${token}`) return 401;
    const room = /^\/v2\/room\/([^/?]+)\/notification$/.exec(request.url ?? '')?.[1];
    if (request.method !== 'POST' || room === undefined) return 404;
    if (!rooms.includes(decodeURIComponent(room))) return 404;
    if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) return 415;
    const body = JSON.parse(content) as Record<string, unknown>;
    const { color, message, card } = body;
    const format = body['message_format'];
    if (typeof color !== 'string' || !/^(?:yellow|green|red|purple|gray|random)$/.test(color)) return 400;
    if (typeof message !== 'string' || message.length < 1 || message.length > 10_000) return 400;
    if (format !== 'html' && format !== 'text') return 400;
    if (card !== undefined && (refusesCards || !isCard(card))) return 400;
    taken.push({ room: decodeURIComponent(room), color, message, format, card });
    return 204;
  };
  const listener: RequestListener = (request, response) => {
    let content = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      content += chunk;
    });
    request.on('end', () => {
      requests += 1;
      const trouble = troubles.shift();
      if (trouble?.kind === 'silence') return;
      if (trouble?.kind === 'cut') request.socket.destroy();
      else if (trouble !== undefined) response.writeHead(trouble.status, trouble.headers).end('{"error":{}}');
      else response.writeHead(judge(request, content)).end();
    });
  };
  const server = tls === undefined ? createHttpServer(listener) : createHttpsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    apiUrl: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/v2/`,
    taken,
    get requests() {
      return requests;
    },
    trouble: (...what) => void troubles.push(...what),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function isCard(value: unknown): boolean {
  const { style, id, title, attributes } = value as Record<string, unknown>;
  const isText = (text: unknown): boolean => typeof text === 'string' && text !== '';
  const items = attributes as readonly { readonly label: unknown; readonly value: { readonly label: unknown } }[];
  return (
    style === 'application' &&
    isText(id) &&
    isText(title) &&
    items.every(({ label, value: { label: shown } }) => isText(label) && isText(shown))
  );
}
