import type { Metadata } from '../../discovery/registry.ts';
import type { MicroError } from '../errors.ts';
import type { Flow } from '../inbox.ts';
import type { Body } from '../transport/transport.ts';

/** The other end of a request, as whoever answers it sees it. `id` is the request's Micro-Id, if it had one. */
export interface Caller extends Flow {
  /** Metadata that the connection adds to each request's. */
  readonly ends: Metadata;
  /** Says whether the other side keeps up. */
  answer(id: string | undefined, contentType: string, body: Body): boolean;
  /** Answers with an error. */
  refuse(id: string | undefined, contentType: string, error: MicroError): void;
  /** Ends our half of a stream. */
  end(id: string | undefined, contentType: string): void;
  /** Resolves when the other side keeps up again, or is gone. */
  drained(): Promise<void>;
  /** The work is over: there is nothing left to abort. */
  forget(work: Work): void;
}

/** A request that is being answered. */
export interface Work {
  /** The caller is gone or the server must stop: the handler hears of it, and its answer no longer matters. */
  abort(reason: MicroError): void;
}
