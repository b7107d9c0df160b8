import { createElement as xml, type Element } from '@xmpp/xml';
import type { Log } from '../../log/log.ts';
import type { Authorize } from '../xmpp/account/authorize.ts';
import type { Session } from '../xmpp/account.ts';
import type { RoomStyle } from '../xmpp/dialect.ts';
import type { Said } from '../xmpp/said.ts';
import type { SpeechSettings, Talk } from '../xmpp/say/speech.ts';
import { readInvitation } from './invitation.ts';
import { createLobby } from './lobby.ts';
import { hipchatLogin } from './login.ts';
import { withoutMention } from './mention.ts';
import { botResource, hipchatNames, xmppNames } from './names.ts';
import { createNotifier } from './notify/notifier.ts';
import { createPeople } from './people.ts';
import type { Place } from './place.ts';
import { ownProfile, type Profile } from './profile.ts';
import { mentionName } from './user.ts';
import { createVoice, hipchatSpeech } from './voice.ts';

export interface HipchatDialectOptions {
  readonly place: Place;
  /** What the account has for a password is the token. */
  readonly isToken: boolean;
  /** For room notifications. Absent: everything is said over XMPP. */
  readonly token?: string | undefined;
  /** Authorities for the REST API, as PEM, instead of the usual ones. */
  readonly ca?: string | undefined;
  /** What the bot is called where the server knows of no name. Default `micro`. */
  readonly name?: string | undefined;
  readonly log: Log;
  readonly timing?: HipchatTiming | undefined;
}

/** In milliseconds. */
export interface HipchatTiming {
  /** How often lists are asked for at most. Default 60,000. */
  readonly everyMs?: number;
  /** How long an answer waits for the name of who asked, or of the room. Default 2,000. */
  readonly nameMs?: number;
  /** How far apart two notifications of one command's progress are. Default 5,000. */
  readonly progressMs?: number;
  /** How long HipChat may take for a notification. Default 10,000. */
  readonly notifyMs?: number;
  /** How long a notification waits when there were too many. Default 5,000. */
  readonly patienceMs?: number;
}

/** In what HipChat differs from XMPP. */
export interface HipchatDialect {
  readonly authorize: Authorize;
  readonly resource: string;
  readonly style: RoomStyle;
  readonly speech: SpeechSettings;
  /** What we tell everybody when a session begins. */
  presence(): Element;
  /** To be told what an account tells its guest. */
  online(session: Session, isResumed: boolean): void;
  offline(): void;
  /** True for what was its business. */
  take(stanza: Element): boolean;
  /** Recognises `@Mention` at the front: it is taken away, and the bot is meant. */
  hear(said: Said): Said;
  /** Answers as HipChat has it; `open` begins an answer over XMPP. */
  talk(said: Said, open: (said: Said) => Talk): Talk;
  /** Gives up what is still on its way. */
  close(): void;
}

export function hipchatDialect(options: HipchatDialectOptions): HipchatDialect {
  const { place, isToken, token, ca, name = 'micro', log, timing = {} } = options;
  const { jid, conference, apiUrl } = place;
  const closing = new AbortController();
  const people = createPeople({ jid, log, everyMs: timing.everyMs, patienceMs: timing.nameMs });
  const lobby = createLobby({ conference, log, everyMs: timing.everyMs, patienceMs: timing.nameMs });
  const { notifyMs, patienceMs, progressMs } = timing;
  const notices =
    token === undefined
      ? undefined
      : {
          notifier: createNotifier({ apiUrl, token, ca, log, timeoutMs: notifyMs, patienceMs }),
          roomOf: (room: string) => lobby.find(room),
          progressMs,
        };
  const unknown: Profile = { name: name.charAt(0).toUpperCase() + name.slice(1), mention: mentionName(name) };
  let own = unknown;

  const capabilities = (): Element => xml('c', { xmlns: xmppNames.caps, node: hipchatNames.bot, ver: 'micro-bot' });

  return {
    authorize: hipchatLogin({ isToken }),
    resource: botResource,
    style: {
      get presence() {
        return [capabilities()];
      },
      async nick(session) {
        own = (await ownProfile(session)) ?? unknown;
        return own.name;
      },
      invitation: (stanza) => readInvitation(stanza, conference),
      isWanted: (item) => lobby.see(item)?.isArchived === false,
      showsAddresses: true,
      farewell: 'hc-leave',
    },
    speech: hipchatSpeech,
    presence: () => xml('presence', {}, xml('show', {}, 'chat'), capabilities()),
    online(session, isResumed) {
      people.online(session, isResumed);
      if (notices !== undefined) lobby.online(session, isResumed);
    },
    offline() {
      people.offline();
      lobby.offline();
    },
    take: (stanza) => people.take(stanza),
    hear(said) {
      // In a room what called us by our nick is no longer there.
      if (said.addressed && said.kind === 'groupchat') return said;
      const text = own.mention === undefined ? undefined : withoutMention(said.text, own.mention);
      if (text === undefined || (text === '' && said.kind !== 'groupchat')) return said;
      return { ...said, text, addressed: true };
    },
    talk: (said, open) =>
      createVoice(said, { open, mentionOf: (by) => people.mentionOf(by), notices, signal: closing.signal }),
    close: () => closing.abort(),
  };
}
