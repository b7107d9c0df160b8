import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { sleep } from '../../src/async/sleep.ts';
import type { Condition, VictimSettings } from './victim-messages.ts';

/** The victim, in a process of its own. */
export interface Captive {
  /** Rejects when it is dead. */
  condition(): Promise<Condition>;
  /** Why it is dead, which it never should be. */
  readonly died: string | undefined;
  /** Has it go, and resolves with whether it did so by itself. */
  stop(): Promise<boolean>;
}

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const farewellMs = 15_000;

export function startCaptive(settings: VictimSettings): Captive {
  const execArgv = ['--expose-gc', '--import', here('../slack/fast-clock.js')];
  const child = fork(here('victim.js'), [JSON.stringify(settings)], { execArgv });
  const gone = once(child, 'exit');
  let died: string | undefined;
  child.once('exit', (code, signal) => {
    died = `it ended with ${String(code ?? signal)}`;
  });
  return {
    get died() {
      return died;
    },
    async condition() {
      if (died !== undefined) throw new Error(died);
      const answer = once(child, 'message');
      answer.catch(() => {});
      child.send('condition');
      const ended = gone.then(() => Promise.reject(new Error(died)));
      ended.catch(() => {});
      const [condition] = (await Promise.race([answer, ended])) as [Condition];
      return condition;
    },
    stop: () => stop(child, gone),
  };
}

async function stop(child: ChildProcess, gone: Promise<unknown>): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return false;
  child.kill('SIGTERM');
  const late = new AbortController();
  await Promise.race([gone, sleep(farewellMs, late.signal)]);
  late.abort();
  const isGone = child.exitCode === 0;
  child.kill('SIGKILL');
  await gone;
  return isGone;
}
