/** A value as protobufjs writes it into a scalar field. Throws an `Error` that names the field. */
export function readScalar(type: string, value: unknown, path: string): unknown {
  switch (type) {
    case 'string':
      if (typeof value === 'string') return value;
      break;
    case 'bool':
      if (typeof value === 'boolean') return value;
      break;
    case 'bytes':
      if (value instanceof Uint8Array) return value;
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
  throw unfit(path, value, type);
}

export function unfit(path: string, value: unknown, type: string): Error {
  const text = typeof value === 'bigint' ? value.toString() : (JSON.stringify(value) ?? typeof value);
  return new Error(`${path}: ${text.length > 60 ? `${text.slice(0, 60)}…` : text} is no ${type}`);
}

function readFloat(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isNaN(number) && value !== 'NaN' ? undefined : number;
}

/** 32 bits as a number, 64 bits as a decimal string: nothing else keeps all digits. */
function readInteger(type: string, value: unknown): number | string | undefined {
  const integer = bigintOf(value);
  if (integer === undefined) return undefined;
  const bits = type.endsWith('64') ? 64 : 32;
  const isUnsigned = type.startsWith('u') || type.startsWith('fixed');
  const fits = (isUnsigned ? BigInt.asUintN(bits, integer) : BigInt.asIntN(bits, integer)) === integer;
  if (!fits) return undefined;
  return bits === 64 ? integer.toString() : Number(integer);
}

function bigintOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  if (typeof value !== 'string' || value.trim() !== value) return undefined;
  if (/^-?\d{1,20}$/.test(value)) return BigInt(value);
  // protojson allows `1e3` and `2.0`.
  const number = Number(value);
  return value !== '' && Number.isSafeInteger(number) && !/[xob]/i.test(value) ? BigInt(number) : undefined;
}
