import { sleep } from '../../async/sleep.ts';
import type { Node } from '../../discovery/registry.ts';
import { internalServerError, MicroError } from '../errors.ts';
import type { Next, Selector } from '../selector/selector.ts';
import { SelectorError } from '../selector/selector.ts';
import type { Budget } from './budget.ts';
import type { AnswerListener, CallOptions } from './client.ts';
import { isFinal, isUnreachable } from './failure.ts';
import { exponential, retryOnError } from './retry.ts';

/** What all calls of one client have in common. */
export interface Origin {
  readonly selector: Selector;
  /** The protocol of addresses that the caller gave. */
  readonly given: string;
  readonly onAnswer?: AnswerListener | undefined;
}

/**
 * Tries nodes until one attempt succeeds, fails for good, or the budget is used up. It is a class, as is what else a call needs: V8
 * takes literals that outlive a few collections for permanent, and then carries along all that they refer to.
 */
export class Attempts<T> {
  readonly #origin: Origin;
  readonly #service: string;
  readonly #options: CallOptions;
  readonly #budget: Budget;
  readonly #run: (node: Node) => Promise<T>;
  readonly #onSuccess: 'release' | 'keep';
  readonly #isGiven: boolean;
  #next: Next = nobody;
  #node: Node | undefined;
  #done = 0;

  /** `run` is one attempt and may throw at once; `onSuccess` says whether the result goes on using the budget. */
  constructor(
    origin: Origin,
    service: string,
    options: CallOptions,
    budget: Budget,
    run: (node: Node) => Promise<T>,
    onSuccess: 'release' | 'keep',
  ) {
    this.#origin = origin;
    this.#service = service;
    this.#options = options;
    this.#budget = budget;
    this.#run = run;
    this.#onSuccess = onSuccess;
    this.#isGiven = options.nodes !== undefined || options.address !== undefined;
  }

  /** To be called once. Releases the budget, unless it is to be kept. May throw at once. */
  begin(): Promise<T> {
    const { selector, given } = this.#origin;
    try {
      const next = this.#isGiven ? givenNodes(this.#options, given) : select(selector, this.#service, this.#options);
      if (next instanceof Promise) return this.#beginLater(next);
      this.#next = next;
      return this.#attempt();
    } catch (error) {
      this.#budget.release();
      throw error;
    }
  }

  async #beginLater(choosing: Promise<Next>): Promise<T> {
    try {
      this.#next = await this.#budget.guard(choosing);
      return await this.#attempt();
    } catch (error) {
      this.#budget.release();
      throw error;
    }
  }

  /** Not async, which would be one promise more in every call. */
  #attempt(): Promise<T> {
    const node = this.#next();
    this.#node = node;
    let running: Promise<T>;
    try {
      running = this.#run(node);
    } catch (error) {
      return this.#failed(error);
    }
    return running.then(
      (result) => this.#succeeded(result),
      (error: unknown) => this.#failed(error),
    );
  }

  #succeeded(result: T): T {
    this.#answered();
    if (!this.#isGiven && this.#node !== undefined) this.#origin.selector.mark(this.#service, this.#node, undefined);
    if (this.#onSuccess === 'release') this.#budget.release();
    return result;
  }

  async #failed(thrown: unknown): Promise<T> {
    const { retries = 1, retry = retryOnError, backoff = exponential } = this.#options;
    const budget = this.#budget;
    try {
      const error = MicroError.from(thrown, 'go.micro.client');
      this.#tell(error);
      if (isFinal(error) || budget.error !== undefined || this.#done >= retries || !retry(error, this.#done))
        throw error;
      this.#done += 1;
      await budget.guard(sleep(Math.min(backoff(this.#done), budget.leftMs)));
      return await this.#attempt();
    } catch (error) {
      budget.release();
      throw error;
    }
  }

  /** Who answers, if only with an error, was reached. Of what happened on our side alone there is nothing to tell. */
  #tell(error: MicroError): void {
    const { selector } = this.#origin;
    const isAnswer = !isUnreachable(error) && !error.id.startsWith('go.micro.client');
    if (isAnswer) this.#answered();
    if (this.#isGiven || this.#node === undefined) return;
    if (isUnreachable(error)) selector.mark(this.#service, this.#node, error);
    else if (isAnswer) selector.mark(this.#service, this.#node, undefined);
  }

  #answered(): void {
    const { onAnswer } = this.#origin;
    if (onAnswer !== undefined && this.#node !== undefined) onAnswer(this.#node, this.#service, this.#options);
  }
}

const nobody: Next = () => {
  throw new MicroError('go.micro.client', 500, 'no node was chosen');
};

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
function givenNodes({ address = [], nodes }: CallOptions, given: string): Next {
  if (nodes !== undefined) {
    if (nodes.length === 0) throw new MicroError('go.micro.client', 400, 'no node was given');
    return () => nodes[Math.floor(Math.random() * nodes.length)] as Node;
  }
  const addresses = typeof address === 'string' ? [address] : address;
  if (addresses.length === 0) throw new MicroError('go.micro.client', 400, 'no address was given');
  const metadata = { protocol: given };
  return () => {
    const chosen = addresses[Math.floor(Math.random() * addresses.length)] as string;
    return { id: chosen, address: chosen, metadata };
  };
}
