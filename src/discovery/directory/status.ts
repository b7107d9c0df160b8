import type { Log } from '../../log/log.ts';
import type { DirectoryState } from '../directory.ts';
import type { Registry } from '../registry.ts';
import type { Outcome } from './ledger.ts';

/** How far the directory can be relied on. The log tells when the registry is lost, and when it is back, unless its driver has. */
export interface Status {
  readonly state: DirectoryState;
  /** False when that was known. */
  lost(error: Error): boolean;
  /** False when nothing had been lost. */
  connected(outcome: Outcome): boolean;
  /** The registry was closed, which is no trouble. */
  closed(error: Error): void;
}

export function newStatus(registry: Registry, log: Log): Status {
  let state: DirectoryState = { kind: 'starting', since: Date.now(), error: undefined };
  let lostAt: number | undefined;
  let isTold = false;
  return {
    get state() {
      return state;
    },
    lost(error) {
      if (lostAt !== undefined) return false;
      lostAt = Date.now();
      const isFirst = state.kind === 'starting';
      state = isFirst ? { ...state, kind: 'starting', error } : { kind: 'stale', since: lostAt, error };
      isTold = registry.isOut === true;
      log[isTold ? 'debug' : 'warn'](
        isFirst ? 'the registry is not there yet' : 'the registry is lost, what was known of it stands',
        { registry: registry.name, error },
      );
      return true;
    },
    connected({ came, went }) {
      if (state.kind === 'connected') return false;
      if (lostAt !== undefined) {
        const about = { registry: registry.name, outMs: Date.now() - lostAt, came, went };
        log[isTold ? 'debug' : 'info']('the registry is back', about);
      }
      lostAt = undefined;
      state = { kind: 'connected', since: Date.now() };
      return true;
    },
    closed(error) {
      if (state.kind === 'connected') state = { kind: 'stale', since: Date.now(), error };
    },
  };
}
