import { createHmac, randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { until } from '../../../support/until.ts';

/** A request as it is on the wire, so that it can be wrong in every way. */
export interface Request {
  readonly method?: string;
  readonly target?: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | Buffer;
  /** Written after the head instead of the body. */
  readonly sent?: string | Buffer;
}

export interface Response {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

export const json = 'application/json';
export const form = 'application/x-www-form-urlencoded';

export const newSecret = (): string => randomBytes(16).toString('hex');

/** What Slack puts into `X-Slack-Signature`. */
export const signature = (secret: string, timestamp: string | number, body: string | Buffer): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`;

export interface Signing {
  readonly secret: string;
  /** Seconds. */
  readonly timestamp: number;
  readonly type?: string;
}

/** A request as Slack sends it. */
export const signed = (body: string | Buffer, { secret, timestamp, type = json }: Signing): Request => ({
  headers: [
    ['Content-Type', type],
    ['X-Slack-Request-Timestamp', String(timestamp)],
    ['X-Slack-Signature', signature(secret, timestamp, body)],
  ],
  body,
});

/** The same request with one header more, another value of it, or without it. */
export const withHeader = (request: Request, name: string, value: string | undefined): Request => {
  const others = request.headers.filter(([each]) => each.toLowerCase() !== name.toLowerCase());
  return { ...request, headers: value === undefined ? others : [...others, [name, value]] };
};

export const head = ({ method = 'POST', target = '/slack/events', headers, body }: Request): string => {
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  const length =
    names.has('content-length') || names.has('transfer-encoding') ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'Host: bot',
    ...length,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
};

/** A connection whose bytes a test writes one by one. */
export interface Wire {
  readonly socket: Socket;
  /** All that came so far. */
  readonly received: string;
  readonly closed: boolean;
}

export function dial(url: string): Promise<Wire> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let received = '';
    let closed = false;
    const socket = connect(Number(port), hostname.replaceAll(/[[\]]/g, ''));
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      received += text;
    });
    socket.once('close', () => {
      closed = true;
    });
    socket.once('error', reject);
    socket.once('connect', () =>
      resolve({
        socket,
        get received() {
          return received;
        },
        get closed() {
          return closed;
        },
      }),
    );
  });
}

/** Sends the request, and resolves with the answer to it when the connection is closed. */
export async function exchange(url: string, request: Request): Promise<Response> {
  const wire = await dial(url);
  wire.socket.write(Buffer.from(head(withHeader(request, 'Connection', 'close')), 'latin1'));
  wire.socket.write(request.sent ?? request.body);
  await until(() => wire.closed);
  return parse(wire.received);
}

export function parse(received: string): Response {
  const end = received.indexOf('\r\n\r\n');
  return {
    status: Number(received.slice(9, 12)),
    head: received.slice(0, end).toLowerCase(),
    body: received.slice(end + 4),
  };
}
