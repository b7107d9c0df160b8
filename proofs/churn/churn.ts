import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../../src/log/log.ts';
import { missingEtcd } from '../../test/support/etcd.ts';
import type { Proof } from '../proof.ts';
import { nowMs } from './clock.ts';
import { type Fault, faults, ttlMs } from './faults.ts';
import { check } from './check.ts';
import { newReport, type Report } from './report.ts';
import { until } from './until.ts';
import { startWorld, type World } from './world.ts';

const services = 300;
/** In small. */
const fewServices = 60;
const totalMs = 300_000;
const changesASecond = 20;
/** Smaller runs stand beside other work: their times are told and do not count. */
const leastShare = 0.1;
const phases = faults.alone.length + faults.cluster.length + 2;

export const churn: Proof = {
  name: 'churn',
  what: `${services} services come, leave and crash at random on a real etcd that is killed, hangs, forgets, loses its disk, a member and its network`,
  goal: 'after each fault the catalogue equals the registry within 1 s at p99; nothing stale is left; no command was missing that had a live node; no lookup of a known service asks the registry; an outage is two lines in the log',
  async run(share) {
    const missing = missingEtcd();
    if (missing !== undefined) return { figure: missing, met: false };
    const slotMs = (totalMs * share) / phases;
    const isWhole = share >= leastShare;
    const report = newReport(isWhole);
    await live({ members: 1, faults: faults.alone, slotMs, isWhole, report });
    await live({ members: 3, faults: faults.cluster, slotMs, isWhole, report });
    return report.result();
  },
};

interface Life {
  readonly members: number;
  readonly faults: readonly Fault[];
  readonly slotMs: number;
  readonly isWhole: boolean;
  readonly report: Report;
}

async function live({ members, faults, slotMs, isWhole, report }: Life): Promise<void> {
  const lines: string[] = [];
  const world = await startWorld({ members, services: isWhole ? services : fewServices, ttlMs, log: keeping(lines) });
  try {
    await phase(world, undefined, slotMs, report, lines);
    for (const fault of faults) {
      await phase(world, fault, slotMs, report, lines);
      if (isWhole || fault === faults.at(-1)) await quiet(world, fault.name, report);
    }
    report.world(world);
  } finally {
    await world.end();
  }
}

/** Lets services come and go, with a fault or without one. */
async function phase(
  world: World,
  fault: Fault | undefined,
  slotMs: number,
  report: Report,
  lines: string[],
): Promise<void> {
  const { population, audit } = world;
  const name = fault?.name ?? 'no fault';
  const beganAt = nowMs();
  lines.length = 0;
  audit.phase(name);
  population.churn(changesASecond);
  await fault?.run(world);
  const repairedAt = nowMs();
  await until(() => isEqual(world, fault, beganAt), 30_000, `the directory to equal the registry after: ${name}`);
  report.equal(name, nowMs() - repairedAt);
  await wait(Math.max(0, beganAt + slotMs - nowMs()));
  report.outage(name, fault?.outage ?? 'never', lines);
}

/** Lets nothing happen any more, and looks whether all is as it should be. */
async function quiet(world: World, name: string, report: Report): Promise<void> {
  await world.population.rest();
  // Who crashed stays registered until its lease is over.
  await wait(ttlMs + 1500);
  report.found(name, await check(world));
}

/** After faults that end the connections of the witness, too, it has to look first. */
const isEqual = ({ audit, follower }: World, fault: Fault | undefined, beganAt: number): boolean =>
  (fault === undefined || !fault.isSeenByAll || audit.listedAt > beganAt) &&
  audit.nodes.wrong().length === 0 &&
  follower.directory.state.kind === 'connected';

const keeping = (lines: string[]): Log => {
  const keep =
    (level: string) =>
    (message: string): void =>
      void lines.push(`${level}: ${message}`);
  return { debug: () => {}, info: keep('info'), warn: keep('warn'), error: keep('error') };
};
