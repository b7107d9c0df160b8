import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';
import type { Order, Report } from './messages.ts';

export interface Member {
  readonly id: string;
  readonly service: string;
  /** `up`: it takes connections, was registered, and nobody has told it to end. */
  state: 'joining' | 'up' | 'ending' | 'gone';
  /** When it stopped to take connections (`nowMs`); infinite before. */
  closedAt: number;
}

/** Services whose nodes come and go, in a process of their own. */
export interface Population {
  readonly services: readonly string[];
  /** Of one service, those that are not gone. */
  members(service: string): Iterable<Member>;
  find(id: string): Member | undefined;
  /** Since when none of its nodes takes connections (`nowMs`); infinite while one does. */
  closedAt(service: string): number;
  /** How many came, left and crashed. */
  readonly changes: number;
  /** Brings all services up. */
  fill(): Promise<void>;
  /** From now on so many changes a second, at random. */
  churn(perSecond: number): void;
  /** No more changes. Resolves when all have happened. */
  rest(): Promise<void>;
  end(): Promise<void>;
}

export interface PopulationOptions {
  readonly addresses: readonly string[];
  readonly count: number;
  readonly ttlMs: number;
}

const script = fileURLToPath(new URL('nodes.js', import.meta.url));
const mostNodes = 3;

export function newPopulation({ addresses, count, ttlMs }: PopulationOptions): Population {
  const child: ChildProcess = fork(script, [String(ttlMs), ...addresses]);
  const services = Array.from({ length: count }, (_, at) => `service-${at}`);
  const current = new Map(services.map((service) => [service, new Set<Member>()] as const));
  const all = new Map<string, Member>();
  const lastClosed = new Map<string, number>();
  let [born, changes, open] = [0, 0, 0];
  let timer: NodeJS.Timeout | undefined;

  child.on('message', (report: Report) => {
    const member = all.get(report.id);
    if (member === undefined) throw new Error(`nobody has ordered ${report.id}`);
    if (report.kind === 'up') {
      if (member.state === 'joining') open -= 1;
      if (member.state === 'joining') member.state = 'up';
      return;
    }
    open -= 1;
    member.state = 'gone';
    member.closedAt = report.at;
    current.get(member.service)?.delete(member);
    lastClosed.set(member.service, report.at);
  });

  const order = (what: Order): void => {
    changes += 1;
    open += 1;
    child.send(what);
  };

  const join = (service: string): void => {
    born += 1;
    const id = `${service}-${born}`;
    const member: Member = { id, service, state: 'joining', closedAt: Number.POSITIVE_INFINITY };
    all.set(id, member);
    current.get(service)?.add(member);
    // An address of its own for each: who takes connections there is this node and no later one.
    const host = `127.1.${born >> 8}.${born & 255}`;
    order({ kind: 'join', id, service, version: `${1 + Math.floor(Math.random() * 2)}.0.0`, host });
  };

  const leave = (member: Member): void => {
    member.state = 'ending';
    order({ kind: Math.random() < 0.3 ? 'crash' : 'leave', id: member.id });
  };

  const change = (): void => {
    const service = pick(services);
    const nodes = [...(current.get(service) ?? [])];
    const up = nodes.filter(({ state }) => state === 'up');
    if (nodes.length === 0 || (nodes.length < mostNodes && Math.random() < 0.5)) return join(service);
    if (up.length > 0 && Math.random() < 0.2) return up.forEach(leave);
    if (up.length > 0) leave(pick(up));
  };

  const settled = (): Promise<unknown> => until(() => open === 0, 30_000, 'the nodes to do what they were told');

  return {
    services,
    members: (service) => current.get(service) ?? [],
    find: (id) => all.get(id),
    closedAt: (service) =>
      [...(current.get(service) ?? [])].some(({ state }) => state !== 'joining')
        ? Number.POSITIVE_INFINITY
        : (lastClosed.get(service) ?? 0),
    get changes() {
      return changes;
    },
    async fill() {
      for (const service of services)
        for (let node = 1 + Math.random() * mostNodes; node >= 1; node -= 1) join(service);
      await settled();
    },
    churn(perSecond) {
      clearInterval(timer);
      timer = setInterval(change, 1000 / perSecond);
    },
    async rest() {
      clearInterval(timer);
      await settled();
    },
    async end() {
      clearInterval(timer);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}

const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;
