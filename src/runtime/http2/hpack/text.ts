import { TransportError } from '../../transport/transport.ts';
import { writeInteger } from './integer.ts';

const noValue = /[\0\r\n\u0100-\uffff]/;
/** Up to here a loop is faster than asking the engine's native part. */
const shortLength = 32;

/** Throws a `TransportError` (`invalid`) for a value that can't be sent: a character is a byte, and lines don't break. */
export function checkValue(value: string): void {
  if (noValue.test(value)) refuse();
}

/** Writes a value, its length first. Returns the end. Throws as `checkValue` does. */
export function writeValue(target: Buffer, at: number, value: string): number {
  const length = value.length;
  const start = writeInteger(target, at, 0, 0x7f, length);
  if (length > shortLength) {
    checkValue(value);
    target.write(value, start, length, 'latin1');
  } else {
    for (let index = 0; index < length; index += 1) {
      const code = value.charCodeAt(index);
      if (code < 0x0e ? code === 0 || code === 0x0a || code === 0x0d : code > 0xff) refuse();
      target[start + index] = code;
    }
  }
  return start + length;
}

/** The value is not told: it may be a secret. */
function refuse(): never {
  throw new TransportError('invalid', 'the value of a header has a line break or a character that is no byte');
}
