import type { ReplyKind } from '../../inputs/input.ts';
import { type Document, text } from '../../document/document.ts';
import { failure } from '../answers.ts';
import type { DueOutcome } from '../schedule/schedules.ts';
import type { Desk } from './desk.ts';
import { Ongoing } from './ongoing.ts';
import { type Prepared, prepare } from './prepare.ts';
import type { Request } from './request.ts';

/** A line that is being dealt with. */
export interface Live {
  readonly request: Request;
  /** Once. It may be over when this returns. */
  start(): void;
  /** Ends it now: its person is told why. */
  stop(why: string): void;
  /** Ends it, now or as soon as it turns out to have no end of its own. */
  stopEndless(why: string): void;
}

/** Deals with a line until its person has the last reply, then calls `done`. `failed` may turn what went wrong into a question. Never throws. */
export function invoke(
  request: Request,
  desk: Desk,
  failed: (error: unknown) => Document | undefined,
  done: (outcome: DueOutcome) => void,
): Live {
  let ongoing: Ongoing | undefined;
  let why: string | undefined;
  let whyEndless: string | undefined;
  const say = (document: Document, kind: ReplyKind, outcome: DueOutcome): void =>
    desk.deliver(request.message, document, kind, () => done(outcome));

  const proceed = (prepared: Prepared): void => {
    if (why !== undefined) say(text(why), 'error', 'cancelled');
    else if (prepared.kind === 'said') say(prepared.document, prepared.as, prepared.outcome);
    else {
      ongoing = new Ongoing(prepared.allowed, desk, done);
      ongoing.open();
      if (whyEndless !== undefined && ongoing.isEndless) ongoing.stop(whyEndless);
    }
  };
  const fail = (error: unknown): void => {
    const question = why === undefined ? failed(error) : undefined;
    if (question !== undefined) say(question, 'answer', 'waits');
    else if (why === undefined) say(text(failure(error)), 'error', 'failed');
    else say(text(why), 'error', 'cancelled');
  };

  const start = (): void => {
    try {
      const prepared = prepare(request, desk);
      if (prepared instanceof Promise) prepared.then(proceed, fail);
      else proceed(prepared);
    } catch (error) {
      fail(error);
    }
  };

  return {
    request,
    start,
    stop(reason) {
      if (ongoing === undefined) why = reason;
      else ongoing.stop(reason);
    },
    stopEndless(reason) {
      if (ongoing === undefined) whyEndless = reason;
      else if (ongoing.isEndless) ongoing.stop(reason);
    },
  };
}
