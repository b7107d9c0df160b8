import { sleep } from '../../async/sleep.ts';
import type { Node } from '../../discovery/registry.ts';
import { internalServerError, MicroError } from '../errors.ts';
import type { Next, Selector } from '../selector/selector.ts';
import { SelectorError } from '../selector/selector.ts';
import type { Budget } from './budget.ts';
import type { CallOptions } from './client.ts';
import { isFinal, isUnreachable } from './failure.ts';
import { exponential, retryOnError } from './retry.ts';

export interface AttemptsOptions<T> {
  readonly selector: Selector;
  readonly service: string;
  readonly options: CallOptions;
  /** The protocol of addresses that the caller gave. */
  readonly given: string;
  readonly budget: Budget;
  /** One attempt. May throw at once. */
  readonly run: (node: Node) => Promise<T>;
  /** Whether the result goes on using the budget. */
  readonly onSuccess: 'release' | 'keep';
}

/** Tries nodes until one attempt succeeds, fails for good, or the budget is used up. Releases the budget, unless it is to be kept. */
export async function attempts<T>(setup: AttemptsOptions<T>): Promise<T> {
  const { selector, service, options, budget, run } = setup;
  const { retries = 1, retry = retryOnError, backoff = exponential } = options;
  let kept = false;
  try {
    const fixed = fixedNodes(options, setup.given);
    const chosen = fixed ?? select(selector, service, options);
    const next = chosen instanceof Promise ? await budget.guard(chosen) : chosen;
    for (let done = 0; ; done += 1) {
      const node = next();
      try {
        const result = await run(node);
        if (fixed === undefined) selector.mark(service, node, undefined);
        kept = setup.onSuccess === 'keep';
        return result;
      } catch (thrown) {
        const error = MicroError.from(thrown, 'go.micro.client');
        if (fixed === undefined) tell(selector, service, node, error);
        if (isFinal(error) || budget.error !== undefined || done >= retries || !retry(error, done)) throw error;
      }
      await budget.guard(sleep(Math.min(backoff(done + 1), budget.leftMs)));
    }
  } finally {
    if (!kept) budget.release();
  }
}

/** Who answers, if only with an error, was reached. Of what happened on our side alone there is nothing to tell. */
function tell(selector: Selector, service: string, node: Node, error: MicroError): void {
  if (isUnreachable(error)) selector.mark(service, node, error);
  else if (!error.id.startsWith('go.micro.client')) selector.mark(service, node, undefined);
}

function select(selector: Selector, service: string, { filters }: CallOptions): Next | Promise<Next> {
  try {
    const next = selector.select(service, filters);
    return next instanceof Promise ? next.catch((error: unknown) => unselected(service, error)) : next;
  } catch (error) {
    return unselected(service, error);
  }
}

function unselected(service: string, error: unknown): never {
  const text = error instanceof Error ? error.message : String(error);
  const missing = error instanceof SelectorError && error.code === 'not_found';
  const detail = missing ? `service ${service}: not found` : `error selecting ${service} node: ${text}`;
  throw internalServerError('go.micro.client', detail, { cause: error });
}

/** Go takes the clock's second to choose among given addresses; any of them is meant here. */
function fixedNodes({ address, nodes }: CallOptions, given: string): Next | undefined {
  if (nodes !== undefined) {
    if (nodes.length === 0) throw new MicroError('go.micro.client', 400, 'no node was given');
    return () => nodes[Math.floor(Math.random() * nodes.length)] as Node;
  }
  if (address === undefined) return undefined;
  const addresses = typeof address === 'string' ? [address] : address;
  if (addresses.length === 0) throw new MicroError('go.micro.client', 400, 'no address was given');
  const metadata = { protocol: given };
  return () => {
    const chosen = addresses[Math.floor(Math.random() * addresses.length)] as string;
    return { id: chosen, address: chosen, metadata };
  };
}
