import type { Socket } from 'node:net';
import { TransportError } from '../transport/transport.ts';
import { http2Client } from './client.ts';
import { Http2Error } from './frame.ts';
import type { Connection, ConnectionOwner, Limits } from './http2.ts';

/**
 * Resolves to a connection whose other side, at `address`, has said that it speaks HTTP/2; from then on `owner` is told when it is over.
 * Rejects with a `TransportError`: `unreachable`, `timeout`, or `invalid` when it speaks something else or wants a certificate.
 */
export function openHttp2(
  socket: Socket,
  address: string,
  timeoutMs: number,
  owner: ConnectionOwner | undefined,
  limits: Limits,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    let isOpen = false;
    const timer = setTimeout(() => {
      reject(new TransportError('timeout', `${address} did not answer within ${timeoutMs} ms`));
      connection.destroy();
    }, timeoutMs);
    const connection = http2Client(
      socket,
      {
        opened() {
          isOpen = true;
          clearTimeout(timer);
          resolve(connection);
        },
        limited: (maxStreams) => owner?.limited?.(maxStreams),
        retired: () => owner?.retired?.(),
        closed(error) {
          clearTimeout(timer);
          if (isOpen) owner?.closed(error);
          else reject(unopened(address, error));
        },
      },
      limits,
    );
  });
}

function unopened(address: string, error: NodeJS.ErrnoException | undefined): TransportError {
  const options = error === undefined ? {} : { cause: error };
  if (error instanceof Http2Error) {
    return new TransportError('invalid', `${address} does not speak HTTP/2: ${error.message}`, options);
  }
  const why = error === undefined ? 'it closed the connection' : (error.code ?? error.message);
  // With TLS 1.3 a server says only now that it wants a certificate, or another one.
  if (why.startsWith('ERR_SSL_')) return new TransportError('invalid', `${address} ended TLS: ${why}`, options);
  return new TransportError('unreachable', `cannot reach ${address}: ${why}`, options);
}
