import type { Said } from '../said.ts';
import type { Desk } from './desk.ts';
import { chatState } from './stanza.ts';
import type { Target } from './target.ts';

/** Shows a person that a command of theirs runs, if that takes a while. */
export interface Typing {
  /** It is over. True for somebody whose program wants to hear so in the next message. */
  stop(): boolean;
  /** It is over, and no message tells. */
  end(): void;
}

/** What is answered sooner needs no sign. */
const afterMs = 700;

export function createTyping({ hasChatStates }: Said, target: Target, desk: Desk): Typing {
  const { alarms, voice } = desk;
  // Programs that don't know it would show nothing, but keep it.
  if (!hasChatStates || !desk.hasChatStates) return { stop: () => false, end() {} };
  let isShown = false;
  const alarm = alarms.set(afterMs, {
    ring() {
      isShown = true;
      voice.hint(target, (id) => chatState(target, 'composing', id));
    },
  });
  return {
    stop() {
      alarms.clear(alarm);
      isShown = false;
      return true;
    },
    end() {
      alarms.clear(alarm);
      if (isShown) voice.hint(target, (id) => chatState(target, 'active', id));
      isShown = false;
    },
  };
}
