import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Follower } from './bot.ts';
import { nowMs } from './clock.ts';
import { type Absences, newAbsences } from './absences.ts';
import type { Testimony } from './messages.ts';
import type { Population } from './population.ts';
import { newTracker, type Tracker } from './tracker.ts';

/** Holds what the bot shows against what its registry has and who takes connections, all the time. */
export interface Audit {
  /** Nodes in the directory, services among the commands. */
  readonly nodes: Tracker;
  readonly commands: Tracker;
  readonly absences: Absences;
  readonly lookups: number;
  /** Lookups of known services for which the registry was asked, or somebody had to wait. */
  readonly asked: number;
  /** When the witness has read everything for the last time (`nowMs`). */
  readonly listedAt: number;
  phase(name: string): void;
  /** The bot is cut off, while its registry goes on; or no more. */
  cut(isCut: boolean): void;
  end(): Promise<void>;
}

const script = fileURLToPath(new URL('witness.js', import.meta.url));
const lookEveryMs = 10;
const lookupsALook = 20;

export function startAudit(addresses: readonly string[], population: Population, follower: Follower): Audit {
  const { directory, catalogue } = follower;
  const witness: ChildProcess = fork(script, [...addresses]);
  let phase = '';
  let cutAt = Number.POSITIVE_INFINITY;
  let restoredAt = Number.NEGATIVE_INFINITY;
  let [lookups, asked, listedAt] = [0, 0, 0];

  const shared = {
    phase: () => phase,
    knowable: (at: number) => (at >= cutAt ? Math.max(at, restoredAt) : at),
  };
  const nodes = newTracker({ ...shared, closedAt: (id) => population.find(id)?.closedAt ?? 0 });
  const commands = newTracker({ ...shared, closedAt: (service) => population.closedAt(service) });
  const absences = newAbsences({ population, phase: shared.phase });
  const registered = new Map<string, Set<string>>(population.services.map((service) => [service, new Set()]));

  witness.on('message', (testimony: Testimony) => {
    if (testimony.kind === 'listed') {
      listedAt = testimony.at;
      return;
    }
    const { service, id, isThere, at } = testimony;
    nodes.want(id, isThere, at);
    const ids = registered.get(service);
    if (ids === undefined) throw new Error(`nobody has registered ${service}`);
    if (isThere) ids.add(id);
    else ids.delete(id);
    if (isThere ? ids.size === 1 : ids.size === 0) commands.want(service, isThere, at);
  });

  const shown = new Map<string, ReadonlySet<string>>();
  const read = (service: string): void => {
    const at = nowMs();
    const now = new Set((directory.services.get(service) ?? []).flatMap((record) => record.nodes.map(({ id }) => id)));
    for (const id of shown.get(service) ?? []) if (!now.has(id)) nodes.see(id, false, at);
    for (const id of now) nodes.see(id, true, at);
    shown.set(service, now);
    absences.directory(service, now, at);
  };
  const look = (): void => {
    const at = nowMs();
    for (const service of population.services) {
      const isThere = catalogue.current.find([service]) !== undefined;
      commands.see(service, isThere, at);
      absences.catalogue(service, isThere, shown.get(service) ?? new Set(), at);
    }
  };
  const lookUp = (): void => {
    for (let turn = 0; turn < lookupsALook; turn += 1) {
      const service = population.services[Math.floor(Math.random() * population.services.length)] ?? '';
      if (!directory.services.has(service)) continue;
      const before = follower.questions;
      const answer = directory.lookup(service);
      lookups += 1;
      if (answer instanceof Promise || follower.questions !== before) asked += 1;
    }
  };

  const subscription = directory.onChange((names) => names.forEach(read));
  population.services.forEach(read);
  const timer = setInterval(() => {
    look();
    lookUp();
  }, lookEveryMs);

  return {
    nodes,
    commands,
    absences,
    get lookups() {
      return lookups;
    },
    get asked() {
      return asked;
    },
    get listedAt() {
      return listedAt;
    },
    phase(name) {
      phase = name;
    },
    cut(isCut) {
      if (isCut) cutAt = nowMs();
      restoredAt = isCut ? Number.POSITIVE_INFINITY : nowMs();
    },
    async end() {
      subscription.end();
      clearInterval(timer);
      if (witness.exitCode !== null || witness.signalCode !== null) return;
      const exit = once(witness, 'exit');
      witness.kill('SIGKILL');
      await exit;
    },
  };
}
