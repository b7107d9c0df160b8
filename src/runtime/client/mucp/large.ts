import type { Metadata } from '../../../discovery/registry.ts';
import type { Body } from '../../transport/transport.ts';
import type { CallOptions, Request } from '../client.ts';

/** Bodies above this would keep the small ones behind them waiting. In bytes, or in characters of text. */
const maxSharedLength = 16 * 1024;
/** A head that the other side refuses ends its connection, and with it everybody's call. */
const maxSharedMetadata = 4096;

/** Whether a call had better have a connection of its own: what it sends or what it is answered may be large, or nobody knows. */
export function isLarge(body: Body | undefined, options: CallOptions, answers: Answers): boolean {
  if (body === undefined || body.length > maxSharedLength) return true;
  const { metadata, context } = options;
  const length =
    (metadata === undefined ? 0 : lengthOf(metadata)) + (context === undefined ? 0 : lengthOf(context.metadata));
  return length > maxSharedMetadata || answers.mayBeLarge;
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

/** What is known of the answers of one endpoint: large ones had better come on a connection of their own. */
export class Answers {
  /** How many small ones are needed yet. */
  #left = 0;
  #isKnown = false;

  /** Whether the next one may be large. The very first is taken for large, since nobody knows; it is asked for once. */
  get mayBeLarge(): boolean {
    if (this.#isKnown) return this.#left > 0;
    this.#isKnown = true;
    return true;
  }

  came(length: number): void {
    if (length > maxSharedLength) this.#left = convinced;
    else if (this.#left > 0) this.#left -= 1;
  }
}

/** The answers of all endpoints. */
export class Endpoints {
  readonly #services = new Map<string, Map<string, Answers>>();
  #size = 0;

  answersOf({ service, endpoint }: Request): Answers {
    return this.#services.get(service)?.get(endpoint) ?? this.#add(service, endpoint);
  }

  #add(service: string, endpoint: string): Answers {
    // Callers choose the names: forgetting all now and then keeps this small, and those in use are learned again at once.
    if (this.#size === maxEndpoints) {
      this.#services.clear();
      this.#size = 0;
    }
    this.#size += 1;
    const answers = new Answers();
    const endpoints = this.#services.get(service);
    if (endpoints === undefined) this.#services.set(service, new Map([[endpoint, answers]]));
    else endpoints.set(endpoint, answers);
    return answers;
  }
}
