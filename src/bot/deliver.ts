import { type Document, text } from '../document/document.ts';
import type { Message, ReplyKind } from '../inputs/input.ts';
import type { Log } from '../log/log.ts';
import { within } from './within.ts';

/** A network that takes longer to accept a reply is not waited for. */
const replyTimeoutMs = 30_000;

/** Says something to the person. Never throws: a reply that cannot be delivered is logged. */
export async function deliver(log: Log, message: Message, document: Document | string, kind: ReplyKind): Promise<void> {
  const about = { message: message.id, room: message.room.id, kind };
  try {
    const reply = message.reply(typeof document === 'string' ? text(document) : document, kind);
    if (!(await within(reply, replyTimeoutMs))) log.warn('a reply was not taken in time', about);
  } catch (error) {
    log.warn('a reply was not delivered', { ...about, error });
  }
}
