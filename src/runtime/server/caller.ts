import type { Metadata } from '../../discovery/registry.ts';
import type { Codec } from '../codec/codec.ts';
import type { MicroError } from '../errors.ts';
import type { Flow } from '../inbox.ts';
import type { Body } from '../transport/transport.ts';

/** Reads the messages of one request and writes its answers. */
export interface AnswerCodec extends Codec {
  /** The body of an error, where it is not empty. */
  encodeError?(text: string): Body;
}

/** The other end of a request, as whoever answers it sees it. `id` is the request's Micro-Id, if it had one. */
export interface Caller extends Flow {
  /** Metadata that the connection adds to each request's. */
  readonly ends: Metadata;
  /** Until when its request must be answered, in milliseconds since the epoch, where the header `Timeout` does not say it. */
  readonly deadline?: number | undefined;
  /** Says whether the other side keeps up. */
  answer(id: string | undefined, contentType: string, body: Body): boolean;
  /** The other side did not keep up with an answer that was the only one: its next request had better wait. */
  behind?(): void;
  /** Answers with an error; `body` is what the codec writes for it. */
  refuse(id: string | undefined, contentType: string, error: MicroError, body?: Body): void;
  /** Ends our half of a stream; `body` is what the codec writes for it. */
  end(id: string | undefined, contentType: string, body?: Body): void;
  /** Resolves when the other side keeps up again, or is gone. */
  drained(): Promise<void>;
  /** The work is over: there is nothing left to abort. */
  forget(work: Work): void;
}

/** A request that is being answered. */
export interface Work {
  /** Its Micro-Id, if it had one. */
  readonly id: string | undefined;
  /** For whoever keeps it among others. */
  place: number;
  /** The caller is gone or the server must stop: the handler hears of it, and its answer no longer matters. */
  abort(reason: MicroError): void;
}
