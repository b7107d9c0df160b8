import type { Element } from '@xmpp/xml';
import { sleep } from '../../../async/sleep.ts';
import type { Log } from '../../../log/log.ts';
import type { Session } from '../account.ts';
import { listRooms } from './disco.ts';
import type { Timing } from './timing.ts';

export interface ListOptions {
  /** The domain of the conference service. */
  readonly service: string;
  /** Called for each room each time. */
  readonly onItem: (item: Element) => void;
  readonly log: Log;
  readonly timing: Timing;
  readonly signal: AbortSignal;
}

/** Looks again and again which rooms there are, until `signal` aborts. Never rejects. */
export async function followList(
  session: Session,
  { service, onItem, log, timing, signal }: ListOptions,
): Promise<void> {
  let isTold = false;
  while (!signal.aborted) {
    try {
      const items = await listRooms(session, service, { timeoutMs: timing.answerMs, signal });
      if (signal.aborted) return;
      for (const item of items) onItem(item);
      isTold = false;
    } catch (error) {
      if (signal.aborted) return;
      if (!isTold) log.warn('the conference service does not list its rooms: it is asked again', { service, error });
      isTold = true;
    }
    await sleep(timing.listMs, signal);
  }
}
