import type { Document } from '../../document/document.ts';
import type { ReplyKind } from '../input.ts';
import type { Said } from '../xmpp/said.ts';
import type { SpeechSettings, Talk } from '../xmpp/say/speech.ts';
import { inert } from './inert.ts';
import { cardOf } from './notify/card.ts';
import { renderHtml } from './notify/html.ts';
import type { Color, Notifier } from './notify/notifier.ts';
import type { HipchatRoom } from './room.ts';
import { createTrail } from './trail.ts';

export interface VoiceOptions {
  /** Begins to answer somebody over XMPP; an answer in a room begins with their `nick`. */
  readonly open: (said: Said) => Talk;
  /** How who asked is mentioned; undefined where nobody knows. */
  readonly mentionOf: (said: Said) => Promise<string | undefined>;
  /** Absent: everything is said over XMPP. */
  readonly notices?: Notices | undefined;
  readonly signal: AbortSignal;
}

export interface Notices {
  readonly notifier: Notifier;
  readonly roomOf: (jid: string) => Promise<HipchatRoom | undefined>;
  /** How far apart two notifications of one command's progress are, in milliseconds. Default 5,000. */
  readonly progressMs?: number | undefined;
}

/**
 * Answers as HipChat has it: in a room `@Mention: …`, by a notification with the colour of its kind where there is a token; over XMPP what
 * no notification can show, and everything to a person.
 */
export function createVoice(said: Said, { open, mentionOf, notices, signal }: VoiceOptions): Talk {
  const isInRoom = said.kind === 'groupchat';
  /** Nobody in a room is looked up before there is an answer: most of what is said there has none. */
  let talk: Promise<Talk> | undefined = isInRoom ? undefined : Promise.resolve(open(said));
  let nick: Promise<string> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const called = (): Promise<string> => {
    // Where nobody asked nobody is called.
    nick ??=
      said.nick === ''
        ? Promise.resolve('')
        : mentionOf(said).then((mention) => (mention === undefined ? said.nick : `@${mention}`));
    return nick;
  };
  const overXmpp = async (document: Document, kind: ReplyKind): Promise<void> => {
    talk ??= called().then((name) => open({ ...said, nick: name }));
    await (await talk).say(inert(document), kind);
  };
  /** False when it was not said, and has to be said over XMPP. */
  const notified = async (document: Document, kind: ReplyKind, by: Notices): Promise<boolean> => {
    const room = await by.roomOf(said.to);
    if (room === undefined) return false;
    const name = await called();
    const html = renderHtml(document, name === '' ? '' : `${name}: `);
    if (html === undefined) return false;
    return by.notifier.notify(room, { color: colors[kind], html, card: cardOf(document, said.text) }, signal);
  };
  const say = async (document: Document, kind: ReplyKind): Promise<void> => {
    // What began over XMPP goes on there: it knows what of a progress is still to be shown.
    const by = talk === undefined ? notices : undefined;
    if (by !== undefined && (await notified(document, kind, by))) return;
    await overXmpp(document, kind);
  };
  const inTurn = (document: Document, kind: ReplyKind): Promise<void> => {
    const saying = last.then(() => say(document, kind));
    last = saying.catch(() => {});
    return saying;
  };

  const isByNotice = isInRoom && notices !== undefined;
  const trail = createTrail(notices?.progressMs ?? 5_000, (document) => inTurn(document, 'progress'));
  return {
    say(document, kind) {
      if (!isByNotice) return overXmpp(document, kind);
      return kind === 'progress' ? trail.add(document) : inTurn(trail.end(document), kind);
    },
    end() {
      trail.drop();
      last.then(async () => (await talk)?.end()).catch(() => {});
    },
  };
}

/**
 * For what is said over XMPP: HipChat's clients show markup as it is typed, know of no corrections, and in a room there is nobody to
 * whisper to.
 */
export const hipchatSpeech: SpeechSettings = { fences: false, corrections: false, whispers: false };

const colors: Readonly<Record<ReplyKind, Color>> = { answer: 'green', error: 'red', progress: 'yellow', aside: 'gray' };
