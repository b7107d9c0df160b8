/** A frame of HTTP/2 as it was recorded, or as somebody would like it to be. */
export interface Frame {
  readonly kind: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
  /** What its head says of the payload, when that is not the truth. */
  readonly claimedBytes?: number;
}

const headBytes = 9;

/** The frames of one direction of a connection, without what is cut off at the end. */
export function cutFrames(bytes: Buffer): readonly Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at + headBytes <= bytes.length; ) {
    const end = at + headBytes + bytes.readUIntBE(at, 3);
    if (end > bytes.length) break;
    const payload = bytes.subarray(at + headBytes, end);
    frames.push({
      kind: bytes.readUInt8(at + 3),
      flags: bytes.readUInt8(at + 4),
      stream: bytes.readUInt32BE(at + 5),
      payload,
    });
    at = end;
  }
  return frames;
}

export function frameBytes({ kind, flags, stream, payload, claimedBytes = payload.length }: Frame): Buffer {
  const bytes = Buffer.alloc(headBytes + payload.length);
  bytes.writeUIntBE(claimedBytes, 0, 3);
  bytes.writeUInt8(kind, 3);
  bytes.writeUInt8(flags, 4);
  bytes.writeUInt32BE(stream, 5);
  payload.copy(bytes, headBytes);
  return bytes;
}
