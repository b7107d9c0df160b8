import type { Log } from '../../../log/log.ts';
import type { Target } from './generations.ts';
import type { Letter, Outcome } from './post.ts';

/** Where a lane leads at the moment. `gone`: nobody will ever ask for what is in it. */
export type Route = readonly Target[] | 'gone';

export interface LaneOptions {
  /** Asked anew for each attempt. With several targets one of them gets the letter. */
  readonly route: () => Promise<Route>;
  readonly post: (target: Target, letter: Letter) => Promise<Outcome>;
  /** After an attempt that reached nobody. */
  readonly onFailure: () => void;
  /** Nothing is in it any more. */
  readonly onEmpty: () => void;
  readonly log: Log;
}

/** Letters on their way to one subscription, or to whichever member of one queue. To one target they go one after the other, in order. */
export interface Lane {
  /** Resolves when it is in the lane, or dropped because the lane is full and nothing moves. */
  push(letter: Letter): Promise<void>;
  /** Resolves when it is empty; at once when it can't be emptied now. */
  drained(): Promise<void>;
  /** Drops everything. */
  close(): void;
}

/** What waits for one target at most. */
const capacity = 64;
const stallMs = 1000;
const minDelayMs = 100;
const maxDelayMs = 5000;

interface Waiting {
  readonly letter: Letter;
  readonly done: () => void;
}

export function createLane({ route, post, onFailure, onEmpty, log }: LaneOptions): Lane {
  const letters: Letter[] = [];
  const waiting: Waiting[] = [];
  const inFlight = new Map<string, number>();
  const drainers: (() => void)[] = [];
  let state: 'moving' | 'stalled' | 'failing' | 'closed' = 'moving';
  let width = 1;
  let sending = 0;
  let moved = 0;
  let delayMs = minDelayMs;
  let lost = 0;
  let retry: NodeJS.Timeout | undefined;
  let watch: NodeJS.Timeout | undefined;

  /** Says so once, and how many they were when it is over. */
  const drop = (count: number, why: string): void => {
    if (count > 0 && lost === 0) log.warn('events for a subscriber are lost', { why });
    lost += count;
  };

  const settleDrainers = (): void => {
    for (const done of drainers.splice(0)) done();
  };

  const giveUpWaiting = (): void => {
    clearTimeout(watch);
    watch = undefined;
    const left = waiting.splice(0);
    drop(left.length, state);
    for (const { done } of left) done();
  };

  const clear = (): void => {
    clearTimeout(retry);
    letters.length = 0;
    giveUpWaiting();
  };

  /** Whoever waits for room gets one place for each letter that left. */
  const progress = (): void => {
    moved += 1;
    state = state === 'closed' ? 'closed' : 'moving';
    delayMs = minDelayMs;
    if (lost > 0) log.info('the subscriber takes events again', { lost });
    lost = 0;
    const first = waiting.shift();
    if (first === undefined) return;
    letters.push(first.letter);
    first.done();
  };

  const failed = (letter: Letter): void => {
    if (state === 'closed') return;
    onFailure();
    letters.unshift(letter);
    if (state === 'failing') return;
    state = 'failing';
    drop(letters.splice(capacity).length, state);
    giveUpWaiting();
    settleDrainers();
    retry = setTimeout(
      () => {
        if (state !== 'failing') return;
        state = 'moving';
        pump();
      },
      delayMs / 2 + (Math.random() * delayMs) / 2,
    );
    delayMs = Math.min(delayMs * 2, maxDelayMs);
  };

  const send = async (letter: Letter): Promise<void> => {
    // When the registry does not answer, those who listen are still there.
    const targets = await route().catch((): Route => []);
    if (targets === 'gone') {
      log.debug('a subscriber has left before its events reached it', { count: letters.length + waiting.length + 1 });
      clear();
      return;
    }
    width = Math.max(1, targets.length);
    for (const target of leastBusy(targets, inFlight)) {
      inFlight.set(target.id, (inFlight.get(target.id) ?? 0) + 1);
      const outcome = await post(target, letter);
      const left = (inFlight.get(target.id) ?? 1) - 1;
      if (left === 0) inFlight.delete(target.id);
      else inFlight.set(target.id, left);
      if (outcome === 'again') continue;
      progress();
      if (outcome === 'never') drop(1, 'unreadable');
      return;
    }
    failed(letter);
  };

  const mayMove = (): boolean => state === 'moving' || state === 'stalled';

  const pump = (): void => {
    while (sending < width && mayMove()) {
      const letter = letters.shift();
      if (letter === undefined) break;
      if (letter.expiresAt <= Date.now()) {
        drop(1, 'too old');
        continue;
      }
      sending += 1;
      void send(letter).finally(() => {
        sending -= 1;
        pump();
      });
    }
    if (sending > 0 || letters.length > 0) return;
    settleDrainers();
    onEmpty();
  };

  const watchForStall = (): void => {
    if (watch !== undefined) return;
    const before = moved;
    watch = setTimeout(() => {
      watch = undefined;
      if (waiting.length === 0) return;
      if (moved !== before) {
        watchForStall();
        return;
      }
      state = 'stalled';
      giveUpWaiting();
    }, stallMs);
  };

  return {
    push(letter) {
      if (letters.length < capacity && waiting.length === 0 && state !== 'closed') {
        letters.push(letter);
        pump();
        return Promise.resolve();
      }
      if (state !== 'moving') {
        drop(1, state);
        return Promise.resolve();
      }
      return new Promise((done) => {
        waiting.push({ letter, done });
        watchForStall();
      });
    },
    drained() {
      if (state === 'failing' || state === 'closed' || sending + letters.length === 0) return Promise.resolve();
      return new Promise((done) => drainers.push(done));
    },
    close() {
      state = 'closed';
      clear();
      settleDrainers();
    },
  };
}

/** Those with the fewest letters under way first, by chance among equals. */
const leastBusy = (targets: readonly Target[], inFlight: ReadonlyMap<string, number>): readonly Target[] =>
  targets
    .map((target) => ({ target, order: (inFlight.get(target.id) ?? 0) + Math.random() / 2 }))
    .toSorted((one, other) => one.order - other.order)
    .map(({ target }) => target);
