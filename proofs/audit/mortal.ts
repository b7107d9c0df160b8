import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a bot says when its audit is open. */
export interface Opened {
  /** Ids of what was running when it was killed the last time. */
  readonly unfinished: readonly string[];
}

/** A bot in a process of its own. */
export interface Mortal {
  /** Rejects when it ends before. */
  readonly opened: Promise<Opened>;
  /** People begin to talk to it. */
  go(): void;
  /** Without a goodbye. Resolves when it is gone. */
  kill(): Promise<void>;
}

const script = fileURLToPath(new URL('bot.js', import.meta.url));

export function startMortal(audit: string, ledger: string): Mortal {
  const child: ChildProcess = fork(script, [audit, ledger]);
  const gone = once(child, 'exit');
  const opened = Promise.race([
    once(child, 'message').then(([said]) => said as Opened),
    gone.then(() => {
      throw new Error('the bot ended before its audit was open');
    }),
  ]);
  // It may be killed before anybody asks.
  opened.catch(() => {});
  return {
    opened,
    go: () => void child.send('go'),
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
