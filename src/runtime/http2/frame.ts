/** Kinds of frames (RFC 9113, section 6). */
export const frameKind = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

/** Flags of frames. `ack` and `endStream` are one bit, on frames of different kinds. */
export const flag = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 } as const;

export const frameHeadBytes = 9;
/** What every peer takes in one frame, and what we take. */
export const minMaxFrameBytes: number = 16_384;
/** Windows are never larger, and neither are stream ids. */
export const max31: number = 2 ** 31 - 1;
/** The window of a stream and of a connection until somebody says otherwise. */
export const defaultWindowBytes = 65_535;

/** What a client says first. */
export const preface: Buffer = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

/** Writes the head of a frame, which has nine bytes. */
export function writeFrameHead(
  target: Buffer,
  at: number,
  length: number,
  kind: number,
  flags: number,
  stream: number,
): void {
  target[at] = length >>> 16;
  target[at + 1] = length >>> 8;
  target[at + 2] = length;
  target[at + 3] = kind;
  target[at + 4] = flags;
  target[at + 5] = stream >>> 24;
  target[at + 6] = stream >>> 16;
  target[at + 7] = stream >>> 8;
  target[at + 8] = stream;
}

/** The other side broke a rule of the whole connection, which ends. */
export class Http2Error extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = 'Http2Error';
    this.code = code;
  }
}
