import type { Log, LogFields } from '../../log/log.ts';
import type { CallOptions, ClientWrapper, Message, PublishOptions, Request } from '../client/client.ts';
import { MicroError } from '../errors.ts';
import type { HandlerWrapper, SubscriberWrapper } from '../server/server.ts';
import { watchMessages, watchStream } from './conversation.ts';

export interface LoggingOptions {
  readonly log: Log;
  /** Of what went well. Errors are warnings. Default `info`. */
  readonly level?: 'debug' | 'info';
}

// No bodies, no metadata and no details of errors: they may hold what people keep to themselves.

/** One line for each call, stream and published event, when it is over. */
export function clientLogging(options: LoggingOptions): ClientWrapper {
  const line = liner(options);
  return (next) => ({
    ...next,
    call: <T>(request: Request, options?: CallOptions) =>
      line('called', targetOf(request)).around(() => next.call<T>(request, options)),
    async stream<T>(request: Request, options?: CallOptions) {
      const { failed, done } = line('streamed', targetOf(request));
      try {
        return watchStream(await next.stream<T>(request, options), done);
      } catch (error) {
        failed(error);
        throw error;
      }
    },
    publish: (message: Message, options?: PublishOptions) =>
      line('published', { topic: message.topic }).around(() => next.publish(message, options)),
  });
}

/** One line for each request, when it was answered, and for each stream, when it has ended. */
export function handlerLogging(options: LoggingOptions): HandlerWrapper {
  const line = liner(options);
  return (next) => async (context, request) => {
    const { service, endpoint, stream } = request;
    const from = context.header('Micro-From-Service');
    const about = { service, endpoint, ...(from === undefined ? {} : { from }) };
    const { around, failed, done } = line(stream ? 'streamed' : 'answered', about);
    if (!stream) return around(async () => next(context, request));
    try {
      const messages = (await next(context, request)) as AsyncIterable<unknown>;
      return watchMessages(messages, done);
    } catch (error) {
      failed(error);
      throw error;
    }
  };
}

/** One line for each event, when it was dealt with. */
export function subscriberLogging(options: LoggingOptions): SubscriberWrapper {
  const line = liner(options);
  return (next) => (context, event) =>
    line('received', { topic: event.topic }).around(async () => next(context, event));
}

const targetOf = ({ service, endpoint }: Request): LogFields => ({ service, endpoint });

interface Line {
  readonly around: <T>(work: () => Promise<T>) => Promise<T>;
  readonly failed: (error: unknown) => void;
  /** With or without an error. */
  readonly done: (error: unknown) => void;
}

function liner({ log, level = 'info' }: LoggingOptions): (what: string, about: LogFields) => Line {
  return (what, about) => {
    const since = performance.now();
    const ms = (): number => Math.round((performance.now() - since) * 1000) / 1000;
    const failed = (thrown: unknown): void => {
      const { id, code } = MicroError.from(thrown, '');
      log.warn(`${what} with an error`, { ...about, id, code, ms: ms() });
    };
    const done = (error: unknown): void => {
      if (error === undefined) log[level](what, { ...about, ms: ms() });
      else failed(error);
    };
    return {
      failed,
      done,
      async around(work) {
        try {
          const result = await work();
          done(undefined);
          return result;
        } catch (error) {
          failed(error);
          throw error;
        }
      },
    };
  };
}
