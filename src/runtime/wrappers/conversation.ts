import type { ClientStream } from '../client/client.ts';
import { MicroError } from '../errors.ts';

/** Called once, when a conversation is over, with what it failed with. */
type OnEnd = (error: unknown) => void;

/** The same messages; `onEnd` is told when there are no more, or their reader leaves. */
export function watchMessages<T>(messages: AsyncIterable<T>, onEnd: OnEnd): AsyncIterable<T> {
  const end = once(onEnd);
  return {
    [Symbol.asyncIterator]() {
      const iterator = messages[Symbol.asyncIterator]();
      return {
        async next() {
          try {
            const result = await iterator.next();
            if (result.done === true) end(undefined);
            return result;
          } catch (error) {
            end(error);
            throw error;
          }
        },
        async return() {
          try {
            await iterator.return?.();
          } finally {
            end(undefined);
          }
          return { done: true, value: undefined };
        },
      };
    },
  };
}

/** The same stream; `onEnd` is told when it has been read to its end, is broken or closed. */
export function watchStream<T>(stream: ClientStream<T>, onEnd: OnEnd): ClientStream<T> {
  const end = once(onEnd);
  const messages = watchMessages(stream, end);
  const close = async (): Promise<void> => {
    try {
      await stream.close();
    } finally {
      end(undefined);
    }
  };
  return {
    async send(body) {
      try {
        await stream.send(body);
      } catch (error) {
        // A message that cannot be written, or comes too late, ends nothing.
        if (!(error instanceof MicroError && error.code === 400)) end(error);
        throw error;
      }
    },
    closeSend: () => stream.closeSend(),
    close,
    [Symbol.asyncIterator]: () => messages[Symbol.asyncIterator](),
    [Symbol.asyncDispose]: close,
  };
}

function once(onEnd: OnEnd): OnEnd {
  let over = false;
  return (error) => {
    if (over) return;
    over = true;
    onEnd(error);
  };
}
