import { type Bag, createBag, type Place as BagPlace } from '../../async/bag.ts';
import { AsyncQueue } from '../../async/queue.ts';
import type { Document } from '../../document/document.ts';
import {
  type Input,
  InputError,
  type Message,
  type MessageOutcome,
  type Place,
  type ReplyKind,
  type Room,
  type Sender,
} from '../input.ts';

/** What came back for something that was said. */
export interface Reply {
  readonly document: Document;
  readonly kind: ReplyKind;
}

/** What was said somewhere without having been asked for. */
export interface Unasked extends Reply {
  readonly place: Place;
}

export interface SayOptions {
  /** Default `somebody`. */
  readonly sender?: string;
  /** Default true. */
  readonly isKnown?: boolean;
  /** Default `lobby`. */
  readonly room?: string;
  /** Default: the room's id. */
  readonly roomName?: string;
  readonly thread?: string;
  /** Default true. */
  readonly direct?: boolean;
  /** Default false. */
  readonly addressed?: boolean;
  /** Called with each reply as it comes. It may throw or take its time, as a network may. */
  readonly onReply?: (reply: Reply) => void | Promise<void>;
  /** Called before `say` resolves, when something came of it. */
  readonly onOutcome?: (outcome: MessageOutcome) => void;
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
  /** A way to say something in any room and to any person. */
  reach: NonNullable<Input['reach']>;
  /** The last that was said in that way, oldest first: a thousand at most. */
  readonly unasked: readonly Unasked[];
}

const mostUnasked = 1_000;

export function memoryInput(name = 'memory'): MemoryInput {
  const open = createBag<Said>();
  const unasked: Unasked[] = [];
  let waiting: Said[] = [];
  let queue: AsyncQueue<Message> | undefined;
  let ended = false;
  let count = 0;

  return {
    name,
    unasked,
    reach(place) {
      const nameless = place.kind === 'room' ? place.room === '' : place.person === '';
      if (nameless) throw new InputError('config', `a ${place.kind} without a name cannot be reached`);
      return {
        async say(document, kind) {
          unasked.push({ place, document, kind });
          if (unasked.length > mostUnasked) unasked.shift();
        },
        end() {},
      };
    },
    say: (text, options = {}) =>
      new Promise((resolve) => {
        count += 1;
        const said = new Said(String(count), text, options, open, resolve);
        if (queue === undefined) waiting.push(said);
        else queue.push(said);
      }),
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
      for (const { value } of open.places()) value.settled();
    },
  };
}

const nobodySpecial: Sender = { id: 'somebody', name: 'somebody' };
const lobby: Room = { id: 'lobby', name: 'lobby' };

function senderOf({ sender, isKnown }: SayOptions): Sender {
  const named = sender === undefined ? nobodySpecial : { id: sender, name: sender };
  return isKnown === undefined ? named : { ...named, isKnown };
}

function roomOf({ room = lobby.id, roomName = room, thread }: SayOptions): Room {
  if (room === lobby.id && roomName === lobby.name && thread === undefined) return lobby;
  return { id: room, name: roomName, ...(thread === undefined ? {} : { thread }) };
}

const none: readonly never[] = [];
const taken = Promise.resolve();

class Said implements Message {
  readonly id: string;
  readonly text: string;
  readonly sender: Sender;
  readonly room: Room;
  readonly direct: boolean;
  readonly addressed: boolean;
  #replies: Reply[] | undefined;
  readonly #onReply: SayOptions['onReply'];
  readonly #onOutcome: SayOptions['onOutcome'];
  readonly #open: Bag<Said>;
  readonly #place: BagPlace<Said>;
  readonly #resolve: (replies: readonly Reply[]) => void;

  constructor(
    id: string,
    text: string,
    options: SayOptions,
    open: Bag<Said>,
    resolve: (replies: readonly Reply[]) => void,
  ) {
    const { direct = true, addressed = false, onReply, onOutcome } = options;
    this.id = id;
    this.text = text;
    this.sender = senderOf(options);
    this.room = roomOf(options);
    this.direct = direct;
    this.addressed = addressed;
    this.#onReply = onReply;
    this.#onOutcome = onOutcome;
    this.#open = open;
    this.#place = open.add(this);
    this.#resolve = resolve;
  }

  reply(document: Document, kind: ReplyKind): Promise<void> {
    const reply: Reply = { document, kind };
    if (this.#replies === undefined) this.#replies = [reply];
    else this.#replies.push(reply);
    return this.#onReply === undefined ? taken : this.#tell(reply);
  }

  async #tell(reply: Reply): Promise<void> {
    await this.#onReply?.(reply);
  }

  settled(outcome?: MessageOutcome): void {
    if (outcome !== undefined) this.#onOutcome?.(outcome);
    this.#open.remove(this.#place);
    this.#resolve(this.#replies ?? none);
  }
}
