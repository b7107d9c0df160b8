import type { Node, ServiceRecord } from '../registry.ts';

/**
 * Nodes that vanished from the registry while it was out of reach. Most of them did not leave: a registry that lost its disk, or let leases run
 * out that nobody could renew, has forgotten services that are alive, and they come back only when they register again (Go's every 30
 * seconds). Each is asked itself: who is dead goes at once, who answers stays until it is registered again or its time is over.
 */
export interface Vigil {
  /** The nodes kept of a service, each alone in its record. */
  of(name: string): readonly ServiceRecord[];
  has(name: string, nodeId: string): boolean;
  /** Each with one node. Asks them at once, and again after so many milliseconds (default 1,000), ever later up to every 1,000. */
  keep(records: readonly ServiceRecord[], againMs?: number): void;
  /** The registry knows it again, or knows that it is gone. */
  release(name: string, nodeId: string): void;
  /** Keeps and asks nobody any more. */
  clear(): void;
}

export interface VigilOptions {
  /** A rejection counts as dead: there is no reason left to keep the node. */
  readonly isAlive: (node: Node) => Promise<boolean>;
  readonly keepMs: number;
  /** The node, alone in its record, is dead, or its time is over. It is kept no more. */
  readonly onGone: (record: ServiceRecord) => void;
}

interface Kept {
  readonly record: ServiceRecord;
  readonly node: Node;
  readonly until: number;
  isAsked: boolean;
  /** When it is asked again, and how long after that the time after. */
  nextAt: number;
  stepMs: number;
}

const everyMs = 1000;
const tickMs = 100;
/** Nodes asked at a time. */
const atOnce = 128;

export function newVigil({ isAlive, keepMs, onGone }: VigilOptions): Vigil {
  const services = new Map<string, Map<string, Kept>>();
  const waiting = new Set<Kept>();
  let asking = 0;
  let timer: NodeJS.Timeout | undefined;

  const isKept = (kept: Kept): boolean => services.get(kept.record.name)?.get(kept.node.id) === kept;

  const release = (name: string, nodeId: string): void => {
    const nodes = services.get(name);
    nodes?.delete(nodeId);
    if (nodes?.size === 0) services.delete(name);
    if (services.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };

  const drop = ({ record, node }: Kept): void => {
    release(record.name, node.id);
    onGone(record);
  };

  const answers = async (node: Node): Promise<boolean> => {
    try {
      return await isAlive(node);
    } catch {
      return false;
    }
  };

  const ask = async (kept: Kept): Promise<void> => {
    kept.isAsked = true;
    asking += 1;
    const isThere = await answers(kept.node);
    asking -= 1;
    kept.isAsked = false;
    if (!isThere && isKept(kept)) drop(kept);
    askNext();
  };

  const askNext = (): void => {
    for (const kept of waiting) {
      if (asking >= atOnce) return;
      waiting.delete(kept);
      if (isKept(kept) && !kept.isAsked) void ask(kept);
    }
  };

  const round = (): void => {
    const now = performance.now();
    const all = [...services.values()].flatMap((nodes) => [...nodes.values()]);
    for (const kept of all) {
      if (kept.until <= now) drop(kept);
      else if (kept.nextAt <= now) {
        kept.nextAt = now + kept.stepMs;
        kept.stepMs = Math.min(kept.stepMs * 2, everyMs);
        if (!kept.isAsked) waiting.add(kept);
      }
    }
    askNext();
  };

  return {
    of: (name) => [...(services.get(name)?.values() ?? [])].map(({ record }) => record),
    has: (name, nodeId) => services.get(name)?.has(nodeId) === true,
    keep(records, againMs = everyMs) {
      const now = performance.now();
      const until = now + keepMs;
      for (const record of records) {
        const nodes = services.get(record.name) ?? new Map<string, Kept>();
        services.set(record.name, nodes);
        for (const node of record.nodes)
          nodes.set(node.id, { record, node, until, isAsked: false, nextAt: now, stepMs: againMs });
      }
      if (services.size === 0) return;
      timer ??= setInterval(round, tickMs);
      round();
    },
    release,
    clear() {
      clearInterval(timer);
      timer = undefined;
      services.clear();
      waiting.clear();
    },
  };
}
