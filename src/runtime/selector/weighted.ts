import type { Node } from '../../discovery/registry.ts';
import type { Strategy } from './strategy.ts';

/** A weight of 0 stands for a very small chance, not for none. */
const leastWeight = 0.01;

/**
 * As DNS wants SRV records used: of the nodes whose metadata has the smallest `priority`, any one, the larger its `weight` the likelier.
 * Nodes without either count as priority 0 and weight 1.
 */
export const weighted: Strategy = (_service, nodes) => {
  const first = Math.min(...nodes.map(priorityOf));
  const best = nodes.filter((node) => priorityOf(node) === first);
  const total = best.reduce((sum, node) => sum + weightOf(node), 0);
  let left = Math.random() * total;
  for (const node of best) {
    left -= weightOf(node);
    if (left < 0) return node;
  }
  return best.at(-1) as Node;
};

const priorityOf = ({ metadata }: Node): number => Number(metadata['priority'] ?? 0) || 0;

const weightOf = ({ metadata }: Node): number => Math.max(Number(metadata['weight'] ?? 1) || 0, leastWeight);
