import { setTimeout as wait } from 'node:timers/promises';
import type { EtcdMember } from '../../test/support/etcd.ts';
import type { World } from './world.ts';

/** Something goes wrong, and is put right. */
export interface Fault {
  readonly name: string;
  /** The registry is out of reach meanwhile: the log tells when that begins and when it ends. */
  readonly outage: 'always' | 'perhaps';
  /** Others lose etcd, too. */
  readonly isSeenByAll: boolean;
  /** Resolves when it is put right. */
  run(world: World): Promise<void>;
}

export const ttlMs = 5000;
/** Longer than a lease, and than an outage can be taken for a slow answer. */
const longMs = ttlMs + 1500;
const shortMs = 1500;

const first = ({ etcd }: World): EtcdMember => {
  const [member] = etcd.members;
  if (member === undefined) throw new Error('there is no etcd');
  return member;
};

const cut = async ({ gates, audit }: World, how: 'shut' | 'stall', work: () => Promise<unknown>): Promise<void> => {
  audit.cut(true);
  for (const gate of gates) gate[how]();
  await work();
  for (const gate of gates) gate.restore();
  audit.cut(false);
};

const kill: Fault = {
  name: 'kill -9 and restart',
  outage: 'always',
  isSeenByAll: true,
  async run(world) {
    const member = first(world);
    await member.kill();
    await wait(shortMs);
    await member.start();
  },
};

const hang: Fault = {
  name: 'stopped for longer than a lease',
  outage: 'always',
  isSeenByAll: false,
  async run(world) {
    const member = first(world);
    member.pause();
    await wait(longMs);
    member.resume();
  },
};

const compaction: Fault = {
  name: 'compaction',
  outage: 'always',
  isSeenByAll: false,
  async run(world) {
    await world.etcd.compact();
    // What the bot has missed is forgotten.
    await cut(world, 'shut', async () => {
      await wait(shortMs);
      await world.etcd.compact();
    });
  },
};

const wipe: Fault = {
  name: 'disk wiped',
  outage: 'always',
  isSeenByAll: true,
  async run(world) {
    const member = first(world);
    await member.kill();
    await member.wipe();
    await member.start();
  },
};

const shut: Fault = {
  name: 'connections cut',
  outage: 'always',
  isSeenByAll: false,
  run: (world) => cut(world, 'shut', () => wait(longMs)),
};

const stall: Fault = {
  name: 'network silent',
  outage: 'always',
  isSeenByAll: false,
  run: (world) => cut(world, 'stall', () => wait(longMs)),
};

/** The one that the bot asks first. Put right is it when the others have agreed on a leader; it comes back later. */
const lost: Fault = {
  name: 'one of three members lost',
  outage: 'perhaps',
  isSeenByAll: true,
  async run(world) {
    const member = first(world);
    await member.kill();
    await world.etcd.ctl('get', 'nothing');
  },
};

const back: Fault = {
  name: 'the member comes back',
  outage: 'perhaps',
  isSeenByAll: false,
  run: (world) => first(world).start(),
};

/** With an etcd alone, and with three members. */
export const faults: { readonly alone: readonly Fault[]; readonly cluster: readonly Fault[] } = {
  alone: [kill, hang, compaction, wipe, shut, stall],
  cluster: [lost, back],
};
