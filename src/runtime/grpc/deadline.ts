import type { Head } from '../http2/http2.ts';

const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/**
 * When a call must be answered, in milliseconds since the epoch: the nearer one of go-micro's `timeout` in nanoseconds and of
 * `grpc-timeout`. Undefined when neither is there, NaN when `grpc-timeout` is no time. A `timeout` that is none is ignored, as in Go.
 */
export function deadlineOf(head: Head): number | undefined {
  const { timeout, 'grpc-timeout': limit } = head;
  const microMs =
    timeout !== undefined && /^\d{1,19}$/.test(timeout) ? Number(timeout) / 1e6 : Number.POSITIVE_INFINITY;
  const leftMs = limit === undefined ? microMs : Math.min(microMs, grpcTimeoutMs(limit));
  return leftMs === Number.POSITIVE_INFINITY ? undefined : Date.now() + leftMs;
}

function grpcTimeoutMs(text: string): number {
  const unit = unitMs[text.slice(-1)];
  return unit !== undefined && /^\d{1,8}.$/.test(text) ? Number(text.slice(0, -1)) * unit : Number.NaN;
}
