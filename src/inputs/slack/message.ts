import type { Document } from '../../document/document.ts';
import type { Form, Message, ReplyKind, Room, Sender } from '../input.ts';
import type { Names } from './identity.ts';
import type { Incoming } from './incoming.ts';
import type { Talk } from './outbox.ts';

export interface SlackMessageOptions {
  readonly ask: Message['ask'];
  readonly keep: Message['keep'];
  readonly onSettled: () => void;
}

/** Something that somebody typed, pressed or chose in Slack, on its way through the bot. */
export class SlackMessage implements Message {
  readonly id: string;
  readonly text: string;
  readonly sender: Sender;
  readonly room: Room;
  readonly direct: boolean;
  readonly addressed: boolean;
  readonly ask?: (form: Form) => Promise<boolean>;
  readonly keep?: () => Promise<void>;
  readonly #talk: Talk;
  readonly #stop: AbortController = new AbortController();
  readonly #onSettled: () => void;

  constructor(incoming: Incoming, names: Names, talk: Talk, { ask, keep, onSettled }: SlackMessageOptions) {
    const { keys, text, sender, isKnown = true, team, channel, direct, addressed, thread } = incoming;
    this.id = keys[0];
    this.text = text;
    const name = names.user(team, incoming.user);
    this.sender = isKnown ? { id: sender, name } : { id: sender, name, isKnown };
    this.room = { id: `${team}/${channel}`, name: names.channel(team, channel), thread };
    this.direct = direct;
    this.addressed = addressed;
    if (ask !== undefined) this.ask = ask;
    if (keep !== undefined) this.keep = keep;
    this.#talk = talk;
    this.#onSettled = onSettled;
  }

  get cancelled(): AbortSignal {
    return this.#stop.signal;
  }

  /** Its person takes it back. */
  cancel(): void {
    this.#stop.abort();
  }

  reply(document: Document, kind: ReplyKind): Promise<void> {
    return this.#talk.say(document, kind);
  }

  settled(): void {
    this.#talk.end();
    this.#onSettled();
  }
}
