import type { CallOptions, CallWrapper, ClientWrapper, Request } from '../client/client.ts';
import { timeout } from '../errors.ts';
import type { HandlerWrapper } from '../server/server.ts';
import { LimitedContext } from './limited-context.ts';

/** No call takes longer, whatever it asks for. Streams are left alone: a conversation may last. */
export const callTimeout =
  (timeoutMs: number): ClientWrapper =>
  (next) => ({
    ...next,
    call: <T>(request: Request, options?: CallOptions) =>
      next.call<T>(request, { ...options, timeoutMs: Math.min(options?.timeoutMs ?? timeoutMs, timeoutMs) }),
  });

/** No attempt takes longer: a node that hangs costs a call a part of its time only, and by default (408) another node is tried. */
export const attemptTimeout =
  (timeoutMs: number): CallWrapper =>
  (next) =>
  (node, request, options) =>
    next(node, request, { ...options, timeoutMs: Math.min(options.timeoutMs ?? timeoutMs, timeoutMs) });

/**
 * Answers 408 when a handler takes longer, and aborts its context's signal: it may stop, but nobody makes it. Streams are left alone.
 */
export const handlerTimeout =
  (timeoutMs: number): HandlerWrapper =>
  (next) =>
  async (context, request) => {
    if (request.stream) return next(context, request);
    const limited = new LimitedContext(context, timeoutMs);
    try {
      return await new Promise((resolve, reject) => {
        limited.onLate = () =>
          reject(timeout('go.micro.server', `${request.endpoint} took longer than ${timeoutMs} ms`));
        Promise.resolve(next(limited, request)).then(resolve, reject);
      });
    } finally {
      limited.end();
    }
  };
