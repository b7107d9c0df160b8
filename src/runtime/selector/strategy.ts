import type { Node } from '../../discovery/registry.ts';

/** Chooses one of at least one node. */
export type Strategy = (service: string, nodes: readonly Node[]) => Node;

/** Any node, each as likely as the others. */
export const random: Strategy = (_service, nodes) => nodes[Math.floor(Math.random() * nodes.length)] as Node;

/** One node after the other, over all calls of a service; where it begins is left to chance, so that clients do not march in step. */
export function roundRobin(): Strategy {
  const turns = new Map<string, number>();
  return (service, nodes) => {
    const turn = turns.get(service) ?? Math.floor(Math.random() * nodes.length);
    turns.set(service, turn + 1);
    return nodes[turn % nodes.length] as Node;
  };
}
