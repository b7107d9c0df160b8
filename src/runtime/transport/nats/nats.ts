import type { Log } from '../../../log/log.ts';
import { silent } from '../../../log/log.ts';
import type { TlsOptions } from '../tls.ts';
import type { Transport } from '../transport.ts';
import { TransportError } from '../transport.ts';
import { defaultPatience } from '../watch.ts';
import { Hub } from './hub.ts';
import { NatsListener } from './listener.ts';
import { connectionOptions } from './servers.ts';
import type { NatsSettings } from './socket.ts';
import { NatsSocket } from './socket.ts';
import { checkSubject, newInbox, wantsAny } from './subject.ts';

export interface NatsTransportOptions extends Partial<NatsSettings> {
  /** Any of one cluster: `nats://user:password@host:4222`, `tls://host`, or `host:4222`. Default `127.0.0.1:4222`. */
  readonly servers?: readonly string[];
  /** After so long without a word the other side is asked whether it is there; Go clients are given up. In milliseconds, default 60,000. */
  readonly idleMs?: number;
  /** So much may wait for a receiver that pauses: NATS has no way to hold a sender back. Default 67,108,864. */
  readonly maxWaitingBytes?: number;
  readonly tls?: TlsOptions;
  readonly log?: Log;
}

const dialTimeoutMs = 5000;

/**
 * go-micro's nats transport: an address is a subject, and a client is known by the subject it wants its answers on. NATS has no
 * connections between the two, so `dial` knows nothing of who listens: the first message finds out. Ends of ours tell each other when
 * they close, and ask after who is silent; a Go client that leaves is noticed when `idleMs` is over. A message has at most the server's
 * `max_payload` as JSON. Connects when it is first used, and hangs up with the last socket and listener. Throws a `TransportError`
 * (`invalid`) for what is no server, or a certificate that can't be used.
 */
export function natsTransport(options: NatsTransportOptions = {}): Transport {
  const { servers = [], tls, log = silent, ...given } = options;
  const { heldTimeoutMs } = defaultPatience;
  const settings = { idleMs: 60_000, maxWaitingBytes: 64 * 1024 * 1024, heldTimeoutMs, log, ...given };
  const hub = new Hub(connectionOptions(servers, tls), log);
  const taken = new Set<string>();

  return {
    name: 'nats',

    async dial(address, receiver, dialOptions) {
      const subject = checkSubject(address);
      const link = await hub.enter(dialOptions?.timeoutMs ?? dialTimeoutMs);
      return new NatsSocket(link, { side: 'client', subject }, settings, () => void hub.leave()).start(receiver);
    },

    async listen(address, accept) {
      const subject = wantsAny(address) ? newInbox() : checkSubject(address);
      if (taken.has(subject)) throw new TransportError('unavailable', `cannot listen on ${subject}: it is taken`);
      taken.add(subject);
      try {
        const link = await hub.enter(dialTimeoutMs);
        const listener = new NatsListener(link, subject, accept, settings, () => {
          taken.delete(subject);
          return hub.leave();
        });
        // Who is told the address may send at once.
        await link.flush();
        return listener;
      } catch (error) {
        taken.delete(subject);
        const reason = error instanceof Error ? error.message : 'unknown';
        throw new TransportError('unavailable', `cannot listen on ${subject}: ${reason}`, { cause: error });
      }
    },
  };
}
