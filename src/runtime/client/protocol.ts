import type { Node } from '../../discovery/registry.ts';
import type { MicroError } from '../errors.ts';
import type { Budget } from './budget.ts';
import type { CallOptions, ClientStream, Request } from './client.ts';

/** Speaks one wire protocol to nodes. Everything fails with a `MicroError`; one whose cause is a `TransportError` tells that the node was not reached. */
export interface ClientProtocol {
  /** What a request needs that is the same for all attempts. Throws when it cannot be written. */
  prepare(request: Request): unknown;
  /** One attempt at one node, over when the budget is. `prepared` is what `prepare` made. May throw at once. */
  exchange(node: Node, request: Request, prepared: unknown, options: CallOptions, budget: Budget): Promise<unknown>;
  /** Opens a stream; once it is open, it releases the budget. */
  openStream<T>(node: Node, request: Request, options: CallOptions, budget: Budget): Promise<ClientStream<T>>;
  /** Ends calls with `error`, streams as if they had been closed, and closes all connections. */
  close(error: MicroError): Promise<void>;
}

/** What all protocols of one client share. */
export interface Sender {
  /** The next Micro-Id. */
  nextId(): string;
  /** Who calls, when the metadata does not say. */
  readonly name: string | undefined;
}
