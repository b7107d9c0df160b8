import { readScalar, unfit } from './proto-scalar.ts';

/** Wrapper types and the scalar each one wraps: in JSON they are that scalar alone. */
const wrapped: ReadonlyMap<string, string> = new Map([
  ['.google.protobuf.DoubleValue', 'double'],
  ['.google.protobuf.FloatValue', 'float'],
  ['.google.protobuf.Int64Value', 'int64'],
  ['.google.protobuf.UInt64Value', 'uint64'],
  ['.google.protobuf.Int32Value', 'int32'],
  ['.google.protobuf.UInt32Value', 'uint32'],
  ['.google.protobuf.BoolValue', 'bool'],
  ['.google.protobuf.StringValue', 'string'],
  ['.google.protobuf.BytesValue', 'bytes'],
]);

const timestamp = '.google.protobuf.Timestamp';
const duration = '.google.protobuf.Duration';

type Fields = Record<string, unknown>;

/** The fields of a well-known type that JSON writes in a form of its own, and of a `Date`; undefined for everything that is written as an object. */
export function readWellKnown(type: string, json: unknown, path: string): Fields | undefined {
  if (json instanceof Date && type === timestamp) return readDate(json, path);
  if (typeof json === 'object') return undefined;
  if (type === timestamp) return readTimestamp(json, path);
  if (type === duration) return readDuration(json, path);
  const scalar = wrapped.get(type);
  return scalar === undefined ? undefined : { value: readScalar(scalar, json, path) };
}

/** The other way round. `fields` are in JSON form already. */
export function writeWellKnown(type: string, fields: Readonly<Fields>): unknown {
  const { seconds = '0', nanos = 0 } = fields;
  if (type === timestamp) return writeTimestamp(Number(seconds), Number(nanos));
  if (type === duration) return writeDuration(String(seconds), Number(nanos));
  const scalar = wrapped.get(type);
  return scalar === undefined ? undefined : (fields['value'] ?? zeroOf(scalar));
}

function zeroOf(scalar: string): unknown {
  if (scalar === 'bool') return false;
  if (scalar === 'string' || scalar === 'bytes') return '';
  return scalar.endsWith('64') ? '0' : 0;
}

const timestampForm = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/i;

function readTimestamp(json: unknown, path: string): Fields {
  const [, clock, fraction, zone] = timestampForm.exec(String(json)) ?? [];
  const ms = Date.parse(`${clock}${zone}`);
  if (Number.isNaN(ms)) throw unfit(path, json, 'RFC 3339 time');
  return { seconds: String(ms / 1000), nanos: nanosOf(fraction) };
}

function readDate(date: Date, path: string): Fields {
  const ms = date.getTime();
  if (Number.isNaN(ms)) throw unfit(path, date, 'time');
  const seconds = Math.floor(ms / 1000);
  return { seconds: String(seconds), nanos: (ms - seconds * 1000) * 1_000_000 };
}

function readDuration(json: unknown, path: string): Fields {
  const [, sign, seconds, fraction] = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/.exec(String(json)) ?? [];
  if (seconds === undefined) throw unfit(path, json, 'duration like "1.5s"');
  const nanos = nanosOf(fraction);
  return { seconds: `${sign}${seconds}`, nanos: sign === '-' && nanos !== 0 ? -nanos : nanos };
}

const nanosOf = (fraction: string | undefined): number => Number((fraction ?? '').padEnd(9, '0'));

const writeTimestamp = (seconds: number, nanos: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, -5)}${fractionOf(nanos)}Z`;

function writeDuration(seconds: string, nanos: number): string {
  const sign = seconds.startsWith('-') || nanos < 0 ? '-' : '';
  return `${sign}${seconds.replace('-', '')}${fractionOf(Math.abs(nanos))}s`;
}

/** None, 3, 6 or 9 digits, as protojson does. */
function fractionOf(nanos: number): string {
  if (nanos === 0) return '';
  return `.${String(nanos)
    .padStart(9, '0')
    .replace(/(?:000){1,2}$/, '')}`;
}
