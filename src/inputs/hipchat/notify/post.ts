import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { deadline } from '../../../async/deadline.ts';

/** What came of a request. */
export type Posted =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: Readonly<Record<string, string>> }
  /** It never left us: nobody can have got it. */
  | { readonly kind: 'untouched'; readonly reason: string }
  /** Nobody knows whether it arrived. */
  | { readonly kind: 'unknown'; readonly reason: string };

export interface PostOptions {
  readonly url: string;
  readonly token: string;
  readonly body: unknown;
  /** Authorities, as PEM, instead of the usual ones. */
  readonly ca?: string | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Posts JSON on a connection of its own. Follows nobody elsewhere: the token is for this server. Never rejects. */
export async function post({ url, token, body, ca, timeoutMs, signal }: PostOptions): Promise<Posted> {
  using limit = deadline(signal, timeoutMs);
  const content = JSON.stringify(body);
  const { protocol } = new URL(url);
  const options = {
    method: 'POST',
    agent: false,
    signal: limit.signal,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(content),
    },
    ...(ca === undefined ? {} : { ca }),
  } as const;
  return await new Promise<Posted>((resolve) => {
    let isSent = false;
    const fail = (error: Error): void => {
      const reason = limit.signal.aborted && !signal.aborted ? `no answer within ${timeoutMs} ms` : error.message;
      resolve({ kind: isSent ? 'unknown' : 'untouched', reason });
    };
    const request = (protocol === 'https:' ? httpsRequest : httpRequest)(url, options, (response) => {
      response.on('error', () => {});
      const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
      resolve({ kind: 'answered', status: response.statusCode ?? 0, headers: Object.fromEntries(headers) });
      // Its words are of no interest, however many there are.
      response.destroy();
    });
    request.on('error', fail);
    // Nothing is written before somebody is there, and under TLS is who we mean.
    request.on('socket', (socket) => {
      socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        isSent = true;
      });
    });
    request.end(content);
  });
}
