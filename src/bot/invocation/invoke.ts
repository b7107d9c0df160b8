import type { ReplyKind } from '../../inputs/input.ts';
import { type Document, text } from '../../document/document.ts';
import { failure } from '../answers.ts';
import type { DueOutcome } from '../schedule/schedules.ts';
import { concealing } from './conceal.ts';
import type { Desk } from './desk.ts';
import { Ongoing } from './ongoing.ts';
import { type Prepared, prepare } from './prepare.ts';
import type { Request } from './request.ts';

/** A line that is being dealt with. */
export interface Live {
  readonly request: Request;
  /** Once. It may be over when this returns. */
  start(): void;
  /** Ends it now: its person is told why. Somebody who is being asked for a word already is asked all the same, and may refuse. */
  stop(why: string): void;
  /** Ends it now, unless it runs and has an end of its own. */
  stopUnlessEnding(why: string): void;
}

/** Without secrets in sight: what a plan throws may hold anything. */
const shapes = concealing([]);

/** Deals with a line until its person has the last reply, then calls `done`. `failed` may turn what went wrong into a question. Never throws. */
export function invoke(
  request: Request,
  desk: Desk,
  failed: (error: unknown) => Document | undefined,
  done: (outcome: DueOutcome) => void,
): Live {
  let ongoing: Ongoing | undefined;
  let isOver = false;
  /** Nothing keeps it from being begun or asked for but its own end. */
  let isTaken = false;
  let why: string | undefined;

  const say = (document: Document, kind: ReplyKind, outcome: DueOutcome): void => {
    isOver = true;
    desk.deliver(request.message, document, kind, () => done(outcome));
  };
  /** False when it was taken back before. */
  const take = (): boolean => {
    isTaken = !isOver;
    return isTaken;
  };
  const proceed = (prepared: Prepared): void => {
    if (isOver) return;
    if (prepared.kind === 'said') {
      say(prepared.document, prepared.as, prepared.outcome);
      return;
    }
    ongoing = new Ongoing(prepared.allowed, desk, done);
    if (why === undefined) ongoing.open();
    else ongoing.stop(why);
  };
  const fail = (error: unknown): void => {
    if (isOver) return;
    const question = failed(error);
    if (question === undefined) say(text(shapes(failure(error))), 'error', 'failed');
    else say(question, 'answer', 'waits');
  };

  const stop = (reason: string): void => {
    if (ongoing !== undefined) ongoing.stop(reason);
    else if (isTaken) why ??= reason;
    else if (!isOver) say(text(reason), 'error', 'cancelled');
  };

  return {
    request,
    start() {
      try {
        const prepared = prepare(request, desk, take);
        if (prepared instanceof Promise) prepared.then(proceed).catch(fail);
        else proceed(prepared);
      } catch (error) {
        fail(error);
      }
    },
    stop,
    stopUnlessEnding(reason) {
      if (ongoing === undefined || ongoing.isEndless || !ongoing.isRunning) stop(reason);
    },
  };
}
