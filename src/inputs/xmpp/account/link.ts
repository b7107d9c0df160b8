import type { Element } from '@xmpp/xml';
import { withResolvers } from '../../../async/queue.ts';
import type { Connected } from './connect.ts';
import { Failure, failureOf, failureOfStream, nameOf } from './failure.ts';
import { readStream } from './read-stream.ts';
import { streamError, streamFooter } from './stream-text.ts';
import type { Trace } from './trace.ts';
import { XmlError } from './xml/error.ts';
import { streamNamespace } from './namespaces.ts';

/** One connection that speaks XMPP, from its first stream to its end. */
export interface Link {
  readonly isSecure: boolean;
  /** `performance.now()` of the last bytes that came. */
  readonly heardAt: number;
  /** Resolves with why, when nothing can come any more. */
  readonly ended: Promise<Failure>;
  /** One side ended the stream with a word, not just the connection: its session can't go on. */
  readonly isOver: boolean;
  /** The stream that is about to begin. Resolves with its own element. */
  begin(): Promise<Element>;
  /** The next element, while nobody listens. Rejects with a `Failure` when there will be none. */
  next(): Promise<Element>;
  /** From now on, `take` gets all elements, first those that came before. */
  listen(take: (element: Element) => void): void;
  /** Resolves when it was handed to the network; rejects with a `Failure`. Never an unhandled rejection. */
  write(text: string): Promise<void>;
  /** Ends it at once. */
  drop(failure: Failure): void;
  /** Tells the server why, and ends it. */
  refuse(condition: string, failure: Failure): void;
  /** Says goodbye, waits at most so long for the server's, and ends it. */
  close(timeoutMs: number): Promise<void>;
}

/** So many elements may wait to be looked at during a login. */
const maxHeld = 1_000;

export function createLink({ socket, isSecure }: Connected, trace: Trace): Link {
  const ended = withResolvers<Failure>();
  const gone = withResolvers<void>();
  let failure: Failure | undefined;
  let isOver = false;
  let heardAt = performance.now();
  let begun = withResolvers<Element>();
  let held: Element[] = [];
  let waiting: ((element: Element | undefined) => void) | undefined;
  let take: ((element: Element) => void) | undefined;

  const end = (why: Failure): void => {
    if (failure !== undefined) return;
    failure = why;
    reader.release();
    begun.promise.catch(() => {});
    begun.reject(why);
    waiting?.(undefined);
    ended.resolve(why);
  };

  const drop = (why: Failure): void => {
    end(why);
    socket.destroy();
  };

  const refuse = (condition: string, why: Failure): void => {
    isOver = true;
    if (failure === undefined) socket.end(streamError(condition) + streamFooter);
    end(why);
    // What was written may go out; who does not read it is cut off.
    socket.setTimeout(1_000, () => socket.destroy());
  };

  const receive = (element: Element): void => {
    trace.received(element);
    if (element.is('error', streamNamespace)) {
      const why = failureOfStream(element);
      isOver = true;
      if (failure === undefined) socket.end(streamFooter);
      end(why);
      socket.setTimeout(1_000, () => socket.destroy());
      return;
    }
    if (take !== undefined) take(element);
    else if (waiting !== undefined) waiting(element);
    else if (held.length < maxHeld) held.push(element);
    else refuse('policy-violation', new Failure('unavailable', 'the server sends more than a login needs'));
  };

  const reader = readStream(
    socket,
    {
      start: (stream) => begun.resolve(stream),
      element: receive,
      end: () => {
        const why = new Failure('unavailable', 'the server closed the stream');
        isOver = true;
        if (failure === undefined) socket.end(streamFooter);
        end(why);
        gone.resolve();
      },
    },
    (error) => refuse(error instanceof XmlError ? error.condition : 'internal-server-error', failureOf(error)),
  );

  socket.on('data', () => {
    heardAt = performance.now();
  });
  socket.on('error', (error) => drop(new Failure('unavailable', `the connection broke: ${nameOf(error)}`)));
  socket.on('end', () => drop(new Failure('unavailable', 'the server closed the connection')));
  socket.on('close', () => {
    end(new Failure('unavailable', 'the connection was closed'));
    gone.resolve();
  });
  if (socket.destroyed) end(new Failure('unavailable', 'the connection was closed'));

  return {
    isSecure,
    get heardAt() {
      return heardAt;
    },
    ended: ended.promise,
    get isOver() {
      return isOver;
    },
    begin() {
      if (failure !== undefined) return Promise.reject(failure);
      reader.restart();
      held = [];
      begun.promise.catch(() => {});
      begun = withResolvers();
      return begun.promise;
    },
    next() {
      const first = held.shift();
      if (first !== undefined) return Promise.resolve(first);
      return new Promise((resolve, reject) => {
        waiting = (element) => {
          waiting = undefined;
          if (element === undefined) reject(failure ?? new Failure('unavailable', 'the connection was closed'));
          else resolve(element);
        };
        if (failure !== undefined) waiting(undefined);
      });
    },
    listen(listener) {
      take = listener;
      for (const element of held.splice(0)) listener(element);
    },
    write(text) {
      const written = new Promise<void>((resolve, reject) => {
        if (failure !== undefined) {
          reject(failure);
          return;
        }
        socket.write(text, (error) => {
          if (error === undefined || error === null) resolve();
          else reject(failure ?? new Failure('unavailable', `the connection broke: ${nameOf(error)}`));
        });
      });
      written.catch(() => {});
      return written;
    },
    drop,
    refuse,
    async close(timeoutMs) {
      if (failure === undefined) socket.end(streamFooter);
      const timer = setTimeout(() => gone.resolve(), timeoutMs);
      await gone.promise;
      clearTimeout(timer);
      drop(new Failure('unavailable', 'we said goodbye'));
    },
  };
}
