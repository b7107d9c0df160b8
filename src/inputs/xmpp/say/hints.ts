import type { Unreadable } from '../read/encrypted.ts';
import type { Desk } from './desk.ts';
import { conversationOf } from './target.ts';

/** What a person is told once. */
export interface Hints {
  cannotRead(who: Unreadable): void;
}

const sentence =
  'I cannot read encrypted messages. Please turn encryption (OMEMO, OpenPGP, OTR) off for this conversation.';
/** So many are remembered; others are told again. */
const most = 1_000;
/** It is no answer: where much waits, it is left out. */
const mostWaiting = 10;

export function createHints({ voice, order, log }: Desk): Hints {
  const told = new Set<string>();
  return {
    cannotRead({ to, kind, sender }) {
      if (told.has(sender)) return;
      told.add(sender);
      const [oldest] = told;
      if (told.size > most && oldest !== undefined) told.delete(oldest);
      const target = { to, kind, thread: undefined };
      order
        .add(conversationOf(target), '', mostWaiting, async () => {
          await voice.say(target, { body: sentence, isStyled: false });
        })
        ?.catch((error: unknown) => log.debug('a hint was not said', { to, error }));
    },
  };
}
