import { Agent } from 'undici';
import type { Body, Headers } from '../../transport/transport.ts';
import type { TlsOptions } from '../../transport/tls.ts';
import { encodeMessage } from '../json-message.ts';
import type { Dialect, Target } from './generations.ts';

/** One message, written once in each dialect that is asked for. */
export interface Letter {
  in(dialect: Dialect): string;
  /** Milliseconds since the epoch: nobody wants it any more then. */
  readonly expiresAt: number;
}

/** How long a message is tried. */
const lifeMs = 60_000;

export function newLetter(topic: string, headers: Headers, body: Body): Letter {
  // The caller may change its bytes when publish has resolved.
  const own = typeof body === 'string' ? body : Buffer.from(body);
  const written = new Map<Dialect, string>();
  const topicHeader: Readonly<Record<Dialect, string>> = { sub: ':topic', root: 'Micro-Topic' };
  return {
    expiresAt: Date.now() + lifeMs,
    in(dialect) {
      const known = written.get(dialect);
      if (known !== undefined) return known;
      const json = encodeMessage({ ...headers, [topicHeader[dialect]]: topic }, own);
      written.set(dialect, json);
      return json;
    },
  };
}

/** `again`: not now, or not there. `never`: the other side can't read it, and will not another time. */
export type Outcome = 'sent' | 'again' | 'never';

export interface Poster {
  /** Does not reject. */
  post(target: Target, letter: Letter): Promise<Outcome>;
  /** Ends what is under way. */
  close(): Promise<void>;
}

/** The other side answers when its handler takes the message: until then its handler may be busy with another. */
const answerMs = 30_000;
const connectMs = 5000;
/** To one process: each may be held by a busy handler. */
const connections = 128;

const paths: Readonly<Record<Dialect, string>> = { sub: '/_sub', root: '/' };

export function createPoster(tls: TlsOptions | undefined): Poster {
  const agent = new Agent({
    connections,
    connectTimeout: connectMs,
    headersTimeout: answerMs,
    bodyTimeout: connectMs,
    connect: { timeout: connectMs, ...trustOf(tls) },
  });
  return {
    async post({ id, address, secure, dialect }, letter) {
      try {
        const { statusCode, body } = await agent.request({
          origin: `${secure ? 'https' : 'http'}://${address}`,
          path: `${paths[dialect]}?id=${encodeURIComponent(id)}`,
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: letter.in(dialect),
        });
        await body.dump();
        return outcomeOf(statusCode);
      } catch {
        return 'again';
      }
    },
    close: () => agent.destroy(),
  };
}

function outcomeOf(statusCode: number): Outcome {
  if (statusCode >= 200 && statusCode < 300) return 'sent';
  // 404: that subscription is gone; 503: it is about to go, or its handler does not keep up.
  return statusCode === 404 || statusCode === 503 ? 'again' : 'never';
}

const trustOf = (tls: TlsOptions | undefined): Record<string, unknown> => ({
  ...(tls?.ca === undefined ? {} : { ca: Buffer.from(tls.ca) }),
  ...(tls?.cert === undefined || tls.key === undefined
    ? {}
    : { cert: Buffer.from(tls.cert), key: Buffer.from(tls.key) }),
  rejectUnauthorized: tls?.insecure !== true,
});
