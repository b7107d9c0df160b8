import { randomUUID } from 'node:crypto';
import type { Element } from '@xmpp/xml';
import { orAborted } from '../../../async/aborted.ts';
import { sleep } from '../../../async/sleep.ts';
import type { Log } from '../../../log/log.ts';
import { type Session, XmppError } from '../account.ts';
import { bareOf } from '../read/address.ts';
import type { Rooms } from '../rooms.ts';
import type { Bounces } from './bounces.ts';
import type { Pace } from './pace.ts';
import { type Content, message } from './stanza.ts';
import { conversationOf, personAt, type Target } from './target.ts';

/** Says single messages. All reject as `Session.send` does, or when there was no login for too long. */
export interface Voice {
  say(target: Target, content: Content, options?: SayOptions): Promise<Posted>;
  /** Says something that is no message, if that can be done at once. What becomes of it is nobody's trouble. */
  hint(target: Target, make: (id: string) => Element): void;
  /** True while nothing else was said in that conversation: only what was said last can be corrected. */
  isLast(posted: Posted): boolean;
  /** Waits until something can be said there. */
  ready(target: Target): Promise<Session>;
}

export interface SayOptions {
  readonly replaces?: Posted | undefined;
  readonly isActive?: boolean | undefined;
  /** Called when it comes back, instead of telling that in the log. */
  readonly onReturn?: ((condition: string) => void) | undefined;
}

/** A message of ours. */
export interface Posted {
  readonly conversation: string;
  readonly id: string;
}

export interface VoiceOptions {
  readonly session: () => Session | undefined;
  readonly rooms: Pick<Rooms, 'find'> | undefined;
  readonly bounces: Bounces;
  readonly patienceMs: number;
  /** How rooms are spared. */
  readonly pace: Pace;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** How long until we look again whether something can be said. */
const lookMs = 50;
/** Of so many conversations we know what was said last. */
const mostConversations = 1_000;

export function createVoice(options: VoiceOptions): Voice {
  const { session, rooms, bounces, patienceMs, pace, log, signal } = options;
  const last = new Map<string, string>();

  const remember = (conversation: string, id: string): void => {
    last.delete(conversation);
    last.set(conversation, id);
    const [oldest] = last.keys();
    if (last.size > mostConversations && oldest !== undefined) last.delete(oldest);
  };

  const usable = ({ to, kind }: Target): Session | undefined => {
    const isThere = kind === 'chat' || rooms === undefined || rooms.find(bareOf(to)) !== undefined;
    return isThere ? session() : undefined;
  };

  const ready = async (target: Target): Promise<Session> => {
    const end = performance.now() + patienceMs;
    for (;;) {
      signal.throwIfAborted();
      const found = usable(target);
      if (found !== undefined) return found;
      if (performance.now() > end) throw new XmppError('unavailable', '', silence(target, session()));
      await sleep(lookMs, signal);
    }
  };

  return {
    ready,
    async say(target, content, { replaces, isActive, onReturn } = {}) {
      const conversation = conversationOf(target);
      if (target.kind === 'groupchat') await pace.take(conversation, signal);
      const login = await ready(target);
      if (target.person !== undefined && personAt(target.to, rooms) !== target.person) {
        throw new XmppError('refused', 'item-not-found', `whoever was ${target.to} is not there any more`);
      }
      const id = randomUUID();
      // A correction does not change who the message is.
      const posted = replaces ?? { conversation, id };
      remember(conversation, posted.id);
      bounces.expect(id, target, onReturn);
      await orAborted(login.send(message(target, content, { id, replaces: replaces?.id, isActive })), signal);
      return posted;
    },
    hint(target, make) {
      usable(target)
        ?.send(make(randomUUID()))
        .catch((error: unknown) => log.debug('a hint was not sent', { to: target.to, error }));
    },
    isLast: ({ conversation, id }) => last.get(conversation) === id,
  };
}

const silence = ({ to }: Target, login: Session | undefined): string =>
  login === undefined ? 'there was no login to XMPP for too long' : `the bot is not in the room ${bareOf(to)}`;
