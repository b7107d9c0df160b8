import type { Alarm } from '../../../async/alarms.ts';
import { type Resolvers, withResolvers } from '../../../async/queue.ts';
import type { Document } from '../../../document/document.ts';
import { SlackError } from '../api.ts';
import { stopAction } from '../controls.ts';
import type { Spot } from '../spot.ts';
import { renderSlack } from '../render/render.ts';
import type { Rendered } from '../rendered.ts';
import type { Desk } from './desk.ts';
import { inShort } from './in-short.ts';
import { createTrail } from './trail.ts';
import type { Posted, Voice } from './voice.ts';

/** What a command reports before its end: one message that changes, now and then. */
export interface Progress {
  /**
   * Resolves when it was shown or is sure to be, with the next change. Many at once wait for that change, so that nobody reports faster
   * than can be seen. Rejects only for the first one.
   */
  report(document: Document): Promise<void>;
  /** Nothing more is shown. Returns all that was reported, and what comes last, as one document. */
  end(last?: Document): Document;
  /** The message that shows it, to be known when all that was begun in its conversation is done. */
  readonly posted: Posted | undefined;
}

/** Adds to the conversation's order, unless too much waits there. */
export type Enqueue = (work: () => Promise<void>) => Promise<void> | undefined;

/** How many reports may share one change of the message. */
const mostAtOnce = 1_000;

export function createProgress(spot: Spot, voice: Voice, desk: Desk, enqueue: Enqueue): Progress {
  const { alarms, paceMs, log } = desk;
  const trail = createTrail();
  const options = {
    ...(spot.direct || spot.user === undefined ? {} : { mention: spot.user }),
    ...(spot.keys === undefined ? {} : { stop: { actionId: stopAction, value: spot.keys[0] } }),
    maxMessages: 1,
  };
  let state: 'new' | 'open' | 'lost' | 'over' = 'new';
  let posted: Posted | undefined;
  let isBusy = false;
  let unseen = 0;
  let seen: Resolvers<void> | undefined;
  let alarm: Alarm | undefined;

  const release = (): void => {
    seen?.resolve();
    seen = undefined;
  };

  const lose = (error: unknown): void => {
    log.debug('progress is not shown', { team: spot.team, channel: spot.channel, error });
    state = state === 'over' ? 'over' : 'lost';
  };

  const latest = (): Rendered => {
    unseen = 0;
    return inShort(renderSlack(trail.with(), options), trail.last, options).messages[0];
  };

  const open = async (): Promise<void> => {
    const message = latest();
    try {
      posted = await voice.open(message);
    } catch (error) {
      // A slash command works where the bot is no member; what is shown there can't be changed.
      if (spot.responseUrl === undefined || !(error instanceof SlackError) || error.code !== 'refused') throw error;
      await voice.whisper(message);
    }
    if (state === 'new') state = posted === undefined ? 'lost' : 'open';
  };

  const change = async (target: Posted): Promise<void> => {
    try {
      await voice.change(target, latest());
    } catch (error) {
      if (!(error instanceof SlackError) || error.code === 'refused') lose(error);
      else log.debug('a progress was not shown', { team: spot.team, channel: spot.channel, error });
    }
  };

  /** Shows what there is, in its turn. */
  const show = (): Promise<void> | undefined => {
    isBusy = true;
    const shown = enqueue(async () => {
      if (state === 'new') await open();
      else if (state === 'open' && posted !== undefined) await change(posted);
    });
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
        // Many commands that report at the same time share what their workspace allows.
        const shown = desk.changes(spot.team).tryTake() ? show() : undefined;
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
        const shown = show()?.catch((error: unknown) => {
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
    end(last) {
      state = 'over';
      if (alarm !== undefined) alarms.clear(alarm);
      alarm = undefined;
      release();
      return trail.with(last);
    },
    get posted() {
      return posted;
    },
  };
}
