import type { Log } from '../../log/log.ts';
import type { Session } from '../xmpp/account.ts';

/** Keeps a list of the server's fresh, and asks for it no more often than is good for the server. */
export interface Refresh {
  /** Asks when a session begins. What is known when one is resumed is still true. */
  online(session: Session, isResumed: boolean): void;
  offline(): void;
  /** Asks again, unless that was done lately. Resolves when there is an answer or none will come; never rejects. */
  again(): Promise<void>;
}

export interface RefreshOptions {
  /** For the log: of what. */
  readonly what: string;
  readonly ask: (session: Session) => Promise<void>;
  /** Milliseconds between two asks of one session. */
  readonly everyMs: number;
  readonly log: Log;
}

export function createRefresh({ what, ask, everyMs, log }: RefreshOptions): Refresh {
  let session: Session | undefined;
  let askedAt = 0;
  let asking: Promise<void> | undefined;

  const run = (from: Session): Promise<void> => {
    askedAt = performance.now();
    const run = ask(from)
      .catch((error: unknown) => {
        if (session === from) log.warn(`HipChat does not tell its ${what}`, { error });
      })
      .finally(() => {
        if (asking === run) asking = undefined;
      });
    asking = run;
    return run;
  };

  return {
    online(begun, isResumed) {
      session = begun;
      if (!isResumed) void run(begun);
    },
    offline() {
      session = undefined;
    },
    again() {
      if (session === undefined) return Promise.resolve();
      if (asking !== undefined) return asking;
      return performance.now() - askedAt < everyMs ? Promise.resolve() : run(session);
    },
  };
}
