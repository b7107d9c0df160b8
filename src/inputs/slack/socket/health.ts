import type { Log } from '../../../log/log.ts';
import type { InputOutage } from '../../input.ts';
import type { LinkError } from './failure.ts';

/** How well Slack reaches us: how many sockets are open, and the outage while there is none. */
export interface Health {
  /** Sockets that said hello and are not known to be dead. */
  readonly live: number;
  /** True since the first hello. */
  readonly opened: boolean;
  readonly outage: InputOutage | undefined;
  /** Called at the end of each outage, and by the first hello. */
  readonly onOpen: Set<() => void>;
  up(): void;
  down(reason: string): void;
  /** A socket could not be opened. `keeper` tells those who try apart. */
  failed(keeper: number, failure: LinkError): void;
  /** A keeper's socket has proved itself. */
  recovered(keeper: number): void;
}

/** One line at each end of an outage, and one when Slack wants fewer sockets than there should be; the rest is for debugging. */
export function createHealth(log: Log, signal: AbortSignal): Health {
  const onOpen = new Set<() => void>();
  const complaints = new Set<number>();
  let live = 0;
  let opened = false;
  let outage: InputOutage | undefined = { since: Date.now(), reason: 'connecting' };
  let told = false;

  const tell = (reason: string): void => {
    if (told || signal.aborted) return;
    told = true;
    log.warn('no socket to Slack is open', { reason });
  };

  return {
    get live() {
      return live;
    },
    get opened() {
      return opened;
    },
    get outage() {
      return outage;
    },
    onOpen,
    up() {
      live += 1;
      if (outage === undefined) return;
      if (told) log.info('a socket to Slack is open again', { outageMs: Date.now() - outage.since });
      outage = undefined;
      told = false;
      opened = true;
      for (const tell of onOpen) tell();
    },
    down(reason) {
      live -= 1;
      if (live > 0) return;
      outage = { since: Date.now(), reason };
      tell(reason);
    },
    failed(keeper, failure) {
      if (outage !== undefined) {
        outage = { since: outage.since, reason: failure.message };
        tell(failure.message);
        return;
      }
      if (failure.code === 'unavailable') return;
      if (complaints.size === 0) log.warn('Slack takes no further socket', { reason: failure.message, sockets: live });
      complaints.add(keeper);
    },
    recovered(keeper) {
      complaints.delete(keeper);
    },
  };
}
