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
  /** Each with one node. Asks them at once. */
  keep(records: readonly ServiceRecord[]): void;
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
}

const everyMs = 1000;
/** Nodes asked at a time. */
const atOnce = 128;

export function newVigil({ isAlive, keepMs, onGone }: VigilOptions): Vigil {
  const services = new Map<string, Map<string, Kept>>();
  let waiting: Kept[] = [];
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
    const next = waiting.splice(0, Math.max(0, atOnce - asking));
    for (const kept of next) if (isKept(kept) && !kept.isAsked) void ask(kept);
  };

  const round = (): void => {
    const now = performance.now();
    const all = [...services.values()].flatMap((nodes) => [...nodes.values()]);
    waiting = all.filter(({ until, isAsked }) => until > now && !isAsked);
    for (const kept of all) if (kept.until <= now) drop(kept);
    askNext();
  };

  return {
    of: (name) => [...(services.get(name)?.values() ?? [])].map(({ record }) => record),
    has: (name, nodeId) => services.get(name)?.has(nodeId) === true,
    keep(records) {
      const until = performance.now() + keepMs;
      for (const record of records) {
        const nodes = services.get(record.name) ?? new Map<string, Kept>();
        services.set(record.name, nodes);
        for (const node of record.nodes) nodes.set(node.id, { record, node, until, isAsked: false });
      }
      if (services.size === 0) return;
      timer ??= setInterval(round, everyMs);
      round();
    },
    release,
    clear() {
      clearInterval(timer);
      timer = undefined;
      services.clear();
      waiting = [];
    },
  };
}
