import type { Entry, Places } from './entry.ts';

/**
 * The one job that is given places as they become free, and keeps them until it has all: it was its turn in one queue again and again while the
 * place that it needed from another was taken. One at a time, so that no two ever wait for each other.
 */
export interface Favourite {
  /** A place of this is free. */
  offer(resource: Places): void;
  /** It was passed over once more. True when it is the favourite from now on, and waits in no queue. */
  prefers(entry: Entry): boolean;
  /** It waits no more: what it kept is free, and returned. */
  release(entry: Entry): readonly Places[];
}

/** How often a job is passed over before it is the favourite. */
const patience = 20;

/** `onComplete` is called when it has all its places. */
export function createFavourite(onComplete: (entry: Entry) => void): Favourite {
  let current: Entry | undefined;
  const kept = new Set<Places>();

  const keep = (resource: Places): void => {
    if (current === undefined || resource.isFull || kept.has(resource) || !current.needs.includes(resource)) return;
    resource.take(current);
    kept.add(resource);
    if (kept.size < current.needs.length) return;
    const complete = current;
    current = undefined;
    kept.clear();
    onComplete(complete);
  };

  return {
    offer: keep,
    prefers(entry) {
      entry.passedOver += 1;
      if (current !== undefined || entry.passedOver < patience) return false;
      current = entry;
      for (const each of entry.needs) keep(each);
      return true;
    },
    release(entry) {
      if (current !== entry) return [];
      current = undefined;
      const released = [...kept];
      kept.clear();
      for (const each of released) each.give(entry);
      return released;
    },
  };
}
