import type * as Msgpack from '@msgpack/msgpack';
import type { Value } from '../../../discovery/registry.ts';
import { elementOf, fieldOf, longInteger, plainInteger } from '../plain.ts';
import { checkLengths } from './lengths.ts';

/** Both ways between our values and MessagePack. The shape is that of a list's last member. */
export interface MsgpackValues {
  write(list: readonly unknown[], shape: Value | undefined): Uint8Array;
  read(bytes: Buffer): unknown;
}

/** Go's package has times of its own: the seconds in 64 bits, the nanoseconds in 32. */
const goTime = 5;
/** MessagePack's own times. */
const timestamp = -1;

export function msgpackValues(msgpack: typeof Msgpack): MsgpackValues {
  const extensionCodec = new msgpack.ExtensionCodec();
  extensionCodec.register({ type: timestamp, encode: () => null, decode: msgpack.decodeTimestampExtension });
  extensionCodec.register({ type: goTime, encode: writeTime, decode: readTime });
  const encoder = new msgpack.Encoder({ extensionCodec, useBigInt64: true, ignoreUndefined: true });
  const decoder = new msgpack.Decoder({ extensionCodec, useBigInt64: true });

  return {
    write: (list, shape) =>
      encoder.encode(list.map((item, at) => toMsgpack(item, at === list.length - 1 ? shape : undefined))),

    read(bytes) {
      checkLengths(bytes);
      return fromMsgpack(decoder.decode(bytes));
    },
  };

  function fromMsgpack(value: unknown): unknown {
    if (typeof value === 'bigint') return plainInteger(value);
    if (Array.isArray(value)) return value.map(fromMsgpack);
    if (typeof value !== 'object' || value === null || value instanceof Date) return value;
    if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    if (value instanceof msgpack.ExtData) throw new Error(`msgpack: there is no meaning in extension ${value.type}`);
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fromMsgpack(item)]));
  }
}

function toMsgpack(value: unknown, shape: Value | undefined): unknown {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) && Math.abs(value) > 0x7fff_ffff ? BigInt(value) : value;
  }
  const integer = longInteger(value, shape);
  if (integer !== undefined) return integer;
  if (Array.isArray(value)) return value.map((item: unknown) => toMsgpack(item, elementOf(shape)));
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toMsgpack(item, fieldOf(shape, name))]));
}

function writeTime(value: unknown): Uint8Array | null {
  if (!(value instanceof Date)) return null;
  const ms = value.getTime();
  if (Number.isNaN(ms)) throw new Error('msgpack: an invalid date has no time');
  const bytes = Buffer.alloc(12);
  bytes.writeBigInt64BE(BigInt(Math.floor(ms / 1000)), 0);
  bytes.writeInt32BE((((ms % 1000) + 1000) % 1000) * 1_000_000, 8);
  return bytes;
}

function readTime(data: Uint8Array): Date {
  if (data.length !== 12) throw new Error(`msgpack: a time has 12 bytes, not ${data.length}`);
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  return new Date(Number(bytes.readBigInt64BE(0)) * 1000 + Math.floor(bytes.readInt32BE(8) / 1_000_000));
}
