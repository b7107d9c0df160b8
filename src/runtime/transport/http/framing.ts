import { TransportError } from '../transport.ts';
import type { Limits } from './limits.ts';

/** How the end of a body is found: by its length, by its last chunk, by the end of the connection. */
export type Framing = number | 'chunked' | 'to the end';

/** What a head says about its body. */
interface Claims {
  readonly kind: 'request' | 'response';
  /** Of a response. */
  readonly status: number;
  readonly length: string | undefined;
  readonly coding: string | undefined;
  /** HTTP/1.0, which knows no chunks. */
  readonly isOld: boolean;
}

/** Two answers to the question where a body ends are how requests get smuggled: anything but one clear answer is refused. */
export function framingOf({ kind, status, length, coding, isOld }: Claims, limits: Limits): Framing {
  if (coding !== undefined) {
    if (length !== undefined) throw invalid('both Content-Length and Transfer-Encoding');
    if (isOld || coding.toLowerCase() !== 'chunked') throw invalid('a Transfer-Encoding other than chunked');
  }
  const bytes = length === undefined ? undefined : lengthOf(length, limits);
  if (kind === 'response' && (status < 200 || status === 204 || status === 304)) return 0;
  if (coding !== undefined) return 'chunked';
  return bytes ?? (kind === 'request' ? 0 : 'to the end');
}

const digits = /^\d{1,15}$/;

/** A Content-Length. Throws `invalid` or `too_large`. */
export function lengthOf(value: string, limits: Limits): number {
  if (!digits.test(value)) throw invalid('the Content-Length is no number');
  const bytes = Number(value);
  if (bytes <= limits.maxBodyBytes) return bytes;
  throw new TransportError('too_large', `the body is larger than ${limits.maxBodyBytes} bytes`);
}

export const invalid = (sentence: string): TransportError => new TransportError('invalid', sentence);
