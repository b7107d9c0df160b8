import type { ServerHttp2Session } from 'node:http2';

/**
 * Ends a session that does not work any more. When a peer breaks the rules of HTTP/2 badly enough, nghttp2 says GOAWAY and from then on
 * neither reads nor writes; Node 20 tells nobody, and keeps the socket even when the peer closes it. So whenever something has come, a
 * ping asks whether answers to it are still read: one that is not answered within `patienceMs` ends the session. For servers only: Go's
 * servers take the pings of a client for an attack.
 */
export function watchSession(session: ServerHttp2Session, patienceMs: number): void {
  /** What had been read when the session was known to work. */
  let proven = 0;
  let askedAt: number | undefined;
  const look = (): void => {
    if (session.destroyed) return;
    if (askedAt !== undefined) {
      if (Date.now() - askedAt >= patienceMs) session.destroy();
      return;
    }
    if (bytesRead(session) === proven) return;
    askedAt = Date.now();
    session.ping((error) => {
      if (error !== null) return;
      askedAt = undefined;
      proven = bytesRead(session);
    });
  };
  const timer = setInterval(look, patienceMs / 4).unref();
  session.once('close', () => clearInterval(timer));
}

const bytesRead = (session: ServerHttp2Session): number => session.socket?.bytesRead ?? 0;
