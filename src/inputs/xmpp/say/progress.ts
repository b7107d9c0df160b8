import { createShowing, type ShowingOptions } from '../../../async/showing.ts';
import type { Document } from '../../../document/document.ts';
import type { Desk } from './desk.ts';
import type { Content } from './stanza.ts';
import type { Target } from './target.ts';
import { createTrail, type Trail } from './trail.ts';
import type { Posted } from './voice.ts';

/** What a command reports before its end: one message that changes now and then, for as long as it is the last one there. */
export interface Progress {
  /** Settles as `Showing.changed`. */
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

/** Messages that can't be changed come less often. */
const calmer = 5;

/** `enqueue` adds to the conversation's order, unless too much waits there. */
export function createProgress(
  target: Target,
  desk: Desk,
  show: (document: Document, last: Document) => Promise<Content>,
  enqueue: ShowingOptions['enqueue'],
): Progress {
  const { voice, alarms, hasCorrections, log } = desk;
  const trail: Trail = createTrail();
  let posted: Posted | undefined;

  /** The message that may be changed now. Where there is none, another one begins. */
  const changeable = (): Posted | undefined => {
    if (posted !== undefined && hasCorrections && voice.isLast(posted)) return posted;
    trail.turn();
    return undefined;
  };

  const say = async (): Promise<boolean> => {
    const replaces = changeable();
    const document = trail.with();
    if (document === undefined) return true;
    // Seen or not, it is never said again: nobody knows what became of a message that failed.
    trail.seen();
    posted = await voice.say(target, await show(document, trail.last ?? document), { replaces });
    return true;
  };

  const showing = createShowing({
    alarms,
    everyMs: hasCorrections ? desk.paceMs : desk.paceMs * calmer,
    enqueue,
    show: say,
    mayShow: () => true,
    onLost: (error) => log.debug('progress is not shown', { to: target.to, error }),
  });

  return {
    report(document) {
      if (showing.isOver) return Promise.resolve();
      trail.add(document);
      return showing.changed();
    },
    end: () => showing.end(),
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
