import type { CallOptions, ClientWrapper, Request } from '../client/client.ts';
import type { HandlerFunc, HandlerWrapper } from '../server/server.ts';
import { TokenBucket } from './bucket.ts';
import type { Limits } from './limits.ts';
import { canceled, limitsOfCall, limitsOfRequest, listen, shortened, tooMany } from './limits.ts';

export interface RateLimitOptions {
  readonly perSecond: number;
  /** How many may come at once after a quiet time. Default: as many as in one second, at least one. */
  readonly burst?: number;
  /** Whoever comes too soon waits its turn, or fails with 429 `too many request`. Default `fail`. Who would wait past its deadline fails at once. */
  readonly whenFull?: 'wait' | 'fail';
  /** The longest wait, in milliseconds, of whoever has no deadline. Default 5,000. */
  readonly maxWaitMs?: number;
}

/** Limits calls, and openings of streams, of all clients it is put around. Events are not limited. */
export function clientRateLimit(options: RateLimitOptions): ClientWrapper {
  const { bucket, whenFull, maxWaitMs } = limiter(options);
  const turn = async (callOptions: CallOptions = {}): Promise<CallOptions> => {
    const waitedMs = await admission(bucket, whenFull, limitsOfCall(callOptions, maxWaitMs));
    return shortened(callOptions, waitedMs);
  };
  return (next) => ({
    ...next,
    call: <T>(request: Request, callOptions?: CallOptions) =>
      bucket.take()
        ? next.call<T>(request, callOptions)
        : turn(callOptions).then((shorter) => next.call<T>(request, shorter)),
    stream: async <T>(request: Request, callOptions?: CallOptions) =>
      next.stream<T>(request, bucket.take() ? callOptions : await turn(callOptions)),
  });
}

/** Limits the requests, and openings of streams, of all servers it is put around. */
export function handlerRateLimit(options: RateLimitOptions): HandlerWrapper {
  const { bucket, whenFull, maxWaitMs } = limiter(options);
  return (next) => {
    const waiting: HandlerFunc = async (context, request) => {
      await admission(bucket, whenFull, limitsOfRequest(context, maxWaitMs));
      return next(context, request);
    };
    return (context, request) => (bucket.take() ? next(context, request) : waiting(context, request));
  };
}

function limiter({ perSecond, burst, whenFull = 'fail', maxWaitMs = 5000 }: RateLimitOptions) {
  if (!(perSecond > 0)) throw new Error(`a rate limit of ${perSecond} a second lets nothing through`);
  return { bucket: new TokenBucket(perSecond, burst ?? Math.max(1, perSecond)), whenFull, maxWaitMs };
}

/** Resolves with the milliseconds that it took. */
function admission(bucket: TokenBucket, whenFull: 'wait' | 'fail', { id, leftMs, signals }: Limits): Promise<number> {
  const waitMs = whenFull === 'wait' ? bucket.reserve(leftMs) : undefined;
  if (waitMs === undefined) return Promise.reject(tooMany(id, 'too many request'));
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      forget();
      resolve(waitMs);
    }, waitMs);
    const forget = listen(signals, () => {
      clearTimeout(timer);
      bucket.add(1);
      reject(canceled(id));
    });
  });
}
