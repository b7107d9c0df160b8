import type { Document } from '../../document/document.ts';
import type { Message, ReplyKind, Room, Sender } from '../input.ts';
import type { Said } from './said.ts';
import type { Talk } from './say/speech.ts';

/** Something that somebody said over XMPP, on its way through the bot. */
export class XmppMessage implements Message {
  readonly id: string;
  readonly text: string;
  readonly sender: Sender;
  readonly room: Room;
  readonly direct: boolean;
  readonly addressed: boolean;
  readonly keep?: () => Promise<void>;
  readonly #talk: Talk;

  constructor(
    { keys, to, kind, sender, isKnown, nick, text, addressed, thread }: Said,
    talk: Talk,
    keep?: () => Promise<void>,
  ) {
    this.id = keys[0];
    this.text = text;
    this.sender = isKnown ? { id: sender, name: nick } : { id: sender, name: nick, isKnown };
    this.room = { id: to, name: to, ...(kind === 'groupchat' ? { thread } : {}) };
    this.direct = kind !== 'groupchat';
    this.addressed = addressed;
    if (keep !== undefined) this.keep = keep;
    this.#talk = talk;
  }

  reply(document: Document, kind: ReplyKind): Promise<void> {
    return this.#talk.say(document, kind);
  }

  settled(): void {
    this.#talk.end();
  }
}
