import type { Log } from '../../../log/log.ts';

/** Tells of invitations that were not accepted; who sends thousands does not fill the log. */
export interface Refusals {
  tell(invitation: { readonly room: string; readonly from: string }): void;
}

const minuteMs = 60_000;
const mostAMinute = 5;

export function createRefusals(log: Log): Refusals {
  let since = Number.NEGATIVE_INFINITY;
  let count = 0;
  return {
    tell({ room, from }) {
      const now = performance.now();
      if (now - since >= minuteMs) {
        if (count > mostAMinute) log.info('more invitations were not accepted', { count: count - mostAMinute });
        since = now;
        count = 0;
      }
      count += 1;
      if (count <= mostAMinute)
        log.info('an invitation was not accepted: its sender may not invite us', { room, from });
    },
  };
}
