import type { Metadata } from '../discovery/registry.ts';

/** What a node says of itself when its answers carry the `Micro-Id` of their requests, so that many calls can share a connection. */
export const multiplexes: Metadata = { multiplex: 'true' };

export const saysMultiplex = (metadata: Metadata): boolean => metadata['multiplex'] === 'true';
