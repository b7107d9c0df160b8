import type { Node } from '../../discovery/registry.ts';
import { MicroError } from '../errors.ts';
import type { Budget } from './budget.ts';
import type { CallOptions, Request } from './client.ts';
import { final } from './failure.ts';
import type { ClientProtocol } from './protocol.ts';

/** The attempts of one call: its request is written once for all nodes of the same protocol. */
export class Attempt {
  readonly request: Request;
  readonly #protocolOf: (node: Node) => ClientProtocol;
  #protocol: ClientProtocol | undefined;
  #prepared: unknown;

  /** Throws a 400 for a raw body that is neither text nor bytes. */
  constructor(request: Request, protocolOf: (node: Node) => ClientProtocol) {
    refuseOddRaw(request);
    this.request = request;
    this.#protocolOf = protocolOf;
  }

  /** May throw at once. */
  exchange(node: Node, options: CallOptions, budget: Budget): Promise<unknown> {
    const protocol = this.#protocolOf(node);
    if (protocol !== this.#protocol) this.#prepare(protocol);
    return protocol.exchange(node, this.request, this.#prepared, options, budget);
  }

  #prepare(protocol: ClientProtocol): void {
    try {
      this.#prepared = protocol.prepare(this.request);
    } catch (error) {
      throw final(error);
    }
    this.#protocol = protocol;
  }
}

function refuseOddRaw({ raw, body }: Request): void {
  if (raw !== true || body === undefined || typeof body === 'string' || body instanceof Uint8Array) return;
  throw new MicroError('go.micro.client', 400, 'the body of a raw request must be text or bytes');
}
