import type { Element } from '@xmpp/xml';
import { setMaxListeners } from 'node:events';
import { orAborted } from '../../../async/aborted.ts';
import { createAlarms } from '../../../async/alarms.ts';
import { type Log, silent } from '../../../log/log.ts';
import type { Session } from '../account.ts';
import type { Unreadable } from '../read/encrypted.ts';
import type { Rooms } from '../rooms.ts';
import type { Said } from '../said.ts';
import { createBounces } from './bounces.ts';
import { type Desk, leaving } from './desk.ts';
import { createHints } from './hints.ts';
import { createOrder } from '../../../async/order.ts';
import { createPace } from './pace.ts';
import { createTalk, type Talk } from './talk.ts';
import { createUpload, type UploadOptions } from './upload.ts';
import { createVoice } from './voice.ts';

export type { Talk } from './talk.ts';

/** What the bot says: in order in each conversation, and nothing twice. */
export interface Speech {
  /** The answer to one thing that somebody said. */
  talk(said: Said): Talk;
  /** Tells a person, once, that the bot can't read what is encrypted between two people. */
  cannotRead(who: Unreadable): void;
  /** To be given each message of type `error`. True when it came back for something that was said here; then it is dealt with. */
  returned(stanza: Element): boolean;
  /** Resolves when everything was said, or `signal` aborts. */
  close(signal: AbortSignal): Promise<void>;
}

export interface SpeechOptions {
  /** The login at the moment; undefined while there is none. What is to be said meanwhile waits. */
  readonly session: () => Session | undefined;
  /** What is said in a room waits until we are in it. Absent: it does not. */
  readonly rooms?: Pick<Rooms, 'find'> | undefined;
  readonly options?: SpeechSettings | undefined;
  readonly log?: Log | undefined;
}

export interface SpeechSettings {
  /** Fences around code, JSON and tables (XEP-0393). Default true. */
  readonly fences?: boolean | undefined;
  /** A progress is one message that is corrected (XEP-0308). Default true; otherwise it is a message now and then. */
  readonly corrections?: boolean | undefined;
  /** Shows that a command runs, in conversations of two (XEP-0085). Default true. */
  readonly chatStates?: boolean | undefined;
  /** What concerns one person of a room is told to them alone, where the room lets it through. Default true. */
  readonly whispers?: boolean | undefined;
  /** For what is too long for messages (XEP-0363). `false`: never. */
  readonly upload?: UploadOptions | false | undefined;
  /** What an answer in a room begins with. Default: the nick, a colon and a space. */
  readonly address?: ((said: Said) => string) | undefined;
  /** How long a progress stands at least, and how long each message in a room comes after the one before once a few came at once, in milliseconds. Default 1,000. */
  readonly paceMs?: number | undefined;
  /** How long an answer waits for a login, or for the room, in milliseconds. Default 300,000. */
  readonly patienceMs?: number | undefined;
  /** The most characters of a message, for its reader. Default 4,000. */
  readonly maxCharacters?: number | undefined;
}

export function createSpeech({ session, rooms, options = {}, log = silent }: SpeechOptions): Speech {
  const over = new AbortController();
  const { signal } = over;
  // Everything that waits listens to it.
  setMaxListeners(0, signal);
  const order = createOrder();
  const bounces = createBounces(log);
  const { paceMs = 1_000, patienceMs = 300_000, upload = {} } = options;
  const voice = createVoice({
    session,
    rooms,
    bounces,
    patienceMs,
    pace: createPace({ burst: 5, everyMs: paceMs }),
    log,
    signal,
  });
  const desk: Desk = {
    voice,
    rooms,
    order,
    alarms: createAlarms(),
    upload: upload === false ? undefined : createUpload(upload, log),
    hasFences: options.fences ?? true,
    hasCorrections: options.corrections ?? true,
    hasChatStates: options.chatStates ?? true,
    canWhisper: options.whispers ?? true,
    address: options.address ?? (({ nick }) => `${nick}: `),
    maxCharacters: options.maxCharacters ?? 4_000,
    paceMs,
    log,
    signal,
  };
  const hints = createHints(desk);
  const living = new Set<Talk>();
  let isClosed = false;

  return {
    talk(said) {
      const talk = createTalk(said, desk, () => living.delete(open));
      const open: Talk = {
        say: async (document, kind) => {
          if (isClosed) throw leaving();
          await talk.say(document, kind);
        },
        end: () => talk.end(),
      };
      living.add(open);
      return open;
    },
    cannotRead(who) {
      if (!isClosed) hints.cannotRead(who);
    },
    returned: (stanza) => bounces.take(stanza),
    async close(until) {
      isClosed = true;
      try {
        await orAborted(order.idle(), until);
      } catch {
        if (!order.isIdle) log.warn('left XMPP before all was said');
      } finally {
        over.abort(leaving());
        for (const talk of living) talk.end();
        // What was cut off has nobody left to wait for; it ends by itself, at once.
        await order.idle();
      }
    },
  };
}
