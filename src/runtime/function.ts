import type { HandlerWrapper, SubscriberWrapper } from './server/server.ts';
import type { Service, ServiceOptions } from './service.ts';
import { serviceUntil } from './service.ts';
import { watchMessages } from './wrappers/conversation.ts';

/** Registered for a minute and again every half: how long a function waits for its call is not known. */
export type FunctionOptions = Omit<ServiceOptions, 'registerTtlMs' | 'registerIntervalMs'>;

/** A service that does one thing and goes. */
export interface MicroFunction extends Service {
  /** Ends it as if it had been called. */
  done(): void;
}

/** A service that stops after its first call or event has been answered, or its first stream has ended. Asking for its health is no call. */
export function newFunction(options: FunctionOptions): MicroFunction {
  const called = new AbortController();
  const done = (): void => called.abort();
  const service = serviceUntil(
    {
      ...options,
      registerTtlMs: 60_000,
      registerIntervalMs: 30_000,
      handlerWrappers: [endAfterCall(done), ...(options.handlerWrappers ?? [])],
      subscriberWrappers: [endAfterEvent(done), ...(options.subscriberWrappers ?? [])],
    },
    [called.signal],
  );
  return Object.assign(service, { done });
}

const endAfterCall =
  (done: () => void): HandlerWrapper =>
  (next) =>
  async (context, request) => {
    let conversing = false;
    try {
      const answer = await next(context, request);
      if (!request.stream) return answer;
      conversing = true;
      return watchMessages(answer as AsyncIterable<unknown>, done);
    } finally {
      if (!conversing) done();
    }
  };

const endAfterEvent =
  (done: () => void): SubscriberWrapper =>
  (next) =>
  async (context, event) => {
    try {
      await next(context, event);
    } finally {
      done();
    }
  };
