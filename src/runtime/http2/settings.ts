import { flag, frameHeadBytes, frameKind, Http2Error, max31, minMaxFrameBytes, writeFrameHead } from './frame.ts';
import { errorCode } from './http2.ts';

/** What the other side says about itself; undefined where it says nothing. */
export interface Settings {
  readonly smallestTableBytes: number | undefined;
  readonly tableBytes: number | undefined;
  readonly maxStreams: number | undefined;
  readonly windowBytes: number | undefined;
  readonly maxFrameBytes: number | undefined;
}

const id = { tableBytes: 1, enablePush: 2, maxStreams: 3, windowBytes: 4, maxFrameBytes: 5, maxHeadBytes: 6 } as const;
const settingBytes = 6;

/** Reads what is in a SETTINGS frame. Throws a `Http2Error`. */
export function readSettings(payload: Buffer): Settings {
  if (payload.length % settingBytes !== 0) {
    throw new Http2Error(errorCode.frameSizeError, `settings of ${payload.length} bytes`);
  }
  const found: { -readonly [Name in keyof Settings]: Settings[Name] } = {
    smallestTableBytes: undefined,
    tableBytes: undefined,
    maxStreams: undefined,
    windowBytes: undefined,
    maxFrameBytes: undefined,
  };
  for (let at = 0; at < payload.length; at += settingBytes) {
    const value = payload.readUInt32BE(at + 2);
    switch (payload.readUInt16BE(at)) {
      case id.tableBytes:
        // Who makes it small and large again wants it to be emptied.
        found.smallestTableBytes = Math.min(value, found.smallestTableBytes ?? value);
        found.tableBytes = value;
        break;
      case id.enablePush:
        if (value > 1) throw new Http2Error(errorCode.protocolError, `push is neither on nor off: ${value}`);
        break;
      case id.maxStreams:
        found.maxStreams = value;
        break;
      case id.windowBytes:
        if (value > max31) throw new Http2Error(errorCode.flowControlError, `a window of ${value} bytes`);
        found.windowBytes = value;
        break;
      case id.maxFrameBytes:
        if (value < minMaxFrameBytes || value > 2 ** 24 - 1) {
          throw new Http2Error(errorCode.protocolError, `frames of ${value} bytes`);
        }
        found.maxFrameBytes = value;
        break;
      default:
      // Settings nobody knows are left alone.
    }
  }
  return found;
}

export interface OwnSettings {
  readonly windowBytes: number;
  readonly maxStreams: number | undefined;
  readonly maxHeadBytes: number;
}

/** The SETTINGS frame that says this, and that we want no push. */
export function settingsFrame({ windowBytes, maxStreams, maxHeadBytes }: OwnSettings): Buffer {
  const pairs: readonly (readonly [number, number])[] = [
    [id.enablePush, 0],
    [id.windowBytes, windowBytes],
    [id.maxHeadBytes, maxHeadBytes],
    ...(maxStreams === undefined ? [] : [[id.maxStreams, maxStreams] as const]),
  ];
  const frame = Buffer.alloc(frameHeadBytes + pairs.length * settingBytes);
  writeFrameHead(frame, 0, pairs.length * settingBytes, frameKind.settings, 0, 0);
  pairs.forEach(([key, value], index) => {
    frame.writeUInt16BE(key, frameHeadBytes + index * settingBytes);
    frame.writeUInt32BE(value, frameHeadBytes + index * settingBytes + 2);
  });
  return frame;
}

/** We have seen the other side's settings. */
export const settingsAck: Buffer = Buffer.alloc(frameHeadBytes);
writeFrameHead(settingsAck, 0, 0, frameKind.settings, flag.ack, 0);
