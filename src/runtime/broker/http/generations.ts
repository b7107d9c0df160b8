import type { ServiceCache } from '../../../discovery/cached.ts';
import type { Node, ServiceRecord } from '../../../discovery/registry.ts';
import { BrokerError } from '../broker.ts';

/** The service our subscriptions are found under by go-micro 2.5 and later. */
export const currentService = 'micro.http.broker';
/** By go-micro 1.18. */
export const olderService = 'go.micro.http.broker';
/** The version of subscriptions without a queue; others have their queue's name. */
export const broadcastVersion = 'ff.http.broadcast';

/** The two ways to hand a message over: `sub` as go-micro 1 does, `root` as it is done since 2.5. */
export type Dialect = 'sub' | 'root';

/** One subscription, as it was found. */
export interface Target {
  readonly id: string;
  readonly address: string;
  readonly secure: boolean;
  readonly dialect: Dialect;
}

/** Who listens to one topic. */
export interface Audience {
  /** Each gets every message, by id. */
  readonly everybody: ReadonlyMap<string, Target>;
  /** One member of each queue gets it. */
  readonly queues: ReadonlyMap<string, readonly Target[]>;
}

export interface Generations {
  /** Rejects with `unreachable` when the registry does not answer. */
  audience(topic: string): Promise<Audience>;
  /** The next look is at the registry itself. */
  forget(topic: string): void;
}

/** How long a topic that had no subscribers of go-micro before 1.18 is not looked up among them again. */
const ancientMs = 30_000;
const maxAncient = 1000;

export function generationsIn(cache: ServiceCache): Generations {
  /** When to look for the oldest generations again: their records bear the topic's name, so each topic costs two questions more. */
  const ancientAt = new Map<string, number>();

  const lookup = async (name: string): Promise<readonly ServiceRecord[]> => {
    try {
      return await cache.lookup(name);
    } catch (cause) {
      throw new BrokerError('unreachable', 'the registry does not tell who subscribes', { cause });
    }
  };

  const ancients = async (topic: string): Promise<readonly (readonly ServiceRecord[])[]> => {
    if (Date.now() < (ancientAt.get(topic) ?? 0)) return [[], []];
    const found = await Promise.all([lookup(topic), lookup(`topic:${topic}`)]);
    if (ancientAt.size >= maxAncient) ancientAt.clear();
    if (found.every((records) => records.length === 0)) ancientAt.set(topic, Date.now() + ancientMs);
    return found;
  };

  return {
    async audience(topic) {
      const [current, older, [v1_13 = [], v1_0 = []]] = await Promise.all([
        lookup(currentService),
        lookup(olderService),
        ancients(topic),
      ]);
      const listens = ({ metadata }: Node): boolean => metadata['broker'] === 'http' && metadata['topic'] === topic;
      const all = [
        ...targetsOf(current, 'root', listens),
        ...targetsOf(older, 'sub', listens),
        ...targetsOf(v1_13, 'sub', listens),
        ...targetsOf(v1_0, 'sub', () => true),
      ];
      return audienceOf(all);
    },
    forget(topic) {
      for (const name of [currentService, olderService]) cache.forget(name);
      if (ancientAt.has(topic)) return;
      for (const name of [topic, `topic:${topic}`]) cache.forget(name);
    },
  };
}

type Found = readonly [version: string, target: Target];

const targetsOf = (
  records: readonly ServiceRecord[],
  dialect: Dialect,
  listens: (node: Node) => boolean,
): readonly Found[] =>
  records.flatMap(({ version, nodes }) =>
    nodes
      .filter(listens)
      .map(({ id, address, metadata }) => [version, { id, address, secure: metadata['secure'] === 'true', dialect }]),
  );

/** Our own subscriptions are found twice under one id, in the record of either generation: the newer one counts. */
function audienceOf(found: readonly Found[]): Audience {
  const seen = new Set<string>();
  const everybody = new Map<string, Target>();
  const queues = new Map<string, Target[]>();
  for (const [version, target] of found) {
    if (seen.has(target.id)) continue;
    seen.add(target.id);
    if (version === broadcastVersion) everybody.set(target.id, target);
    else queues.set(version, [...(queues.get(version) ?? []), target]);
  }
  return { everybody, queues };
}
