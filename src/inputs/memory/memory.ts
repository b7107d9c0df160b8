import { createBag } from '../../async/bag.ts';
import { AsyncQueue, withResolvers } from '../../async/queue.ts';
import type { Document } from '../../document/document.ts';
import { type Input, InputError, type Message, type ReplyKind, type Room, type Sender } from '../input.ts';

/** What came back for something that was said. */
export interface Reply {
  readonly document: Document;
  readonly kind: ReplyKind;
}

export interface SayOptions {
  /** Default `somebody`. */
  readonly sender?: string;
  /** Default `lobby`. */
  readonly room?: string;
  /** Default true. */
  readonly direct?: boolean;
  /** Default false. */
  readonly addressed?: boolean;
  /** Called with each reply as it comes. It may throw or take its time, as a network may. */
  readonly onReply?: (reply: Reply) => void | Promise<void>;
}

/** A chat network inside this process: for tests, and for programs that talk to a bot of their own. */
export interface MemoryInput extends Input {
  /**
   * Says something. Resolves with all replies when nothing more will come, so with none when the bot kept silent. What is said while
   * the connection is lost waits for the next one.
   */
  say(text: string, options?: SayOptions): Promise<readonly Reply[]>;
  /** Breaks the connection off. Default error: `unavailable`. */
  lose(error?: Error): void;
  /** There is no more to come: the input ends. */
  end(): void;
}

export function memoryInput(name = 'memory'): MemoryInput {
  const open = createBag<() => void>();
  let waiting: Message[] = [];
  let queue: AsyncQueue<Message> | undefined;
  let ended = false;
  let count = 0;

  const say = (text: string, options: SayOptions = {}): Promise<readonly Reply[]> => {
    const { direct = true, addressed = false, onReply } = options;
    const { promise, resolve } = withResolvers<readonly Reply[]>();
    const replies: Reply[] = [];
    count += 1;
    const message: Message = {
      id: String(count),
      text,
      sender: person(options.sender ?? 'somebody'),
      room: roomOf(options.room ?? 'lobby'),
      direct,
      addressed,
      async reply(document, kind) {
        replies.push({ document, kind });
        await onReply?.({ document, kind });
      },
      settled() {
        open.remove(place);
        resolve(replies);
      },
    };
    const place = open.add(() => resolve(replies));
    if (queue === undefined) waiting.push(message);
    else queue.push(message);
    return promise;
  };

  return {
    name,
    say,
    lose(error = new InputError('unavailable', `${name} was lost`)) {
      queue?.fail(error);
      queue = undefined;
    },
    end() {
      ended = true;
      queue?.end();
    },
    messages(signal) {
      const leave = (): void => connected.end();
      const connected = new AsyncQueue<Message>(() => {
        signal.removeEventListener('abort', leave);
        if (queue === connected) queue = undefined;
      });
      queue = connected;
      signal.addEventListener('abort', leave, { once: true });
      for (const message of waiting) connected.push(message);
      waiting = [];
      if (ended || signal.aborted) connected.end();
      return connected;
    },
    async close() {
      ended = true;
      for (const { value: giveUp } of open.places()) giveUp();
    },
  };
}

const person = (id: string): Sender => ({ id, name: id });
const roomOf = (id: string): Room => ({ id, name: id });
