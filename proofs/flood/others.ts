import { PassThrough } from 'node:stream';
import { sleep } from '../../src/async/sleep.ts';
import { consoleInput } from '../../src/inputs/console/console.ts';
import type { Input } from '../../src/inputs/input.ts';
import type { MemoryInput } from '../../src/inputs/memory/memory.ts';
import { until } from '../churn/until.ts';
import { p99 } from '../slack/p99.ts';
import type { Fared } from './report.ts';

/** Somebody at a console. */
export interface Typist {
  readonly input: Input;
  /** Resolves when the answer is shown. */
  say(line: string, answer: string): Promise<void>;
}

export function openConsole(): Typist {
  const keys = new PassThrough();
  const screen = new PassThrough();
  const expected = new Map<string, () => void>();
  let rest = '';
  screen.setEncoding('utf8').on('data', (shown: string) => {
    const lines = `${rest}${shown}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      expected.get(line)?.();
      expected.delete(line);
    }
  });
  return {
    input: consoleInput({ input: keys, output: screen, terminal: false }),
    say: (line, answer) =>
      new Promise((resolve) => {
        expected.set(answer, resolve);
        keys.write(`${line}\n`);
      }),
  };
}

const everyMs = 20;
const patienceMs = 30_000;

/** Two people who each say a command now and then, whatever became of the one before: one in the very room that is flooded. */
export async function fare(memory: MemoryInput, typist: Typist, forMs: number): Promise<Fared> {
  const times = { memory: [] as number[], console: [] as number[] };
  const begun = performance.now();
  let said = 0;
  for (let due = 0; due < forMs; due += everyMs) {
    await sleep(begun + due - performance.now());
    // Counted from when it should have been said: a busy program is late with that, too.
    const took = (): number => performance.now() - begun - due;
    said += 2;
    const words = `number ${said}`;
    void memory.say(`ok ${words}`, { sender: 'patient' }).then(([reply]) => {
      if (reply?.document.kind === 'text' && reply.document.text === words) times.memory.push(took());
    });
    void typist.say(`ok ${words}`, words).then(() => times.console.push(took()));
  }
  const answered = (): number => times.memory.length + times.console.length;
  await until(() => answered() === said, patienceMs, 'the answers to others').catch(() => {
    // What is missing is told in the end.
  });
  return { memory: p99(times.memory), console: p99(times.console), said, answered: answered() };
}
