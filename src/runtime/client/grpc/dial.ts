import type { Connection, ConnectionOwner, Limits } from '../../http2/http2.ts';
import { openHttp2 } from '../../http2/open.ts';
import { dialTcp } from '../../transport/tcp-dial.ts';
import type { TlsDialing } from '../../transport/tls.ts';
import { TransportError } from '../../transport/transport.ts';

/** What a node may send and hold. */
const limits: Limits = {
  // A slow reader holds its node back with this.
  streamWindowBytes: 256 * 1024,
  connectionWindowBytes: 4 * 1024 * 1024,
  maxStreams: 0,
  maxHeadBytes: 64 * 1024,
  maxFields: 256,
  // As many large messages as there are calls at a time may wait for a node that is slow.
  maxWaitingBytes: 1024 * 1024 * 1024,
};

/** When nothing is heard for so long the kernel asks the other side. It is no ping of HTTP/2: Go's servers count those. */
const keepAliveMs = 60_000;

/**
 * A connection to `host:port` whose other side has shown that it speaks HTTP/2; from then on `owner` is told when it is over. Rejects with
 * a `TransportError`: `unreachable`, `timeout`, or `invalid` when the other side can't be trusted or speaks something else.
 */
export async function dial(
  address: string,
  tls: TlsDialing | undefined,
  timeoutMs: number,
  owner: ConnectionOwner,
): Promise<Connection> {
  const startedAt = Date.now();
  const socket = await dialTcp(address, { tls, alpn: 'h2', timeoutMs });
  if ('alpnProtocol' in socket && socket.alpnProtocol !== 'h2') {
    socket.destroy();
    throw new TransportError('invalid', `${address} does not speak HTTP/2 inside of TLS`);
  }
  socket.setKeepAlive(true, keepAliveMs);
  const leftMs = Math.max(1, timeoutMs - (Date.now() - startedAt));
  return openHttp2(socket, address, leftMs, owner, limits);
}
