import type { Node, ServiceRecord } from '../../discovery/registry.ts';
import type { Filter } from '../client/client.ts';
import type { MarkOptions } from './marks.ts';
import { Marks } from './marks.ts';
import type { Lookup, Next, Selector } from './selector.ts';
import { SelectorError } from './selector.ts';
import type { Strategy } from './strategy.ts';
import { random } from './strategy.ts';

export interface SelectorOptions extends MarkOptions {
  readonly lookup: Lookup;
  /** Default: random. */
  readonly strategy?: Strategy;
}

/**
 * Chooses among a service's nodes. Within one call a node is not tried twice while others are left. A node that keeps failing is set
 * aside, and after a while one call after the other probes it; when all are aside they are tried all the same, so a wrong mark costs
 * nothing but order.
 */
export function newSelector({ lookup, strategy = random, ...marking }: SelectorOptions): Selector {
  const marks = new Marks(marking);
  const flattened = new WeakMap<readonly ServiceRecord[], readonly Node[]>();

  const nodesOf = (records: readonly ServiceRecord[]): readonly Node[] => {
    const known = flattened.get(records);
    if (known !== undefined) return known;
    const nodes = flatten(records);
    flattened.set(records, nodes);
    return nodes;
  };

  const pick = (service: string, candidates: readonly Node[]): Node => {
    if (!marks.has(service)) return strategy(service, candidates);
    const usable = marks.usable(service, candidates);
    const node = strategy(service, usable.length > 0 ? usable : candidates);
    marks.picked(service, node);
    return node;
  };

  const next = (service: string, nodes: readonly Node[]): Next => {
    let first: Node | undefined;
    let tried: Set<string> | undefined;
    return () => {
      if (first === undefined) {
        first = pick(service, nodes);
        return first;
      }
      const seen = (tried ??= new Set([first.address]));
      const fresh = nodes.filter(({ address }) => !seen.has(address));
      const node = pick(service, fresh.length > 0 ? fresh : nodes);
      seen.add(node.address);
      return node;
    };
  };

  const choose = (service: string, records: readonly ServiceRecord[], filters: readonly Filter[] | undefined): Next => {
    if (records.length === 0) throw new SelectorError('not_found', 'not found');
    const nodes =
      filters === undefined || filters.length === 0
        ? nodesOf(records)
        : flatten(filters.reduce((rest, filter) => filter(rest), records));
    if (nodes.length === 0) throw new SelectorError('none_available', 'none available');
    return next(service, nodes);
  };

  return {
    select(service, filters) {
      const records = lookup(service);
      return records instanceof Promise
        ? records.then((found) => choose(service, found, filters))
        : choose(service, records, filters);
    },
    mark(service, node, error) {
      if (error === undefined) marks.reached(service, node);
      else marks.failed(service, node);
    },
    reset: (service) => marks.reset(service),
  };
}

const flatten = (records: readonly ServiceRecord[]): readonly Node[] => records.flatMap(({ nodes }) => nodes);
