import type { Node, ServiceRecord } from '../../discovery/registry.ts';
import type { Filter } from '../client/client.ts';

/** Gives the node for the next attempt of one call. Throws a `SelectorError` (`none_available`). */
export type Next = () => Node;

/** Chooses nodes. It answers at once when the service's records are at hand: selecting is part of every call. */
export interface Selector {
  /** Throws (or rejects with) a `SelectorError`, or what the registry throws. */
  select(service: string, filters?: readonly Filter[]): Next | Promise<Next>;
  /** Tells how an attempt at a node went: with an error when the node could not be reached. */
  mark(service: string, node: Node, error: Error | undefined): void;
  /** Forgets the marks of a service. */
  reset(service: string): void;
}

export type SelectorErrorCode =
  /** Nobody is registered under that name. */
  | 'not_found'
  /** Services were found, but no node is left: none is registered, or filters took all out. */
  | 'none_available'
  /** Who knows the nodes could not be asked. Worth trying again. */
  | 'unavailable';

export class SelectorError extends Error {
  readonly code: SelectorErrorCode;

  constructor(code: SelectorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SelectorError';
    this.code = code;
  }
}

/** Where records come from. It answers at once when it knows them. */
export type Lookup = (service: string) => readonly ServiceRecord[] | Promise<readonly ServiceRecord[]>;
