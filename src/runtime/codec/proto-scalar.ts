import { unfit } from './misfit.ts';

/** A value as protobufjs writes it into a scalar field: 64 bits as a safe number, or as a decimal string. Throws a `Misfit`. */
export function readScalar(type: string, value: unknown): unknown {
  switch (type) {
    case 'string':
      if (typeof value === 'string') return value;
      break;
    case 'bool':
      if (typeof value === 'boolean') return value;
      break;
    case 'bytes':
      if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.length);
      if (typeof value === 'string' && /^[\w+/-]*={0,2}$/.test(value)) return Buffer.from(value, 'base64');
      break;
    case 'float':
    case 'double': {
      const number = readFloat(value);
      if (number !== undefined) return number;
      break;
    }
    default: {
      const integer = readInteger(type, value);
      if (integer !== undefined) return integer;
    }
  }
  throw unfit(value, type);
}

/** The key of a map, which is always text in our values. */
export function readKey(type: string, key: string): string {
  if (type === 'string') return key;
  if (type !== 'bool') return String(readScalar(type, key));
  if (key === 'true' || key === 'false') return key;
  throw unfit(key, type);
}

export function isLong(type: string): boolean {
  return type.endsWith('64');
}

/** The value of a scalar as JSON has it. */
export function writeScalar(type: string, value: unknown): unknown {
  if (typeof value === 'number') return isLong(type) || !Number.isFinite(value) ? String(value) : value;
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}

export function zeroOf(type: string): unknown {
  switch (type) {
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'bytes':
      return Buffer.alloc(0);
    default:
      return isLong(type) ? '0' : 0;
  }
}

function readFloat(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isNaN(number) && value !== 'NaN' ? undefined : number;
}

function readInteger(type: string, value: unknown): number | string | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) {
    const isUnsigned = isUnsignedType(type);
    if (isUnsigned && value < 0) return undefined;
    if (isLong(type)) return value + 0;
    const limit = isUnsigned ? 2 ** 32 : 2 ** 31;
    return value < limit && value >= -limit ? value + 0 : undefined;
  }
  const integer = bigintOf(value);
  if (integer === undefined) return undefined;
  const bits = isLong(type) ? 64 : 32;
  const fits = (isUnsignedType(type) ? BigInt.asUintN(bits, integer) : BigInt.asIntN(bits, integer)) === integer;
  if (!fits) return undefined;
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer.toString();
}

const isUnsignedType = (type: string): boolean => type.startsWith('u') || type.startsWith('fixed');

function bigintOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  if (typeof value !== 'string' || value.trim() !== value) return undefined;
  if (/^-?\d{1,20}$/.test(value)) return BigInt(value);
  // protojson allows `1e3` and `2.0`.
  const number = Number(value);
  return value !== '' && Number.isSafeInteger(number) && !/[xob]/i.test(value) ? BigInt(number) : undefined;
}
