import type { Metadata } from '../../../discovery/registry.ts';
import type { Body } from '../../transport/transport.ts';
import type { CallOptions, Request } from '../client.ts';

/** Bodies above this would keep the small ones behind them waiting. In bytes, or in characters of text. */
const maxSharedLength = 16 * 1024;
/** A head that the other side refuses ends its connection, and with it everybody's call. */
const maxSharedMetadata = 4096;

/** Whether a call had better have a connection of its own: what it sends or what it is answered may be large, or nobody knows. */
export function isLarge(request: Request, body: Body | undefined, options: CallOptions, answers: Answers): boolean {
  if (body === undefined || body.length > maxSharedLength) return true;
  const { metadata, context } = options;
  const length =
    (metadata === undefined ? 0 : lengthOf(metadata)) + (context === undefined ? 0 : lengthOf(context.metadata));
  return length > maxSharedMetadata || answers.mayBeLarge(request.service, request.endpoint);
}

function lengthOf(metadata: Metadata): number {
  let length = 0;
  // What goes around a header counts too: many small ones are refused as well.
  for (const [name, value] of Object.entries(metadata)) length += name.length + value.length + 16;
  return length;
}

const maxEndpoints = 1000;
/** After so many small answers an endpoint that gave a large one is taken for small again. */
const convinced = 8;

/** What is known of the answers of endpoints: large ones had better come on a connection of their own. */
export class Answers {
  /** By service and endpoint: how many small answers are needed yet. */
  readonly #services = new Map<string, Map<string, number>>();
  #size = 0;

  /** Whether the next answer may be large. The very first is taken for large, since nobody knows; it is asked for once. */
  mayBeLarge(service: string, endpoint: string): boolean {
    const left = this.#services.get(service)?.get(endpoint);
    if (left === undefined) this.#set(service, endpoint, 0);
    return left !== 0;
  }

  came(service: string, endpoint: string, length: number): void {
    const left = this.#services.get(service)?.get(endpoint) ?? 0;
    if (length > maxSharedLength) this.#set(service, endpoint, convinced);
    else if (left > 0) this.#set(service, endpoint, left - 1);
  }

  #set(service: string, endpoint: string, left: number): void {
    let endpoints = this.#services.get(service);
    if (endpoints?.has(endpoint) !== true) this.#size += 1;
    // Callers choose the names: forgetting all now and then keeps this small, and those in use are learned again at once.
    if (this.#size > maxEndpoints) {
      this.#services.clear();
      this.#size = 1;
      endpoints = undefined;
    }
    if (endpoints === undefined) this.#services.set(service, (endpoints = new Map()));
    endpoints.set(endpoint, left);
  }
}
