/** What one caller may cost a server. */
export interface GrpcLimits {
  /** Of one message, in both directions. Default 4 MiB. */
  readonly maxMessageBytes: number;
  /** Calls at a time on one connection. Default 1,000. */
  readonly maxStreams: number;
  /** Until a connection's first words, and a unary request that has begun, must be complete, in milliseconds. Default 60,000. */
  readonly requestTimeoutMs: number;
}

/** Of all headers of one request together, in bytes. */
export const maxHeaderBytes: number = 64 * 1024;

export const maxHeaders = 256;

/** What a caller may send on one stream before we have read it: a handler that reads slowly holds its caller back with this. */
export const windowBytes: number = 256 * 1024;

/** The same for all streams of a connection together. */
export const connectionWindowBytes: number = 4 * 1024 * 1024;

/** What a connection may hold of requests and of answers its caller does not read; beyond that it is given no new streams. */
export const maxConnectionMegabytes = 256;

/** Pings and settings that may come between two calls or answers. Go's clients send one ping with each read at most. */
export const maxControlFrames = 1000;
