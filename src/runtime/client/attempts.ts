import { sleep } from '../../async/sleep.ts';
import type { Node } from '../../discovery/registry.ts';
import { internalServerError, MicroError } from '../errors.ts';
import type { Next, Selector } from '../selector/selector.ts';
import { SelectorError } from '../selector/selector.ts';
import type { Budget } from './budget.ts';
import type { CallOptions } from './client.ts';
import { isUnreachable } from './mucp/exchange.ts';
import { exponential, retryOnError } from './retry.ts';

/**
 * Tries nodes until one attempt succeeds, fails for good, or the budget is used up. Releases the budget, unless the call succeeds
 * and its result goes on using it.
 */
export async function attempts<T>(
  selector: Selector,
  service: string,
  options: CallOptions,
  budget: Budget,
  attempt: (node: Node) => Promise<T>,
  onSuccess: 'release' | 'keep',
): Promise<T> {
  const { address, retries = 1, retry = retryOnError, backoff = exponential } = options;
  let kept = false;
  try {
    const chosen = address === undefined ? select(selector, service, options) : fixed(address);
    const next = chosen instanceof Promise ? await budget.guard(chosen) : chosen;
    for (let done = 0; ; done += 1) {
      const node = next();
      try {
        const result = await attempt(node);
        if (address === undefined) selector.mark(service, node, undefined);
        kept = onSuccess === 'keep';
        return result;
      } catch (thrown) {
        const error = MicroError.from(thrown, 'go.micro.client');
        if (address === undefined && isUnreachable(error)) selector.mark(service, node, error);
        if (budget.error !== undefined || done >= retries || !retry(error, done)) throw error;
      }
      await budget.guard(sleep(Math.min(backoff(done + 1), budget.leftMs)));
    }
  } finally {
    if (!kept) budget.release();
  }
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
function fixed(address: string | readonly string[]): Next {
  const addresses = typeof address === 'string' ? [address] : address;
  if (addresses.length === 0) throw new MicroError('go.micro.client', 400, 'no address was given');
  return () => {
    const chosen = addresses[Math.floor(Math.random() * addresses.length)] as string;
    return { id: chosen, address: chosen, metadata: { protocol: 'mucp' } };
  };
}
