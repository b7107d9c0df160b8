import { once } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, checkServerIdentity, connect as connectTls } from 'node:tls';
import { domainToASCII } from 'node:url';
import { deadline } from '../../../async/deadline.ts';
import { failureOfTls } from './certificate.ts';
import type { Endpoint } from './endpoints.ts';
import { Failure, nameOf } from './failure.ts';
import { startTls } from './starttls.ts';

export interface ConnectOptions {
  /** Whose certificate it has to be, whatever host it is on. */
  readonly domain: string;
  readonly ca: string | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** A connection, ready for a stream. */
export interface Connected {
  readonly socket: Socket;
  readonly isSecure: boolean;
}

/** Connects, with TLS and a certificate for the domain unless the endpoint is a plain one. Rejects with a `Failure`, or the signal's reason. */
export async function connect(endpoint: Endpoint, options: ConnectOptions): Promise<Connected> {
  using limit = deadline(options.signal, options.timeoutMs);
  let socket: Socket = connectTcp({ host: endpoint.host, port: endpoint.port, noDelay: true });
  const give = (): void => void socket.destroy();
  limit.signal.addEventListener('abort', give, { once: true });
  // What it has to say is heard below; later errors come with the end of the stream.
  const ignore = (): void => {};
  socket.on('error', ignore);
  try {
    await arrival(
      socket,
      'connect',
      (error) => new Failure('unavailable', `the server can not be reached: ${nameOf(error)}`),
    );
    if (endpoint.mode === 'plain') return { socket, isSecure: false };
    if (endpoint.mode === 'starttls') await startTls(socket, options.domain);
    const tls = connectTls({
      ...secure(options),
      ...(endpoint.mode === 'direct' && { ALPNProtocols: ['xmpp-client'] }),
      socket,
    });
    tls.on('error', ignore);
    socket = tls;
    await arrival(tls, 'secureConnect', failureOfTls);
    return { socket, isSecure: true };
  } catch (error) {
    socket.destroy();
    options.signal.throwIfAborted();
    if (limit.signal.aborted) throw new Failure('unavailable', 'the server did not answer in time');
    throw error;
  } finally {
    limit.signal.removeEventListener('abort', give);
  }
}

/** Waits for the event. Rejects with what `explain` makes of an error, also when the socket just closes. */
async function arrival(socket: Socket, event: string, explain: (error: unknown) => Failure): Promise<void> {
  const stop = new AbortController();
  const closed = once(socket, 'close', { signal: stop.signal }).then(() => {
    throw explain(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
  });
  try {
    await Promise.race([once(socket, event, { signal: stop.signal }), closed]);
  } catch (error) {
    throw error instanceof Failure ? error : explain(error);
  } finally {
    stop.abort();
    closed.catch(() => {});
  }
}

function secure({ domain, ca }: ConnectOptions): ConnectionOptions {
  const name = domainToASCII(domain);
  return {
    minVersion: 'TLSv1.2',
    // Said aloud, so that no environment variable can say otherwise.
    rejectUnauthorized: true,
    ...(isIP(name) === 0 && { servername: name }),
    ...(ca !== undefined && { ca }),
    checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
  };
}
