import type { Alarm, Alarms } from './alarms.ts';
import { type Resolvers, withResolvers } from './queue.ts';

/** Shows something that changes: at once, and then now and then. */
export interface Showing {
  /**
   * There is something new. Resolves when it was shown or is sure to be, with the next change. Many at once wait for that change, so that nobody
   * reports faster than can be seen. Rejects only for the first one.
   */
  changed(): Promise<void>;
  /** Nothing is shown any more. */
  end(): void;
  readonly isOver: boolean;
}

export interface ShowingOptions {
  readonly alarms: Alarms;
  /** How long after a change the next one may come, in milliseconds. */
  readonly everyMs: number;
  /** Adds to the conversation's order; undefined when too much waits there. */
  readonly enqueue: (work: () => Promise<void>) => Promise<void> | undefined;
  /** Shows all there is. False: nothing further can be shown. */
  readonly show: () => Promise<boolean>;
  /** Asked before each change but the first: later when false. */
  readonly mayShow: () => boolean;
  /** It could not be shown, and is not tried again. */
  readonly onLost: (error: unknown) => void;
}

/** How many may wait for the same change. */
const mostAtOnce = 1_000;

export function createShowing({ alarms, everyMs, enqueue, show, mayShow, onLost }: ShowingOptions): Showing {
  let state: 'new' | 'open' | 'lost' | 'over' = 'new';
  let isBusy = false;
  let unseen = 0;
  let seen: Resolvers<void> | undefined;
  let alarm: Alarm | undefined;

  const isDone = (): boolean => state === 'over' || state === 'lost';

  const release = (): void => {
    seen?.resolve();
    seen = undefined;
  };

  const lose = (error: unknown): void => {
    onLost(error);
    if (state !== 'over') state = 'lost';
  };

  const showNow = async (): Promise<void> => {
    if (isDone()) return;
    unseen = 0;
    const goesOn = await show();
    if (!isDone()) state = goesOn ? 'open' : 'lost';
  };

  /** Shows what there is, in its turn. */
  const turn = (): Promise<void> | undefined => {
    isBusy = true;
    const shown = enqueue(showNow);
    if (shown === undefined) isBusy = false;
    return shown?.finally(() => {
      isBusy = false;
      release();
      if (unseen > 0) later();
    });
  };

  const later = (): void => {
    if (alarm !== undefined || isBusy || isDone()) return;
    alarm = alarms.set(everyMs, {
      ring() {
        alarm = undefined;
        const shown = mayShow() ? turn() : undefined;
        if (shown === undefined) later();
        else shown.catch(lose);
      },
    });
  };

  return {
    changed() {
      if (isDone()) return Promise.resolve();
      unseen += 1;
      if (state === 'new' && !isBusy && alarm === undefined) {
        const shown = turn()?.catch((error: unknown) => {
          lose(error);
          throw error;
        });
        if (shown !== undefined) return shown;
      }
      later();
      if (unseen < mostAtOnce) return Promise.resolve();
      seen ??= withResolvers<void>();
      return seen.promise;
    },
    end() {
      state = 'over';
      if (alarm !== undefined) alarms.clear(alarm);
      alarm = undefined;
      release();
    },
    get isOver() {
      return state === 'over';
    },
  };
}
