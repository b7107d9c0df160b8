import type { Limits } from '../../http2/http2.ts';

/** What one caller may cost a server. */
export interface GrpcLimits {
  /** Of one message, in both directions. Default 4 MiB. */
  readonly maxMessageBytes: number;
  /** Calls at a time on one connection. Default 1,000. */
  readonly maxStreams: number;
  /** Until a connection's first words, and a unary request that has begun, must be complete, in milliseconds. Default 60,000. */
  readonly requestTimeoutMs: number;
}

const kib = 1024;
const mib = 1024 * kib;

/** What a caller's connection may cost, whatever is said on it. */
export const connectionLimits = (maxStreams: number): Limits => ({
  streamWindowBytes: 256 * kib,
  connectionWindowBytes: 4 * mib,
  maxStreams,
  maxHeadBytes: 64 * kib,
  maxFields: 256,
  maxWaitingBytes: 256 * mib,
});

/** How much a caller may send after its answer, in bytes. */
export const discardedBytes: number = mib;

/** How often within `requestTimeoutMs` the calls of a connection are looked at. */
export const sweepsPerTimeout = 4;
