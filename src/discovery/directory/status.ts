import type { Log } from '../../log/log.ts';
import type { DirectoryState } from '../directory.ts';
import type { Outcome } from './ledger.ts';

/** How far the directory can be relied on. The log tells when the registry is lost, and when it is back. */
export interface Status {
  readonly state: DirectoryState;
  /** False when that was known. */
  lost(error: Error): boolean;
  /** False when nothing had been lost. */
  connected(outcome: Outcome): boolean;
  /** The registry was closed, which is no trouble. */
  closed(error: Error): void;
}

export function newStatus(registry: string, log: Log): Status {
  let state: DirectoryState = { kind: 'starting', since: Date.now(), error: undefined };
  let lostAt: number | undefined;
  return {
    get state() {
      return state;
    },
    lost(error) {
      if (lostAt !== undefined) return false;
      lostAt = Date.now();
      const isFirst = state.kind === 'starting';
      state = isFirst ? { ...state, kind: 'starting', error } : { kind: 'stale', since: lostAt, error };
      log.warn(isFirst ? 'the registry is not there yet' : 'the registry is lost, what was known of it stands', {
        registry,
        error,
      });
      return true;
    },
    connected({ came, went }) {
      if (state.kind === 'connected') return false;
      if (lostAt !== undefined) log.info('the registry is back', { registry, outMs: Date.now() - lostAt, came, went });
      lostAt = undefined;
      state = { kind: 'connected', since: Date.now() };
      return true;
    },
    closed(error) {
      if (state.kind === 'connected') state = { kind: 'stale', since: Date.now(), error };
    },
  };
}
