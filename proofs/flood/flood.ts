import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Proof } from '../proof.ts';
import { count } from '../slack/words.ts';
import type { Flooded, Report } from './report.ts';

const wholeMs = 20_000;
const leastMs = 1_500;
/** Smaller runs stand beside other work, and end before as much waits as may: times and memory are told and do not count. */
const leastShare = 0.1;
/** Beyond what others wait when it is quiet. */
const mostMs = 200;
/** What the engine learns meanwhile. */
const allowance = 1_500_000;

export const flood: Proof = {
  name: 'flood',
  what: 'one person says 1,000 commands a second that take 100 ms each, in one room, then over 50 rooms; another is in the same room, a third at a console',
  goal: `every command of the others is answered, at p99 at most ${mostMs} ms later than when it is quiet; the heap after garbage collections does not grow while the flood goes on`,
  async run(share) {
    const isWhole = share >= leastShare;
    const { quiet, floods } = await suffer(Math.max(leastMs, wholeMs * share));
    const isAnswered = [quiet, ...floods].every(({ said, answered }) => answered === said);
    const isFast = floods.every(
      (each) => each.memory - quiet.memory <= mostMs && each.console - quiet.console <= mostMs,
    );
    const isFlat = floods.every(({ heaps }) => Math.max(...heaps) - (heaps[0] ?? 0) < allowance);
    return {
      figure: `quiet: p99 ${ms(quiet.memory)} and ${ms(quiet.console)}; ${floods.map(shown).join('; ')}`,
      met: isAnswered && (!isWhole || (isFast && isFlat)),
    };
  },
};

const shown = ({
  name,
  sent,
  perSecond,
  ran,
  refused,
  dropped,
  memory,
  console,
  said,
  answered,
  heaps,
}: Flooded): string =>
  [
    `${name}: ${count(sent)} at ${count(perSecond)}/s (${count(ran)} ran, ${count(refused)} refused, ${count(dropped)} passed over)`,
    `others' p99 ${ms(memory)} and ${ms(console)}, ${count(answered)} of ${count(said)} answered`,
    `heap ${heaps.map((bytes) => (bytes / 1e6).toFixed(1)).join(' ')} MB`,
  ].join(', ');

const ms = (value: number): string => `${value.toFixed(1)} ms`;

async function suffer(forMs: number): Promise<Report> {
  const script = fileURLToPath(new URL('flooded.js', import.meta.url));
  const child = fork(script, [`${Math.round(forMs)}`], { execArgv: ['--expose-gc'] });
  const exit = once(child, 'exit');
  const gone = exit.then(([code]) => {
    throw new Error(`the flooded bot ended with ${String(code)}`);
  });
  gone.catch(() => {});
  try {
    const [report] = (await Promise.race([once(child, 'message'), gone])) as [Report];
    return report;
  } finally {
    await exit;
  }
}
