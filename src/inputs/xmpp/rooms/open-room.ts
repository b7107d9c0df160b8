import { sleep } from '../../../async/sleep.ts';
import type { Log } from '../../../log/log.ts';
import { type Session, XmppError } from '../account.ts';
import { opening } from './stanzas.ts';
import { delayOf, type Timing } from './timing.ts';

export interface OpenOptions {
  readonly jid: string;
  readonly log: Log;
  readonly timing: Timing;
  readonly signal: AbortSignal;
}

/** A room that did not exist is locked until its owner, which is us, opens it: until then nobody else can come in. Never rejects. */
export async function openRoom(session: Session, { jid, log, timing, signal }: OpenOptions): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      await session.ask(opening(jid), { timeoutMs: timing.answerMs, signal });
      log.info('the room is new: it was opened as the server makes rooms', { room: jid });
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof XmppError && error.code === 'refused') {
        log.warn('the room is new and the server does not let us open it: others may not come in', {
          room: jid,
          condition: error.condition,
        });
        return;
      }
      await sleep(delayOf(failures, 'soon', timing), signal);
    }
  }
}
