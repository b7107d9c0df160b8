import { Chain } from './chain.ts';
import type { Entry, Places, Queue } from './entry.ts';
import { createFavourite } from './favourite.ts';
import type { Limits } from './limits.ts';

/** Gives jobs their places, or their turn later. */
export interface Queues {
  /** Whether it has its places now, or will wait. `crowded`: too many wait, and it is forgotten. */
  enter(entry: Entry): 'runs' | 'waits' | 'crowded';
  /** One that has its places goes: whoever can have them gets them. */
  leave(entry: Entry): void;
  /** One that waits goes. */
  withdraw(entry: Entry): void;
  /** How many wait. */
  readonly waiting: number;
}

/**
 * A job that cannot run waits at one of the resources that are full, in the queue of those of its person that need the same. So whoever leaves looks
 * only at those who wait for the very places that are free now. At each resource it is one person's turn after the other. Nobody waits at
 * a resource that has places left; whoever comes there by another way joins the line.
 */
export function createQueues(limits: Limits, onTurn: (entry: Entry) => void): Queues {
  const queues = new Map<string, Queue>();
  const waitingOf = new Map<string, number>();
  let waiting = 0;

  const start = (entry: Entry): void => {
    forget(entry);
    onTurn(entry);
  };
  const favourite = createFavourite((entry) => {
    const queue = entry.waiting?.queue;
    start(entry);
    if (queue !== undefined) advance(queue);
  });

  const park = (queue: Queue, at: Places): void => {
    queue.at = at;
    at.turns.add(queue);
  };

  /** The first of it goes to wait where it has to, or begins. */
  const advance = (queue: Queue, otherwise?: Places): void => {
    for (let { first } = queue; first !== undefined; { first } = queue) {
      const at = obstacle(first) ?? otherwise;
      if (at !== undefined) {
        park(queue, at);
        return;
      }
      seize(first);
      start(first);
    }
  };

  const remember = (entry: Entry): void => {
    const key = keyOf(entry);
    let queue = queues.get(key);
    const isNew = queue === undefined;
    queue ??= new Chain(key, entry.person);
    entry.waiting = { queue, spot: queue.add(entry) };
    waiting += 1;
    waitingOf.set(entry.person, (waitingOf.get(entry.person) ?? 0) + 1);
    if (!isNew) return;
    queues.set(key, queue);
    advance(queue);
  };

  const forget = (entry: Entry): void => {
    if (entry.waiting === undefined) return;
    const { queue, spot } = entry.waiting;
    entry.waiting = undefined;
    queue.remove(spot);
    if (queue.size === 0) queues.delete(queue.key);
    waiting -= 1;
    const left = (waitingOf.get(entry.person) ?? 1) - 1;
    if (left === 0) waitingOf.delete(entry.person);
    else waitingOf.set(entry.person, left);
  };

  /** Gives the places that are free in it to those whose turn it is. */
  const offer = (resource: Places): void => {
    favourite.offer(resource);
    while (!resource.isFull) {
      const queue = resource.turns.next();
      const first = queue?.first;
      if (queue === undefined || first === undefined) return;
      queue.at = undefined;
      const other = obstacle(first, resource);
      if (other === undefined) {
        seize(first);
        start(first);
        resource.turns.served(queue.person);
        advance(queue, resource);
      } else if (!favourite.prefers(first)) park(queue, other);
    }
  };

  const offerAll = (needs: readonly Places[]): void => {
    for (const each of needs) offer(each);
  };

  return {
    get waiting() {
      return waiting;
    },
    enter(entry) {
      // Its own that wait for the same lock come first, although the lock may be free.
      const isBehind = waiting > 0 && entry.lock !== undefined && queues.has(keyOf(entry));
      if (!isBehind && obstacle(entry) === undefined) {
        for (const each of entry.needs) {
          each.users += 1;
          each.take(entry);
        }
        return 'runs';
      }
      if (waiting >= limits.allWaiting || (waitingOf.get(entry.person) ?? 0) >= limits.waiting) return 'crowded';
      use(entry);
      remember(entry);
      return 'waits';
    },
    leave(entry) {
      const { needs } = entry;
      for (const each of needs) {
        each.give(entry);
        each.users -= 1;
      }
      if (waiting > 0) offerAll(needs);
    },
    withdraw(entry) {
      const queue = entry.waiting?.queue;
      if (queue === undefined) return;
      const wasFirst = queue.first === entry;
      const { at } = queue;
      forget(entry);
      for (const each of entry.needs) each.users -= 1;
      const released = favourite.release(entry);
      if (!wasFirst) return;
      if (at !== undefined && at.isFull && (queue.first?.needs ?? []).includes(at)) at.turns.aged(queue);
      else {
        at?.turns.remove(queue);
        queue.at = undefined;
        advance(queue);
      }
      offerAll(released);
    },
  };
}

/** Where it cannot have a place, or not before others who wait there. */
function obstacle({ needs }: Entry, except?: Places): Places | undefined {
  for (const each of needs) if (each.isFull || (each !== except && !each.turns.isEmpty)) return each;
  return undefined;
}

function seize(entry: Entry): void {
  for (const each of entry.needs) each.take(entry);
}

function use({ needs }: Entry): void {
  for (const each of needs) each.users += 1;
}

/** What jobs have in common of which only the first can be next. */
const keyOf = ({ person, lock, input, room, service, isEndless }: Entry): string =>
  JSON.stringify(lock === undefined ? [person, input, room, service, isEndless] : [person, lock]);
