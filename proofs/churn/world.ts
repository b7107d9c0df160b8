import type { Log } from '../../src/log/log.ts';
import { type Etcd, startEtcd } from '../../test/support/etcd.ts';
import { type OpenGate, openGate } from '../../test/support/open-gate.ts';
import { type Audit, startAudit } from './audit.ts';
import { type Follower, startFollower } from './bot.ts';
import { newPopulation, type Population } from './population.ts';

/** Services on a real etcd, the bot that follows them through a network of its own, and who watches both. */
export interface World {
  readonly etcd: Etcd;
  readonly gates: readonly OpenGate[];
  readonly population: Population;
  readonly follower: Follower;
  readonly audit: Audit;
  end(): Promise<void>;
}

export interface WorldOptions {
  /** Members of the etcd cluster. */
  readonly members: number;
  readonly services: number;
  readonly ttlMs: number;
  readonly log: Log;
}

export async function startWorld({ members, services, ttlMs, log }: WorldOptions): Promise<World> {
  const ends: (() => Promise<void> | void)[] = [];
  const end = async (): Promise<void> => {
    for (const each of ends.splice(0).reverse()) await each();
  };
  try {
    const etcd = await startEtcd({ members });
    ends.push(() => etcd.stop());
    const gates = await Promise.all(etcd.addresses.map(openGate));
    ends.push(() => gates.forEach((gate) => gate.close()));
    const population = newPopulation({ addresses: etcd.addresses, count: services, ttlMs });
    ends.push(() => population.end());
    await population.fill();
    const follower = await startFollower(
      gates.map(({ address }) => address),
      log,
    );
    ends.push(() => follower.close());
    const audit = startAudit(etcd.addresses, population, follower);
    ends.push(() => audit.end());
    return { etcd, gates, population, follower, audit, end };
  } catch (error) {
    await end();
    throw error;
  }
}
