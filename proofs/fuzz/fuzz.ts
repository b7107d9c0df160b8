import { randomBytes } from 'node:crypto';
import type { Proof } from '../proof.ts';
import { targets } from './targets.ts';
import { type Health, handles } from './health.ts';
import { Tally } from './tally.ts';
import { startVictim } from './start.ts';

const whole = 1_000_000;

/** A tenth of what a process of ours has after its start, and room for what the engine learns about the code meanwhile. */
const heapAllowance = 6_000_000;

export const fuzz: Proof = {
  name: 'fuzz',
  what: `${whole.toLocaleString('en')} mutated and composed frames at server, client and registry in a process of their own`,
  goal: 'each answered, refused with a reason, or left unfinished by its sender; no crash, no rejection unhandled, no socket left, heap flat',
  async run(share) {
    const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_121);
    const domain = randomBytes(3).toString('hex').slice(0, 5);
    const victim = await startVictim(domain);
    const tally = new Tally();
    try {
      // What is loaded and compiled at the first use is no leak.
      for (const target of targets)
        await target.run({ victim, domain, seed: seed + 99, count: 400, tally: new Tally() });
      const before = await victim.quiet();
      let frames = 0;
      for (const [index, target] of targets.entries()) {
        const count = Math.ceil(whole * share * target.share);
        frames += count;
        await target.run({ victim, domain, seed: seed + index, count, tally });
      }
      const after = await victim.quiet(handles(before));
      for (const sentence of leaks(before, after)) tally.fault(sentence);
      for (const sentence of tally.faults) console.error(sentence);
      if (tally.faults.length > 0) console.error(after.sockets.join('\n'), JSON.stringify(victim.addresses));
      const counts = Object.entries(tally.counts).map(([outcome, count]) => `${count.toLocaleString('en')} ${outcome}`);
      return {
        figure: `${frames.toLocaleString('en')} frames, seed ${seed}: ${counts.join(', ')}; heap ${megabytes(before)} → ${megabytes(after)} MB`,
        met: tally.faults.length === 0,
      };
    } finally {
      await victim.stop();
    }
  },
};

const megabytes = ({ heapBytes }: Health): string => (heapBytes / 1e6).toFixed(1);

function leaks(before: Health, after: Health): readonly string[] {
  const found: string[] = [...after.uncaught];
  for (const [kind, count] of Object.entries(after.handles)) {
    const earlier = before.handles[kind] ?? 0;
    if (count > earlier) found.push(`${count - earlier} more ${kind} than before`);
  }
  const grown = after.heapBytes - before.heapBytes;
  if (grown > heapAllowance) found.push(`the heap grew by ${grown} bytes`);
  return found;
}
