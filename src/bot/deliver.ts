import type { Alarm, Alarms } from '../async/alarms.ts';
import { type Document, text } from '../document/document.ts';
import type { Message, ReplyKind } from '../inputs/input.ts';
import type { Log } from '../log/log.ts';

/**
 * Says something to a person, and calls `ended` once when the network took it or will not. Never throws: a reply that cannot be
 * delivered is logged. Callbacks and no promise, because every message passes here.
 */
export type Deliver = (message: Message, document: Document | string, kind: ReplyKind, ended: () => void) => void;

/** A network that takes longer to accept a reply is not waited for. */
const replyTimeoutMs = 30_000;

export const delivering =
  (alarms: Alarms, log: Log): Deliver =>
  (message, document, kind, ended) => {
    const about = (): object => ({ message: message.id, room: message.room.id, kind });
    const late: Alarm = alarms.set(replyTimeoutMs, () => {
      log.warn('a reply was not taken in time', { ...about() });
      ended();
    });
    const failed = (error: unknown): void => {
      log.warn('a reply was not delivered', { ...about(), error });
      if (alarms.clear(late)) ended();
    };
    try {
      message.reply(typeof document === 'string' ? text(document) : document, kind).then(() => {
        if (alarms.clear(late)) ended();
      }, failed);
    } catch (error) {
      failed(error);
    }
  };
