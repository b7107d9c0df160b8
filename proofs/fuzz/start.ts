import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Health, handles } from './health.ts';
import type { Question } from './questions.ts';

/** The process that is fuzzed. */
export interface Victim {
  /** Where its servers listen, by what they speak. */
  readonly addresses: Readonly<Record<string, string>>;
  ask<T>(question: Question): Promise<T>;
  /** How it is when it holds no more than so many sockets and timers, or, without a number, none go any more; in 15 s at the latest. */
  quiet(atMost?: number): Promise<Health>;
  stop(): Promise<void>;
}

/** Resolves when it serves. */
export async function startVictim(domain: string): Promise<Victim> {
  const child = fork(fileURLToPath(new URL('victim.js', import.meta.url)), [domain], { execArgv: ['--expose-gc'] });
  const gone = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`the fuzzed process ended (${String(signal ?? code)})`);
  });
  gone.catch(() => {});
  const heard = async (): Promise<unknown> => {
    const [message] = (await Promise.race([once(child, 'message'), gone])) as [unknown];
    return message;
  };
  const addresses = (await heard()) as Readonly<Record<string, string>>;
  const ask = async <T>(question: Question): Promise<T> => {
    const answer = heard();
    child.send(question);
    return (await answer) as T;
  };
  return {
    addresses,
    ask,
    async quiet(atMost) {
      // Some take seconds to go: HTTP keeps idle connections for five.
      let last = await ask<Health>({ kind: 'health' });
      for (let again = 0, calm = 0; again < 150; again += 1) {
        if (atMost === undefined ? calm === 10 : handles(last) <= atMost) break;
        await wait(100);
        const now = await ask<Health>({ kind: 'health' });
        calm = handles(now) < handles(last) ? 0 : calm + 1;
        last = now;
      }
      return last;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}
