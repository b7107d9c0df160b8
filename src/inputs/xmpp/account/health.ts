import type { Log } from '../../../log/log.ts';
import type { InputOutage } from '../../input.ts';
import type { Failure } from './failure.ts';

/** Whether the account is logged in. One line at each end of an outage; what happens within is for debugging. */
export interface Health {
  readonly outage: InputOutage | undefined;
  up(): void;
  down(failure: Failure): void;
}

export function createHealth(jid: string, log: Log): Health {
  let outage: InputOutage | undefined = { since: Date.now(), reason: 'connecting' };
  let isTold = false;
  let conflicts = 0;
  return {
    get outage() {
      return outage;
    },
    up() {
      if (isTold && outage !== undefined) {
        log.info('the XMPP account is logged in again', { account: jid, outageMs: Date.now() - outage.since });
      }
      outage = undefined;
      isTold = false;
    },
    down(failure) {
      const reason = failure.message;
      outage = { since: outage?.since ?? Date.now(), reason };
      if (failure.code === 'conflict' && ++conflicts === 2) {
        const advice = 'give each bot a resource of its own, or none';
        log.warn('two clients take the same XMPP address from each other', { account: jid, advice });
      }
      if (isTold) log.debug('the XMPP account is still not logged in', { account: jid, reason });
      else log.warn('the XMPP account is not logged in', { account: jid, reason });
      isTold = true;
    },
  };
}
