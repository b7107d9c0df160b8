import type { CallOptions, ClientWrapper, Request } from '../client/client.ts';
import { retryOnError } from '../client/retry.ts';
import { TokenBucket } from './bucket.ts';

export interface RetryBudgetOptions {
  /** How much of a retry each call pays for. Default 0.2: at most one retry in five calls, in the long run. */
  readonly ratio?: number;
  /** Retries that are there from the start, and saved up at most. Default 10. */
  readonly burst?: number;
  /** Retries a second that nobody needs to pay for, so that rare calls have some. Default 1. */
  readonly perSecond?: number;
  /** Which errors are worth a retry, for calls that do not say. Default: codes 408 and 500. It stands before the client's own default. */
  readonly retry?: CallOptions['retry'];
}

/**
 * Keeps retries a small part of all calls: when everything fails, a service in trouble does not get a multiple of its load. A call
 * whose retry is not in the budget fails with the error it has.
 */
export function retryBudget(options: RetryBudgetOptions = {}): ClientWrapper {
  const { ratio = 0.2, burst = 10, perSecond = 1, retry: usual = retryOnError } = options;
  const bucket = new TokenBucket(perSecond, burst);
  const paid = (options: CallOptions = {}): CallOptions => {
    bucket.add(ratio);
    const { retry = usual } = options;
    return { ...options, retry: (error, attempt) => retry(error, attempt) && bucket.take() };
  };
  return (next) => ({
    ...next,
    call: <T>(request: Request, options?: CallOptions) => next.call<T>(request, paid(options)),
    stream: <T>(request: Request, options?: CallOptions) => next.stream<T>(request, paid(options)),
  });
}
