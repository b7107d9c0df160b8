import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Books } from './books.ts';

/** A bot in a process of its own. */
export interface Mortal {
  /** Its audit is open. Rejects when it ends before. */
  readonly opened: Promise<void>;
  /** People begin to talk to it. */
  go(): void;
  /** Without a goodbye. Resolves when it is gone. */
  kill(): Promise<void>;
}

const script = fileURLToPath(new URL('bot.js', import.meta.url));

export function startMortal({ place, keep, ledger, secret }: Books): Mortal {
  const child: ChildProcess = fork(script, [place, ledger, secret, ...(keep === undefined ? [] : [String(keep)])]);
  const gone = once(child, 'exit');
  const opened = Promise.race([
    once(child, 'message').then(() => {}),
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
