import type { Alarm } from '../../../async/alarms.ts';
import { type Resolvers, withResolvers } from '../../../async/queue.ts';
import type { Document } from '../../../document/document.ts';
import type { Desk } from './desk.ts';
import type { Content } from './stanza.ts';
import type { Target } from './target.ts';
import { createTrail, type Trail } from './trail.ts';
import type { Posted } from './voice.ts';

/** What a command reports before its end: one message that changes now and then, for as long as it is the last one there. */
export interface Progress {
  /**
   * Resolves when it was shown or is sure to be, with the next change. Many at once wait for that change, so that nobody reports faster
   * than can be seen. Rejects only for the first one.
   */
  report(document: Document): Promise<void>;
  /** Nothing more is shown. */
  end(): void;
  /** What is to be said in the end, and in place of which message: to be asked for when it is its turn. */
  ending(last: Document): Ending;
  /** Something of it was said. */
  readonly isShown: boolean;
}

export interface Ending {
  /** Undefined when all of it was said. */
  readonly document: Document | undefined;
  readonly replaces: Posted | undefined;
}

/** Adds to the conversation's order, unless too much waits there. */
export type Enqueue = (work: () => Promise<void>) => Promise<void> | undefined;

/** How many reports may share one change of the message. */
const mostAtOnce = 1_000;
/** Messages that can't be changed come less often. */
const calmer = 5;

export function createProgress(
  target: Target,
  desk: Desk,
  show: (document: Document, last: Document) => Promise<Content>,
  enqueue: Enqueue,
): Progress {
  const { voice, alarms, hasCorrections, log } = desk;
  const paceMs = hasCorrections ? desk.paceMs : desk.paceMs * calmer;
  const trail: Trail = createTrail();
  let state: 'new' | 'open' | 'lost' | 'over' = 'new';
  let posted: Posted | undefined;
  let isBusy = false;
  let unseen = 0;
  let waiting: Resolvers<void> | undefined;
  let alarm: Alarm | undefined;

  const release = (): void => {
    waiting?.resolve();
    waiting = undefined;
  };

  const lose = (error: unknown): void => {
    log.debug('progress is not shown', { to: target.to, error });
    if (state !== 'over') state = 'lost';
    release();
  };

  /** The message that may be changed now. Where there is none, another one begins. */
  const changeable = (): Posted | undefined => {
    if (posted !== undefined && hasCorrections && voice.isLast(posted)) return posted;
    trail.turn();
    return undefined;
  };

  const say = async (): Promise<void> => {
    const replaces = changeable();
    const document = trail.with();
    unseen = 0;
    if (document === undefined || state === 'over' || state === 'lost') return;
    // Seen or not, it is never said again: nobody knows what became of a message that failed.
    trail.seen();
    posted = await voice.say(target, await show(document, trail.last ?? document), { replaces });
    if (state === 'new') state = 'open';
  };

  /** Shows what there is, in its turn. */
  const turn = (): Promise<void> | undefined => {
    isBusy = true;
    const shown = enqueue(say);
    if (shown === undefined) isBusy = false;
    return shown?.finally(() => {
      isBusy = false;
      release();
      if (unseen > 0) later();
    });
  };

  const later = (): void => {
    if (alarm !== undefined || isBusy || state === 'over' || state === 'lost') return;
    alarm = alarms.set(paceMs, {
      ring() {
        alarm = undefined;
        const shown = turn();
        if (shown === undefined) later();
        else shown.catch(lose);
      },
    });
  };

  return {
    report(document) {
      if (state === 'over') return Promise.resolve();
      trail.add(document);
      if (state === 'lost') return Promise.resolve();
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
      waiting ??= withResolvers<void>();
      return waiting.promise;
    },
    end() {
      state = 'over';
      if (alarm !== undefined) alarms.clear(alarm);
      alarm = undefined;
      release();
    },
    ending(last) {
      const replaces = changeable();
      const isTold = replaces !== undefined && !trail.hasNews && trail.last === last;
      return { document: isTold ? undefined : trail.with(last), replaces };
    },
    get isShown() {
      return posted !== undefined;
    },
  };
}
