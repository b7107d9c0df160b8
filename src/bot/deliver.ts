import type { Alarms } from '../async/alarms.ts';
import { type Document, text } from '../document/document.ts';
import type { Message, ReplyKind } from '../inputs/input.ts';
import type { Log } from '../log/log.ts';

/** Says something to a person. Never rejects: a reply that cannot be delivered is logged. */
export type Deliver = (message: Message, document: Document | string, kind: ReplyKind) => Promise<void>;

/** A network that takes longer to accept a reply is not waited for. */
const replyTimeoutMs = 30_000;

export const delivering =
  (alarms: Alarms, log: Log): Deliver =>
  (message, document, kind) =>
    new Promise((resolve) => {
      const about = { message: message.id, room: message.room.id, kind };
      const late = alarms.set(replyTimeoutMs, () => {
        log.warn('a reply was not taken in time', about);
        resolve();
      });
      const taken = (): void => {
        alarms.clear(late);
        resolve();
      };
      const failed = (error: unknown): void => {
        log.warn('a reply was not delivered', { ...about, error });
        taken();
      };
      try {
        message.reply(typeof document === 'string' ? text(document) : document, kind).then(taken, failed);
      } catch (error) {
        failed(error);
      }
    });
