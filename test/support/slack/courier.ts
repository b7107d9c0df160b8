import { createHmac, randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { request } from 'node:http';
import { sleep } from '../../../src/async/sleep.ts';
import { patience } from '../patience.ts';
import { type Fields, isFields, json } from './fields.ts';
import type { Socket } from './connection.ts';
import type { SocketServer } from './sockets.ts';

/** Something on its way to the app. */
export interface Parcel {
  readonly kind: 'events_api' | 'slash_commands' | 'interactive';
  readonly body: Fields;
}

/** How it went. */
export interface Outcome {
  readonly acknowledged: boolean;
  readonly payload: Fields | undefined;
  /** From the try that was acknowledged (or the last one) to its acknowledgement. */
  readonly ms: number;
  readonly attempts: number;
}

/** Where requests go instead of sockets. */
export interface HttpTarget {
  readonly url: string;
  readonly signingSecret: string;
}

/** How every parcel is sent from now on. */
export interface Manner {
  /** How often the very same event comes. Default 1. */
  readonly copies?: number;
  /** Over how many different sockets. Default 1. */
  readonly sockets?: number;
  /** Copies, and events that are sent at the same time, come in any order. A number is where its randomness starts. */
  readonly shuffle?: boolean | number;
}

export interface CourierOptions {
  readonly sockets: SocketServer;
  readonly ackWithinMs: number;
  /** How long after a failure each further try of an event comes. */
  readonly retryAfterMs: readonly number[];
}

export interface Courier {
  manner: Manner;
  http: HttpTarget | undefined;
  /** Resolves when it is acknowledged, or was not for the last time. */
  send(parcel: Parcel): Promise<Outcome>;
  /** One signed request as it is, to the HTTP target. */
  post(contentType: string, body: string, headers?: Readonly<Record<string, string>>): Promise<HttpAnswer>;
  stop(): void;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

interface Retry {
  readonly attempt: number;
  readonly reason: string;
}

type Attempt =
  | { readonly ok: true; readonly payload: Fields | undefined }
  | { readonly ok: false; readonly reason: string; readonly last: boolean };

export function courier({ sockets, ackWithinMs, retryAfterMs }: CourierOptions): Courier {
  const stopped = new AbortController();
  // Everything on its way listens to it.
  setMaxListeners(0, stopped.signal);
  let manner: Manner = {};
  let http: HttpTarget | undefined;
  let random = 1;

  const post: Courier['post'] = async (contentType, body, headers = {}) => {
    if (http === undefined) throw new Error('the fake Slack was given no address for HTTP');
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', http.signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
    const late = new AbortController();
    const calm = patience(ackWithinMs, () => late.abort(new DOMException('nobody answered', 'TimeoutError')));
    return await exchange(
      http.url,
      {
        'content-type': contentType,
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${signature}`,
        ...headers,
      },
      body,
      AbortSignal.any([stopped.signal, late.signal]),
    ).finally(calm);
  };

  const overHttp = async (parcel: Parcel, retry: Retry | undefined): Promise<Attempt> => {
    const headers: Record<string, string> =
      retry === undefined ? {} : { 'x-slack-retry-num': String(retry.attempt), 'x-slack-retry-reason': retry.reason };
    const [type, body] = formOf(parcel);
    try {
      const answer = await post(type, body, headers);
      const last = answer.headers['x-slack-no-retry'] === '1';
      if (answer.status < 200 || answer.status > 299) return { ok: false, reason: 'http_error', last };
      const value = json(answer.body);
      if (isFields(value)) return { ok: true, payload: value };
      return { ok: true, payload: answer.body === '' ? undefined : { text: answer.body } };
    } catch (error) {
      const isTimeout = error instanceof Error && error.name === 'TimeoutError';
      return { ok: false, reason: isTimeout ? 'http_timeout' : 'connection_failed', last: false };
    }
  };

  const overSocket = async (
    parcel: Parcel,
    retry: Retry | undefined,
    socket = sockets.next(),
    id: string = randomUUID(),
  ): Promise<Attempt> => {
    if (socket === undefined) return { ok: false, reason: 'connection_failed', last: false };
    const acknowledgement = await socket.deliver(envelope(parcel, retry, id), ackWithinMs);
    if (acknowledgement === undefined) return { ok: false, reason: 'timeout', last: false };
    return { ok: true, payload: acknowledgement.payload };
  };

  /** The first try: several of them where the manner says so; the first one that is acknowledged counts. */
  const first = async (parcel: Parcel): Promise<Attempt> => {
    const { copies = 1, sockets: most = 1, shuffle = false } = manner;
    if (typeof shuffle === 'number' && random === 1) random = shuffle;
    const ways: readonly (Socket | undefined)[] = most > 1 ? sockets.some(most) : [sockets.next()];
    // Slack sends one and the same envelope over a second socket, too.
    const ids = Array.from({ length: Math.max(1, copies) }, () => randomUUID());
    const tries = ids.map(async (id, index): Promise<Attempt> => {
      random = (random * 48_271) % 2_147_483_647;
      if (shuffle !== false) await sleep(random % 20, stopped.signal);
      if (http !== undefined) return overHttp(parcel, undefined);
      const same = ways.length > 1 ? (ids[index - (index % 2)] ?? id) : id;
      return overSocket(parcel, undefined, ways[index % Math.max(1, ways.length)] ?? sockets.next(), same);
    });
    const attempts = await Promise.all(tries);
    return attempts.find(({ ok }) => ok) ?? attempts[0] ?? { ok: false, reason: 'connection_failed', last: false };
  };

  return {
    get manner() {
      return manner;
    },
    set manner(value) {
      manner = value;
      random = 1;
    },
    get http() {
      return http;
    },
    set http(value) {
      http = value;
    },
    post,
    async send(parcel) {
      let from = performance.now();
      let attempt = await first(parcel);
      let attempts = 1;
      const retries = parcel.kind === 'events_api' ? retryAfterMs : [];
      for (const delayMs of retries) {
        if (attempt.ok || attempt.last || stopped.signal.aborted) break;
        await sleep(delayMs, stopped.signal);
        if (stopped.signal.aborted) break;
        from = performance.now();
        const retry = { attempt: attempts, reason: attempt.reason };
        attempt = await (http === undefined ? overSocket(parcel, retry) : overHttp(parcel, retry));
        attempts += 1;
      }
      const ms = performance.now() - from;
      return { acknowledged: attempt.ok, payload: attempt.ok ? attempt.payload : undefined, ms, attempts };
    },
    stop: () => stopped.abort(),
  };
}

const envelope = (parcel: Parcel, retry: Retry | undefined, id: string): Fields => ({
  envelope_id: id,
  type: parcel.kind,
  accepts_response_payload: parcel.kind !== 'events_api',
  ...(parcel.kind === 'events_api' ? { retry_attempt: retry?.attempt ?? 0, retry_reason: retry?.reason ?? '' } : {}),
  payload: parcel.body,
});

function formOf({ kind, body }: Parcel): readonly [type: string, body: string] {
  const form = 'application/x-www-form-urlencoded';
  switch (kind) {
    case 'events_api':
      return ['application/json', JSON.stringify(body)];
    case 'slash_commands':
      return [form, new URLSearchParams(body as Record<string, string>).toString()];
    case 'interactive':
      return [form, new URLSearchParams({ payload: JSON.stringify(body) }).toString()];
    default:
      return kind satisfies never;
  }
}

function exchange(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST', headers, agent: false, signal }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, headers, body: Buffer.concat(parts).toString() });
      });
    });
    // An aborted request reports its abort, not why.
    asked.on('error', (error) => reject(signal.aborted ? (signal.reason as Error) : error));
    asked.end(body);
  });
}
