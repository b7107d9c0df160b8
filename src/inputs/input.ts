import type { Document } from '../document/document.ts';

/** Who typed a message. `id` is the network's immutable id; `name` is for display and never decides anything. */
export interface Sender {
  readonly id: string;
  readonly name: string;
  /** False when the network does not vouch for `id`: who that is can't be told from others. Default true. */
  readonly isKnown?: boolean;
}

/** Where a message was typed, and where its answers go: a channel, a group chat, a direct conversation. */
export interface Room {
  readonly id: string;
  readonly name: string;
  /** A conversation of its own within the room: what runs in one holds nobody up in another. */
  readonly thread?: string | undefined;
}

/**
 * What an answer is, so that an input can show it fittingly. Several `progress` may come before the one that ends it. An `aside` is an
 * answer for its person alone, such as help: where the network can, nobody else sees it.
 */
export type ReplyKind = 'progress' | 'answer' | 'aside' | 'error';

/** What a person typed. */
export interface Message {
  /** Unique within the input. */
  readonly id: string;
  /** Plain text: the input has undone its network's markup, links and entities. Code stays between backticks (`markCode`). */
  readonly text: string;
  readonly sender: Sender;
  readonly room: Room;
  /** True where only the bot listens: everything typed is meant for it. */
  readonly direct: boolean;
  /** True when the network itself says that the bot is meant (a mention, a slash command); the mention is no longer in `text`. */
  readonly addressed: boolean;
  /** Aborts when the person takes the message back: what runs for it is ended then. Absent where the network has no such thing. */
  readonly cancelled?: AbortSignal;
  /**
   * Answers in the place the message came from. Resolves when the network took it. The document that ends it may be the very one
   * that was the last progress: an input that shows each progress on its own need not show that one twice.
   */
  reply(document: Document, kind: ReplyKind): Promise<void>;
  /**
   * Shows its person a form, and nobody else. Resolves with false where that can't be (any more): then they are asked in words. What comes
   * back is said by them as a message of its own, in the same place, or is told by `left`. Absent where the network has no forms.
   */
  ask?(form: Form): Promise<boolean>;
  /**
   * Called once, when it turns out to be for the bot: resolves when the next process would know a copy of it, so that it may be run now. Never
   * rejects, and keeps nobody waiting long. Absent where nothing comes again.
   */
  keep?(): Promise<void>;
  /**
   * Called once, when no reply will come (any more): the message was answered, or was not meant for the bot. `outcome`: what came of it,
   * where something did.
   */
  settled?(outcome?: MessageOutcome): void;
}

/** What a person left out of a line. */
export interface Form {
  /** What it is for, in a few words. */
  readonly title: string;
  /** The line as it was typed. Undefined where it holds what should not be seen again. */
  readonly line: string | undefined;
  /** At least one. */
  readonly fields: readonly FormField[];
  /** Said to who leaves it. */
  readonly left: Document;
  /** The whole line. `values` in the order of the fields. */
  complete(values: readonly string[]): string;
}

export interface FormField {
  readonly name: string;
  /** What is wanted, for people: `a duration such as 5m`. */
  readonly expected: string;
  readonly description: string;
  readonly kind: 'text' | 'json' | 'number' | 'whole number' | 'yes or no' | 'choice' | 'user';
  /** Of a `choice`. */
  readonly choices: readonly string[];
  /** What is wrong with a value, for people; undefined: nothing. `yes or no` is `true` or `false`, a user `@` with their id. */
  complaint(value: string): string | undefined;
}

/** What came of a message. `waits`: for somebody's word. */
export type MessageOutcome = 'done' | 'failed' | 'denied' | 'cancelled' | 'timed out' | 'unknown' | 'waits';

/** Where something can be said that nobody there asked for: a room by its id or as people write it (`#ops`), or one person alone. */
export type Place =
  | { readonly kind: 'room'; readonly room: string; readonly thread?: string | undefined }
  | { readonly kind: 'person'; readonly person: string };

/** Says something in a place. */
export interface Speech {
  /** As a message's `reply`. */
  say(document: Document, kind: ReplyKind): Promise<void>;
  /** Called once, when nothing more will be said. */
  end(): void;
}

/** What one message may hold, in bytes of UTF-8. */
export const maxMessageBytes = 65_536;

/** What a person reads whose message is larger. */
export const tooLong = (bytes: number): string => `message too long: ${bytes} bytes, at most ${maxMessageBytes}`;

/** One chat network the bot listens on. */
export interface Input {
  /** As in `--inputs`. */
  readonly name: string;
  /**
   * Connects and yields what people type. Ends on abort, or when the network has no more (end of file); throws an `InputError` when the
   * connection is lost, and may then be called again. Replies are still taken after it ended, until `close`.
   */
  messages(signal: AbortSignal): AsyncIterable<Message>;
  /** Releases what it holds, after all answers were given. */
  close(): Promise<void>;
  /**
   * A way to say something there. Throws an `InputError` (`config`) for a place that it can't name; whether it exists and takes us shows when
   * something is said. Absent where the network only answers.
   */
  reach?(place: Place): Speech;
  /** The rooms it was told to be in. Absent where it is wherever it is heard. */
  readonly rooms?: readonly ConfiguredRoom[];
  /** Why nobody is heard at the moment; undefined while all is well. Absent where the connection can't be lost. */
  readonly outage?: InputOutage | undefined;
}

export interface ConfiguredRoom {
  readonly room: string;
  /** Why it is not in it; undefined: it is. */
  readonly absence: string | undefined;
}

export interface InputOutage {
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly reason: string;
}

export type InputErrorCode =
  /** A flag it needs is missing or wrong: trying again does not help. */
  | 'config'
  /** The network could not be reached or broke off. Worth trying again. */
  | 'unavailable'
  /** The network refuses us (credentials). */
  | 'refused';

export class InputError extends Error {
  readonly code: InputErrorCode;

  constructor(code: InputErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'InputError';
    this.code = code;
  }
}
