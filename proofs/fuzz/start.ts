import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Health } from './health.ts';
import type { Question } from './questions.ts';

/** The process that is fuzzed. */
export interface Victim {
  /** Where its servers listen, by what they speak. */
  readonly addresses: Readonly<Record<string, string>>;
  ask<T>(question: Question): Promise<T>;
  /** How it is once its sockets and timers have gone, or when they have not within 15 s. */
  quiet(): Promise<Health>;
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
  const handles = ({ handles }: Health): number => Object.values(handles).reduce((sum, count) => sum + count, 0);
  return {
    addresses,
    ask,
    async quiet() {
      // Some take a second or two to go.
      let last = await ask<Health>({ kind: 'health' });
      for (let again = 0, calm = 0; again < 150 && calm < 30; again += 1) {
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
