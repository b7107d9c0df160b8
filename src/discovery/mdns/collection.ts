import { sleep } from '../../async/sleep.ts';
import type { Sighting } from './sighting.ts';

/** What was heard in one packet. */
export interface Heard {
  readonly nodes: readonly Sighting[];
  readonly services: readonly string[];
}

/** What was heard since a question was asked. */
export interface Collection {
  readonly nodes: ReadonlyMap<string, Sighting>;
  readonly services: ReadonlySet<string>;
  /** The question goes out, for the first time or again. */
  asked(): void;
  hear(heard: Heard): void;
  /** True as soon as everything was heard and nothing more comes; false at `end`, in the time of `performance.now`. */
  settled(end: number, isWhole: () => boolean): Promise<boolean>;
}

/** Who answers does so at once. Where the first answer took its time, others may take theirs. */
const minQuietMs = 5;
const quietPerFirst = 2;

/** `isWanted` tells the nodes that were asked for. */
export function newCollection(isWanted: (sighting: Sighting) => boolean, maxQuietMs: number): Collection {
  const found = { nodes: new Map<string, Sighting>(), services: new Set<string>() };
  let askedAt: number | undefined;
  let heardAt = 0;
  let quietMs: number | undefined;
  let news = new AbortController();

  return {
    ...found,
    asked() {
      askedAt ??= performance.now();
      heardAt = performance.now();
    },
    hear({ nodes, services }) {
      for (const service of services) found.services.add(service);
      const wanted = nodes.filter(isWanted);
      if (wanted.length === 0) return;
      for (const sighting of wanted) found.nodes.set(sighting.instance, sighting);
      heardAt = performance.now();
      quietMs ??= Math.min(Math.max(minQuietMs, (heardAt - (askedAt ?? heardAt)) * quietPerFirst), maxQuietMs);
      news.abort();
      news = new AbortController();
    },
    async settled(end, isWhole) {
      for (;;) {
        const now = performance.now();
        if (now >= end) return false;
        const quietAt = isWhole() ? heardAt + (quietMs ?? maxQuietMs) : end;
        if (now >= quietAt) return true;
        await sleep(Math.min(quietAt, end) - now, news.signal);
      }
    },
  };
}
