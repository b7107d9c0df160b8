import type { Node, ServiceRecord } from '../../discovery/registry.ts';
import type { Filter } from '../client/client.ts';
import type { Lookup, Next, Selector } from './selector.ts';
import { SelectorError } from './selector.ts';
import type { Strategy } from './strategy.ts';
import { random } from './strategy.ts';

export interface SelectorOptions {
  readonly lookup: Lookup;
  /** Default: random. */
  readonly strategy?: Strategy;
  /** How long a node that could not be reached is the last choice, in milliseconds. Default 3,000. */
  readonly avoidMs?: number;
}

/**
 * Chooses among a service's nodes. Within one call a node is not tried twice while others are left, and nodes that could not be
 * reached lately come last; they are tried when nobody else is there, so a wrong mark costs nothing but order.
 */
export function newSelector({ lookup, strategy = random, avoidMs = 3000 }: SelectorOptions): Selector {
  const avoided = new Map<string, Map<string, number>>();
  const flattened = new WeakMap<readonly ServiceRecord[], readonly Node[]>();

  const nodesOf = (records: readonly ServiceRecord[]): readonly Node[] => {
    const known = flattened.get(records);
    if (known !== undefined) return known;
    const nodes = records.flatMap((record) => record.nodes);
    flattened.set(records, nodes);
    return nodes;
  };

  const isAvoided = (service: string, node: Node): boolean => {
    const until = avoided.get(service)?.get(node.address);
    return until !== undefined && until > Date.now();
  };

  const next = (service: string, nodes: readonly Node[]): Next => {
    let tried: Set<string> | undefined;
    return () => {
      const fresh = tried === undefined ? nodes : nodes.filter(({ address }) => tried?.has(address) !== true);
      const good = avoided.has(service) ? fresh.filter((node) => !isAvoided(service, node)) : fresh;
      const candidates = good.length > 0 ? good : fresh.length > 0 ? fresh : nodes;
      const node = strategy(service, candidates);
      if (nodes.length > 1) (tried ??= new Set()).add(node.address);
      return node;
    };
  };

  const choose = (service: string, records: readonly ServiceRecord[], filters: readonly Filter[]): Next => {
    if (records.length === 0) throw new SelectorError('not_found', 'not found');
    const left = filters.length === 0 ? records : filters.reduce((rest, filter) => filter(rest), records);
    const nodes = nodesOf(left);
    if (nodes.length === 0) throw new SelectorError('none_available', 'none available');
    return next(service, nodes);
  };

  return {
    select(service, filters = []) {
      const records = lookup(service);
      return records instanceof Promise
        ? records.then((found) => choose(service, found, filters))
        : choose(service, records, filters);
    },
    mark(service, node, error) {
      const marks = avoided.get(service);
      if (error !== undefined) {
        const now = Date.now();
        const alive = [...(marks ?? [])].filter(([, until]) => until > now);
        avoided.set(service, new Map([...alive, [node.address, now + avoidMs]]));
      } else if (marks?.delete(node.address) === true && marks.size === 0) avoided.delete(service);
    },
    reset(service) {
      avoided.delete(service);
    },
  };
}
