import type { Alarm, Alarms, Ringing } from '../async/alarms.ts';
import { type Document, text } from '../document/document.ts';
import type { Message, ReplyKind } from '../inputs/input.ts';
import type { Log } from '../log/log.ts';

/**
 * Says something to a person, and calls `ended` once: whether the network took it. Never throws: a reply that cannot be
 * delivered is logged. Callbacks and no promise, because every message passes here.
 */
export type Deliver = (
  message: Message,
  document: Document | string,
  kind: ReplyKind,
  ended: (isTaken: boolean) => void,
) => void;

/** A network that takes longer to accept a reply is not waited for. */
const replyTimeoutMs = 30_000;

export const delivering =
  (alarms: Alarms, log: Log): Deliver =>
  (message, document, kind, ended) =>
    new Delivery(message, kind, ended, alarms, log).start(typeof document === 'string' ? text(document) : document);

class Delivery implements Ringing {
  readonly #message: Message;
  readonly #kind: ReplyKind;
  readonly #ended: (isTaken: boolean) => void;
  readonly #alarms: Alarms;
  readonly #log: Log;
  readonly #late: Alarm;

  constructor(message: Message, kind: ReplyKind, ended: (isTaken: boolean) => void, alarms: Alarms, log: Log) {
    this.#message = message;
    this.#kind = kind;
    this.#ended = ended;
    this.#alarms = alarms;
    this.#log = log;
    this.#late = alarms.set(replyTimeoutMs, this);
  }

  start(document: Document): void {
    try {
      this.#message.reply(document, this.#kind).then(
        () => this.#end(true),
        (error: unknown) => this.#failed(error),
      );
    } catch (error) {
      this.#failed(error);
    }
  }

  ring(): void {
    this.#warn('a reply was not taken in time');
    this.#ended(false);
  }

  #failed(error: unknown): void {
    this.#warn('a reply was not delivered', error);
    this.#end(false);
  }

  #end(isTaken: boolean): void {
    if (this.#alarms.clear(this.#late)) this.#ended(isTaken);
  }

  #warn(what: string, error?: unknown): void {
    const { id, room } = this.#message;
    this.#log.warn(what, { message: id, room: room.id, kind: this.#kind, ...(error === undefined ? {} : { error }) });
  }
}
