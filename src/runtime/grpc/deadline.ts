import type { Head } from '../http2/http2.ts';

const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };
const mostMicroDigits = 19;
const mostDigits = 8;

/**
 * When a call must be answered, in milliseconds since the epoch: the nearer one of go-micro's `timeout` in nanoseconds and of
 * `grpc-timeout`. Undefined when neither is there, NaN when `grpc-timeout` is no time. A `timeout` that is none is ignored, as in Go.
 */
export function deadlineOf(head: Head): number | undefined {
  const { timeout, 'grpc-timeout': limit } = head;
  if (timeout === undefined && limit === undefined) return undefined;
  const nanoseconds = timeout === undefined ? Number.NaN : numberOf(timeout, timeout.length, mostMicroDigits);
  const microMs = Number.isNaN(nanoseconds) ? Number.POSITIVE_INFINITY : nanoseconds / 1e6;
  const leftMs = limit === undefined ? microMs : Math.min(microMs, grpcTimeoutMs(limit));
  return leftMs === Number.POSITIVE_INFINITY ? undefined : Date.now() + leftMs;
}

function grpcTimeoutMs(text: string): number {
  const last = text.length - 1;
  const unit = unitMs[text.charAt(last)];
  return unit === undefined ? Number.NaN : numberOf(text, last, mostDigits) * unit;
}

/** The number that the first characters are, NaN for what is none. Each call passes here, so without a pattern. */
function numberOf(text: string, length: number, most: number): number {
  if (length === 0 || length > most) return Number.NaN;
  let value = 0;
  for (let at = 0; at < length; at += 1) {
    const digit = text.charCodeAt(at) - zero;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = 10 * value + digit;
  }
  return value;
}

const zero = '0'.charCodeAt(0);
