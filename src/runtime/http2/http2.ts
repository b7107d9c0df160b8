/*
 * HTTP/2 (RFC 9113) on a connected socket, as gRPC needs it: streams with heads, data and trailers both ways. No push, no priorities.
 * Events come by callback, as from the sockets of the transports: a call is too short for promises.
 */

/**
 * A head or trailers as they came: by lower-case name, pseudo-headers (`:path`) among them. What came several times is joined with `, `.
 * A character is a byte. It has no prototype and is not to be changed: equal heads may be one object.
 */
export type Head = Readonly<Record<string, string | undefined>>;

/** Names and values in turn: `[':status', '200', 'content-type', 'application/grpc']`. Names in lower case, one byte a character. */
export type Fields = readonly string[];

/** How a stream ended. */
export interface Ending {
  /** An error code of HTTP/2; 0 when both sides said everything, and when the other side just closed the connection. */
  readonly code: number;
  /** In words, when it was not the other side that broke this stream off: the connection is gone, or what came was against the rules. */
  readonly reason?: string;
  /** The other side never looked at the stream: what was asked can be asked again elsewhere. */
  readonly isUntouched: boolean;
}

/** Whom a stream tells. Nothing is told any more once `reset` was called, nor after `closed`. */
export interface StreamReceiver {
  /** The head, or the trailers. `ends`: nothing follows. Interim answers (1xx) are left out. */
  head(head: Head, ends: boolean): void;
  /** The bytes belong to the receiver. `ends`: nothing follows. */
  data(bytes: Buffer, ends: boolean): void;
  /** `write` said that the other side does not keep up; now it does. */
  drain(): void;
  /** The stream was broken off. What came before and was held back by `pause` still follows, and then `closed`. */
  aborted(ending: Ending): void;
  /** It is over, for this reason, once; told after everything else. */
  closed(ending: Ending): void;
}

/** One conversation on a connection. What is written after its end is dropped. */
export interface Stream {
  /** Odd, as clients open them. */
  readonly id: number;
  /** Nothing can be sent any more: all was said, or the stream is broken off. */
  readonly isSilent: boolean;
  /** It is silent, and nothing of it waits any more until the other side takes it. */
  readonly isSent: boolean;
  /** Both sides have ended it, or one has broken it off. */
  readonly isOver: boolean;
  /**
   * Sends the head or, after it, the trailers, which end the stream. `constant` is remembered by its identity: give the same list again
   * and again. `more` is not kept in any table. Throws a `TransportError` (`invalid`) for what is no field.
   */
  send(constant: Fields, more: Fields | undefined, ends: boolean): void;
  /** Sends bytes, which are not to be changed any more, and says whether the other side keeps up; false: wait for `drain`. */
  write(bytes: Buffer, ends: boolean): boolean;
  /** The other side does not keep up: wait for `drain`. */
  readonly needsDrain: boolean;
  /** Breaks it off with an error code of HTTP/2. What waits to be written is dropped, but not what was handed to the socket. */
  reset(code: number): void;
  /** Holds back what comes; what the other side may send meanwhile is bounded by the stream's window. */
  pause(): void;
  resume(): void;
}

/** Whom a connection tells. */
export interface ConnectionOwner {
  /** Somebody opened a stream. Its first head is not told again. Only servers are told. */
  stream?(stream: Stream, head: Head, ends: boolean): StreamReceiver;
  /** The settings of the other side have come: it speaks HTTP/2. */
  opened?(): void;
  /** How many streams the other side allows at a time has changed. Told before `opened`, too, unless there is no limit. */
  limited?(maxStreams: number): void;
  /** The other side takes no new streams, or we may open none any more. */
  retired?(): void;
  /** It is over, once. `error`: why, unless it ended in order. All streams have been told before. */
  closed(error: Error | undefined): void;
}

export interface Limits {
  /** What the other side may send on one stream before it was read, in bytes. At least 65,535: so much it may send before it knows. */
  readonly streamWindowBytes: number;
  /** The same for all streams of the connection together. */
  readonly connectionWindowBytes: number;
  /** Streams of the other side at a time. */
  readonly maxStreams: number;
  /** All fields of a head together, in bytes, each counted with 32 more (RFC 9113, section 10.5.1). Larger heads are refused with 431. */
  readonly maxHeadBytes: number;
  readonly maxFields: number;
  /** What may wait to be written on the connection, in bytes, because the other side does not read: beyond it the connection is ended. */
  readonly maxWaitingBytes: number;
}

export interface Connection {
  /** No stream can be opened on it any more. */
  readonly isRetired: boolean;
  readonly isOver: boolean;
  /** Streams that are not over. */
  readonly streams: number;
  /** The other side has said something, as a count that grows: whether it is alive. */
  readonly heard: number;
  /** Opens a stream. Only clients do. Throws a `TransportError` (`unreachable`) when the connection is retired or over. */
  open(receiver: StreamReceiver): Stream;
  /** Takes no new streams, says so, and closes when the last one is over. */
  retire(): void;
  /** Ends it at once, and all its streams; the other side is told an error code of HTTP/2. Default 0. */
  destroy(code?: number): void;
}

/** Error codes of HTTP/2 (RFC 9113, section 7). */
export const errorCode = {
  noError: 0,
  protocolError: 1,
  internalError: 2,
  flowControlError: 3,
  settingsTimeout: 4,
  streamClosed: 5,
  frameSizeError: 6,
  refusedStream: 7,
  cancel: 8,
  compressionError: 9,
  connectError: 10,
  enhanceYourCalm: 11,
  inadequateSecurity: 12,
  http11Required: 13,
} as const;

const names = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

/** The name of an error code, as the RFC writes it. */
export const nameOfCode = (code: number): string => names[code] ?? `error ${code}`;
