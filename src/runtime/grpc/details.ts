import { MicroError } from '../errors.ts';

/*
 * `grpc-status-details-bin` of go-micro 2 and 6: google.rpc.Status{code = 1, message = 2, details = 3} with one
 * Any{type_url = 1, value = 2} that holds an errors.Error{id = 1, code = 2, detail = 3, status = 4}. By hand, so that an error needs no
 * protobuf library.
 */

const typeUrl = 'type.googleapis.com/errors.Error';

/** The header's value: base64 without padding. `text` is what `grpc-message` says. */
export function encodeDetails(status: number, text: string, error: MicroError): string {
  const record = message([bytes(1, error.id), number(2, error.code), bytes(3, error.detail), bytes(4, error.status)]);
  const any = message([bytes(1, typeUrl), bytes(2, record)]);
  return message([number(1, status), bytes(2, text), bytes(3, any)])
    .toString('base64')
    .replace(/=+$/, '');
}

/** The micro error of the first detail; undefined when there is none, it is of another type, or the value is damaged. */
export function decodeDetails(value: string): MicroError | undefined {
  try {
    const any = fieldsOf(Buffer.from(value, 'base64')).get(3)?.[0];
    if (!Buffer.isBuffer(any)) return undefined;
    const { 1: url, 2: record } = lasts(any);
    if (!Buffer.isBuffer(url) || !Buffer.isBuffer(record) || !url.toString().endsWith('/errors.Error'))
      return undefined;
    const { 1: id, 2: code, 3: detail, 4: status } = lasts(record);
    return new MicroError(textOf(id), typeof code === 'number' ? code : 0, textOf(detail), { status: textOf(status) });
  } catch {
    return undefined;
  }
}

type Value = number | Buffer;

const lasts = (buffer: Buffer): Readonly<Record<number, Value | undefined>> =>
  Object.fromEntries([...fieldsOf(buffer)].map(([field, values]) => [field, values.at(-1)]));

const textOf = (value: Value | undefined): string => (Buffer.isBuffer(value) ? value.toString() : '');

const message = (fields: readonly Buffer[]): Buffer => Buffer.concat(fields);

const none = Buffer.alloc(0);

function bytes(field: number, value: string | Buffer): Buffer {
  if (value.length === 0) return none;
  const body = Buffer.from(value);
  return Buffer.concat([varint((field << 3) | 2), varint(body.length), body]);
}

const number = (field: number, value: number): Buffer =>
  value > 0 ? Buffer.concat([varint(field << 3), varint(value)]) : none;

function varint(value: number): Buffer {
  const out: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) | 128);
  out.push(rest);
  return Buffer.from(out);
}

/** The values of each field, first to last, as far as they are numbers or bytes. Throws for what is no protobuf. */
function fieldsOf(buffer: Buffer): Map<number, Value[]> {
  const fields = new Map<number, Value[]>();
  let at = 0;
  const take = (length: number): Buffer => {
    if (length > buffer.length - at) throw new Error('unexpected EOF');
    at += length;
    return buffer.subarray(at - length, at);
  };
  const readVarint = (): number => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const [byte = 0] = take(1);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(BigInt.asIntN(64, value));
    }
    throw new Error('a number is too long');
  };
  const readValue = (wireType: number): Value => {
    if (wireType === 0) return readVarint();
    if (wireType === 1) return take(8);
    if (wireType === 2) return take(readVarint());
    if (wireType === 5) return take(4);
    throw new Error('unknown wire type');
  };
  while (at < buffer.length) {
    const tag = readVarint();
    const value = readValue(tag & 7);
    const values = fields.get(tag >>> 3);
    if (values === undefined) fields.set(tag >>> 3, [value]);
    else values.push(value);
  }
  return fields;
}
