import type { Metadata } from '../../src/discovery/registry.ts';
import { type Client } from '../../src/runtime/client/client.ts';
import { MicroError } from '../../src/runtime/errors.ts';
import { each, Tally } from './tally.ts';

export interface CallsReport {
  readonly counts: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

const kinds = ['application/json', 'application/json-rpc', 'application/octet-stream', 'stream'] as const;

/** Makes calls and streams; each has to end once, with an answer or a reason of ours, soon after its time at the latest. */
export async function callAll(
  client: Client,
  address: string,
  count: number,
  metadata: Metadata,
): Promise<CallsReport> {
  const tally = new Tally();
  const timeoutMs = 1000;
  const numbers = Array.from({ length: count }, (_, index) => index);
  const nodes = [{ id: address, address, metadata }];
  await each(numbers, 64, async (index) => {
    const kind = kinds[index % kinds.length] ?? 'stream';
    const options = { nodes, timeoutMs, retries: 0 };
    const began = Date.now();
    try {
      if (kind === 'stream') {
        const request = { service: 'x', endpoint: 'Count.Up', body: { to: 3 } };
        for await (const _ of await client.stream(request, options)) {
          // Read to its end.
        }
        tally.add('streams ended');
      } else {
        const raw = kind === 'application/octet-stream';
        await client.call({ service: 'x', endpoint: 'Say.Hello', body: '{}', contentType: kind, raw }, options);
        tally.add('calls answered');
      }
    } catch (error) {
      if (error instanceof MicroError) tally.add(`${kind === 'stream' ? 'streams' : 'calls'} failed with a reason`);
      else tally.fault(`call ${index} failed with ${String(error)}`);
    }
    const tookMs = Date.now() - began;
    if (tookMs > timeoutMs + 5000) tally.fault(`call ${index} of ${timeoutMs} ms ended after ${tookMs} ms`);
  });
  return { counts: tally.counts, faults: tally.faults };
}
