import { createShowing, type ShowingOptions } from '../../../async/showing.ts';
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
  /** Settles as `Showing.changed`. */
  report(document: Document): Promise<void>;
  /** Nothing more is shown. Returns all that was reported, and what comes last, as one document. */
  end(last?: Document): Document;
  /** The message that shows it, to be known when all that was begun in its conversation is done. */
  readonly posted: Posted | undefined;
}

/** `enqueue` adds to the conversation's order, unless too much waits there. */
export function createProgress(spot: Spot, voice: Voice, desk: Desk, enqueue: ShowingOptions['enqueue']): Progress {
  const { alarms, paceMs, log } = desk;
  const trail = createTrail();
  const options = {
    ...(spot.direct || spot.user === undefined ? {} : { mention: spot.user }),
    ...(spot.keys === undefined ? {} : { stop: { actionId: stopAction, value: spot.keys[0] } }),
    maxMessages: 1,
  };
  let posted: Posted | undefined;

  const notShown = (error: unknown): void =>
    log.debug('progress is not shown', { team: spot.team, channel: spot.channel, error });

  const latest = (): Rendered => inShort(renderSlack(trail.with(), options), trail.last, options).messages[0];

  const open = async (): Promise<boolean> => {
    const message = latest();
    try {
      posted = await voice.open(message);
    } catch (error) {
      // A slash command works where the bot is no member; what is shown there can't be changed.
      if (spot.responseUrl === undefined || !(error instanceof SlackError) || error.code !== 'refused') throw error;
      await voice.whisper(message);
    }
    return posted !== undefined;
  };

  const change = async (target: Posted): Promise<boolean> => {
    try {
      await voice.change(target, latest());
    } catch (error) {
      notShown(error);
      return error instanceof SlackError && error.code !== 'refused';
    }
    return true;
  };

  const showing = createShowing({
    alarms,
    everyMs: paceMs,
    enqueue,
    show: () => (posted === undefined ? open() : change(posted)),
    // Many commands that report at the same time share what their workspace allows.
    mayShow: () => desk.changes(spot.team).tryTake(),
    onLost: notShown,
  });

  return {
    report(document) {
      if (showing.isOver) return Promise.resolve();
      trail.add(document);
      return showing.changed();
    },
    end(last) {
      showing.end();
      return trail.with(last);
    },
    get posted() {
      return posted;
    },
  };
}
