import type { ServiceRecord } from '../registry.ts';
import { difference } from './difference.ts';
import type { Follow } from './follows.ts';
import { breathe } from './pace.ts';
import type { Questions } from './questions.ts';

/** Follows one service by a question that Consul answers when it changes, or after `waitMs`. */
export const followOne =
  (questions: Questions, name: string, waitMs: number): Follow =>
  async ({ emit, signal }) => {
    const first = await questions.health(name, { signal });
    let index = first?.index;
    let records: ReadonlyMap<string, ServiceRecord> = first?.records ?? new Map();

    const run = async (): Promise<never> => {
      for (;;) {
        const now = await questions.health(name, { index, waitMs, signal });
        signal.throwIfAborted();
        if (now === undefined) continue;
        for (const event of difference(records, now.records)) emit(event);
        // Smaller than before when Consul was set up anew; from there it goes on.
        ({ index, records } = now);
        await breathe(0, signal);
      }
    };

    return { over: run() };
  };
