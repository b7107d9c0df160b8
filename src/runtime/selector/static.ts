import type { Metadata } from '../../discovery/registry.ts';
import { newSelector } from './cached.ts';
import type { Selector } from './selector.ts';

export interface StaticSelectorOptions {
  /** What every node says of itself: `{ protocol: 'grpc' }`. Default: `{ protocol: 'mucp' }`. */
  readonly metadata?: Metadata;
}

/** Asks nobody: the name of a service is the address of its one node, as the transport dials it. */
export function staticSelector({ metadata = { protocol: 'mucp' } }: StaticSelectorOptions = {}): Selector {
  return newSelector({
    lookup: (name) => [
      { name, version: '', metadata: {}, endpoints: [], nodes: [{ id: name, address: name, metadata }] },
    ],
  });
}
