import { setTimeout as wait } from 'node:timers/promises';
import type { CallOptions } from '../../src/runtime/client/client.ts';
import { newClient } from '../../src/runtime/client/micro.ts';
import { MicroError } from '../../src/runtime/errors.ts';
import { httpTransport } from '../../src/runtime/transport/http/http.ts';

/** How calls ended so far. */
export interface Ends {
  answered: number;
  /** With a reason. */
  failed: number;
  /** Of calls that have begun, those that have not ended. */
  inFlight: number;
  /** What must not be. */
  readonly faults: string[];
  /** Ids of the calls that were answered. */
  readonly done: Set<string>;
}

export interface Callers {
  readonly ends: Ends;
  /** Begins no more calls and resolves when all have ended. */
  readonly stop: () => Promise<void>;
}

/** Beyond the time of a call: this process may be busy. */
const slackMs = 2000;

/** So many callers, each of whom calls again as soon as the call before has ended. */
export function startCallers(
  count: number,
  address: string,
  metadata: Readonly<Record<string, string>>,
  options: CallOptions,
): Callers {
  const client = newClient({ transport: httpTransport() });
  const ends: Ends = { answered: 0, failed: 0, inFlight: 0, faults: [], done: new Set() };
  const { timeoutMs = 0 } = options;
  const nodes = [{ id: 'work', address, metadata }];
  let calls = 0;
  const over = new AbortController();

  const one = async (): Promise<void> => {
    const id = `${(calls += 1)}`;
    const began = performance.now();
    ends.inFlight += 1;
    try {
      const answer = await client.call<{ readonly id: string }>(
        { service: 'work', endpoint: 'Work.Do', body: { id } },
        { ...options, nodes },
      );
      if (answer.id !== id) ends.faults.push(`call ${id} got the answer of ${answer.id}`);
      ends.answered += 1;
      ends.done.add(id);
    } catch (error) {
      ends.failed += 1;
      if (!(error instanceof MicroError && error.detail !== ''))
        ends.faults.push(`call ${id} failed with ${String(error)}`);
    }
    ends.inFlight -= 1;
    const tookMs = performance.now() - began;
    if (tookMs > timeoutMs + slackMs) ends.faults.push(`call ${id} of ${timeoutMs} ms took ${Math.round(tookMs)} ms`);
  };
  const caller = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await one();
      // Who is refused at once would never let go of the processor.
      await wait(1);
    }
  };
  const all = Promise.all(Array.from({ length: count }, caller));
  return {
    ends,
    async stop() {
      over.abort();
      await all;
      await client.close();
    },
  };
}
