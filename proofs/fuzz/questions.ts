import type { WireName } from './wires.ts';

/** What the victim is asked; it answers one question at a time. */
export type Question =
  | { readonly kind: 'health' }
  | { readonly kind: 'calls'; readonly address: string; readonly count: number; readonly wire: WireName }
  /** The ids of the nodes its registry finds. */
  | { readonly kind: 'lookup' }
  | { readonly kind: 'ping' };
