import type { MicroError } from '../errors.ts';
import type { Core } from './core.ts';

/** Serves one wire protocol. */
export interface ServerProtocol {
  /** As in node metadata `protocol` and `server`: `mucp`, `grpc`. */
  readonly name: string;
  /** As in node metadata `transport`. */
  readonly transport: string;
  /** What else nodes tell their callers about themselves. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Listens and gives each request to `core`. Rejects with a `TransportError`. */
  listen(address: string, core: Core): Promise<Serving>;
}

/** A protocol that is being served. A stop calls `retire`, then, when work is done or its time is over, `abort`, `close` and `destroy`. */
export interface Serving {
  readonly address: string;
  /** Takes no new connections, and tells the callers to ask nothing more on those they have. What comes all the same is refused. */
  retire(): void;
  /** Ends everything that runs, telling whoever still listens. */
  abort(reason: MicroError): void;
  /** Writes what is queued and closes; resolves when every connection is closed. */
  close(): Promise<void>;
  /** Closes at once whatever is left. */
  destroy(): void;
}
