import type { Type } from 'protobufjs';
import { anyType } from './known-any.ts';
import { fieldMask, listValue, structType, valueType } from './known-struct.ts';
import type { Fields, MessageForm, WellKnown } from './message-form.ts';
import { unfit } from './misfit.ts';
import { readScalar, writeScalar, zeroOf } from './proto-scalar.ts';

/** `formOf` is for the type that holds others. */
export const wellKnownOf = (type: Type, formOf: (type: Type) => MessageForm): WellKnown | undefined =>
  makers.get(type.fullName)?.(type, formOf);

/** A wrapper is, in JSON, the scalar that it wraps. */
const wrapper = (scalar: string) => (): WellKnown => ({
  read: (json) => (typeof json === 'object' ? undefined : { value: readScalar(scalar, json) }),
  write: ({ value }) => (value === undefined ? writeScalar(scalar, zeroOf(scalar)) : writeScalar(scalar, value)),
});

const timestamp = (): WellKnown => ({
  read(json) {
    if (json instanceof Date) return readDate(json);
    return typeof json === 'object' ? undefined : readTimestamp(json);
  },
  write: writeTimestamp,
});

const duration = (): WellKnown => ({
  read: (json) => (typeof json === 'object' ? undefined : readDuration(json)),
  write: writeDuration,
});

const makers: ReadonlyMap<string, (type: Type, formOf: (type: Type) => MessageForm) => WellKnown> = new Map([
  ['.google.protobuf.Timestamp', timestamp],
  ['.google.protobuf.Duration', duration],
  ['.google.protobuf.DoubleValue', wrapper('double')],
  ['.google.protobuf.FloatValue', wrapper('float')],
  ['.google.protobuf.Int64Value', wrapper('int64')],
  ['.google.protobuf.UInt64Value', wrapper('uint64')],
  ['.google.protobuf.Int32Value', wrapper('int32')],
  ['.google.protobuf.UInt32Value', wrapper('uint32')],
  ['.google.protobuf.BoolValue', wrapper('bool')],
  ['.google.protobuf.StringValue', wrapper('string')],
  ['.google.protobuf.BytesValue', wrapper('bytes')],
  ['.google.protobuf.Struct', structType],
  ['.google.protobuf.Value', valueType],
  ['.google.protobuf.ListValue', listValue],
  ['.google.protobuf.FieldMask', fieldMask],
  ['.google.protobuf.Any', anyType],
]);

const timestampForm = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/i;

function readTimestamp(json: unknown): Fields {
  const [, clock, fraction, zone] = timestampForm.exec(String(json)) ?? [];
  const ms = Date.parse(`${clock}${zone}`);
  if (Number.isNaN(ms)) throw unfit(json, 'RFC 3339 time');
  return { seconds: ms / 1000, nanos: nanosOf(fraction) };
}

function readDate(date: Date): Fields {
  const ms = date.getTime();
  if (Number.isNaN(ms)) throw unfit(date, 'time');
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: (ms - seconds * 1000) * 1_000_000 };
}

function readDuration(json: unknown): Fields {
  const [, sign, seconds, fraction] = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/.exec(String(json)) ?? [];
  if (seconds === undefined) throw unfit(json, 'duration like "1.5s"');
  const factor = sign === '-' ? -1 : 1;
  return { seconds: factor * Number(seconds) + 0, nanos: factor * nanosOf(fraction) + 0 };
}

const nanosOf = (fraction: string | undefined): number => Number((fraction ?? '').padEnd(9, '0'));

/** The first and the last second that RFC 3339 can write. */
const firstSecond = Date.parse('0001-01-01T00:00:00Z') / 1000;
const lastSecond = Date.parse('9999-12-31T23:59:59Z') / 1000;

function writeTimestamp(message: Fields): string {
  const [seconds, nanos] = partsOf(message);
  if (seconds < firstSecond || seconds > lastSecond || nanos < 0) {
    throw unfit(seconds, 'second between the years 1 and 9999, with nanos of 0 or more');
  }
  return `${new Date(seconds * 1000).toISOString().slice(0, -5)}${fractionOf(nanos)}Z`;
}

function writeDuration(message: Fields): string {
  const [seconds, nanos] = partsOf(message);
  if (seconds * nanos < 0) throw unfit(nanos, 'part of a duration: its sign is not that of the seconds');
  return `${seconds < 0 || nanos < 0 ? '-' : ''}${Math.abs(seconds)}${fractionOf(Math.abs(nanos))}s`;
}

function partsOf({ seconds = 0, nanos = 0 }: Fields): readonly [number, number] {
  if (Math.abs(Number(nanos)) >= 1_000_000_000) throw unfit(nanos, 'part of a second in nanoseconds');
  return [Number(seconds), Number(nanos)];
}

/** None, 3, 6 or 9 digits, as protojson does. */
function fractionOf(nanos: number): string {
  if (nanos === 0) return '';
  return `.${String(nanos)
    .padStart(9, '0')
    .replace(/(?:000){1,2}$/, '')}`;
}
