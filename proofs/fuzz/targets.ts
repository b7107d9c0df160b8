import type { CallsReport } from './calls.ts';
import { startLiar } from './http-answers.ts';
import { fuzzRequests } from './http-requests.ts';
import { fuzzPackets } from './mdns-packets.ts';
import type { Victim } from './start.ts';
import type { Tally } from './tally.ts';

export interface Aim {
  readonly victim: Victim;
  readonly domain: string;
  readonly seed: number;
  readonly count: number;
  readonly tally: Tally;
}

/** One reader of bytes from outside. */
export interface Target {
  readonly name: string;
  /** Of all frames. */
  readonly share: number;
  run(aim: Aim): Promise<void>;
}

export const targets: readonly Target[] = [
  {
    name: 'http requests',
    share: 0.5,
    run: ({ victim, count, seed, tally }) => fuzzRequests(victim.addresses['http'] ?? '', count, seed, tally),
  },
  { name: 'http answers', share: 0.3, run: answers },
  { name: 'mDNS packets', share: 0.2, run: packets },
];

async function answers({ victim, count, seed, tally }: Aim): Promise<void> {
  const liar = await startLiar(count, seed);
  const report = await victim.ask<CallsReport>({ kind: 'calls', address: liar.address, count, protocol: 'mucp' });
  liar.close();
  for (const [outcome, times] of Object.entries(report.counts)) tally.add(outcome, times);
  for (const sentence of report.faults) tally.fault(sentence);
}

async function packets({ victim, count, domain, seed, tally }: Aim): Promise<void> {
  await fuzzPackets(count, domain, seed, () => victim.ask({ kind: 'ping' }));
  tally.add('packets survived', count);
  const nodes = await victim.ask<readonly string[]>({ kind: 'lookup' });
  if (!nodes.includes('steady')) tally.fault(`the registry forgot its node: it has ${nodes.join(', ')}`);
}
