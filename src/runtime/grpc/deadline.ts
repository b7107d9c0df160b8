import type { IncomingHttpHeaders } from 'node:http2';

const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/**
 * When a call must be answered, in milliseconds since the epoch: the nearer one of go-micro's `timeout` in nanoseconds and of
 * `grpc-timeout`. Undefined when neither is there. A `timeout` that is no number is ignored, as in Go.
 */
export function deadlineOf(headers: IncomingHttpHeaders): number | undefined {
  const micro = headers['timeout'];
  const own = typeof micro === 'string' && /^\d{1,19}$/.test(micro) ? Number(micro) / 1e6 : Number.POSITIVE_INFINITY;
  const leftMs = Math.min(own, grpcTimeoutMs(headers['grpc-timeout']) ?? Number.POSITIVE_INFINITY);
  return leftMs === Number.POSITIVE_INFINITY ? undefined : Date.now() + leftMs;
}

/** Milliseconds; NaN for what is no such time. */
export function grpcTimeoutMs(value: string | readonly string[] | undefined): number | undefined {
  if (value === undefined) return undefined;
  const [, digits, unit = ''] = /^(\d{1,8})([HMSmun])$/.exec(String(value)) ?? [];
  return Number(digits) * (unitMs[unit] ?? Number.NaN);
}
