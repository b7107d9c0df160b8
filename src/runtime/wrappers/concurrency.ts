import type { CallOptions, ClientWrapper, Request } from '../client/client.ts';
import type { HandlerWrapper } from '../server/server.ts';
import { watchMessages, watchStream } from './conversation.ts';
import type { Limits } from './limits.ts';
import { limitsOfCall, limitsOfRequest, shortened } from './limits.ts';
import { Semaphore } from './semaphore.ts';

export interface ConcurrencyOptions {
  /** So many at a time. A stream counts until it has ended. */
  readonly max: number;
  /** So many more wait in line; the rest fails with 429 `too many requests at once`. Default 0. */
  readonly maxWaiting?: number;
  /** The longest wait, in milliseconds, of whoever has no deadline. Default 5,000. */
  readonly maxWaitMs?: number;
}

/** Limits how many calls and streams are under way at a time, over all clients it is put around. */
export function clientConcurrency({ max, maxWaiting = 0, maxWaitMs = 5000 }: ConcurrencyOptions): ClientWrapper {
  const semaphore = new Semaphore(max, maxWaiting);
  const enter = async (options: CallOptions = {}): Promise<CallOptions> => {
    if (semaphore.enter()) return options;
    const since = performance.now();
    await semaphore.wait(limitsOfCall(options, maxWaitMs));
    return shortened(options, performance.now() - since);
  };
  return (next) => ({
    ...next,
    async call<T>(request: Request, options?: CallOptions) {
      const shorter = await enter(options);
      try {
        return await next.call<T>(request, shorter);
      } finally {
        semaphore.leave();
      }
    },
    async stream<T>(request: Request, options?: CallOptions) {
      const shorter = await enter(options);
      try {
        return watchStream(await next.stream<T>(request, shorter), () => semaphore.leave());
      } catch (error) {
        semaphore.leave();
        throw error;
      }
    },
  });
}

/** Limits how many requests are answered at a time, over all servers it is put around. */
export function handlerConcurrency({ max, maxWaiting = 0, maxWaitMs = 5000 }: ConcurrencyOptions): HandlerWrapper {
  const semaphore = new Semaphore(max, maxWaiting);
  const enter = async (limits: Limits): Promise<void> => {
    if (!semaphore.enter()) await semaphore.wait(limits);
  };
  return (next) => async (context, request) => {
    await enter(limitsOfRequest(context, maxWaitMs));
    let conversing = false;
    try {
      const answer = await next(context, request);
      if (!request.stream) return answer;
      conversing = true;
      return watchMessages(answer as AsyncIterable<unknown>, () => semaphore.leave());
    } finally {
      if (!conversing) semaphore.leave();
    }
  };
}
