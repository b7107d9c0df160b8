import type { ReplyKind } from '../../inputs/input.ts';
import { type Document, text } from '../../document/document.ts';
import { failure } from '../answers.ts';
import type { Desk } from './desk.ts';
import { Ongoing } from './ongoing.ts';
import { prepare } from './prepare.ts';
import type { Request } from './request.ts';

/** A line that is being dealt with. */
export interface Live {
  readonly request: Request;
  readonly isEndless: boolean;
  /** Ends it now: its person is told why. */
  stop(why: string): void;
}

/** Deals with a line until its person has the last reply, then calls `done`. `failed` may turn what went wrong into a question. Never throws. */
export function invoke(
  request: Request,
  desk: Desk,
  failed: (error: unknown) => Document | undefined,
  done: () => void,
): Live {
  let ongoing: Ongoing | undefined;
  let why: string | undefined;
  const say = (document: Document, kind: ReplyKind): void => desk.deliver(request.message, document, kind, done);

  prepare(request, desk).then(
    (prepared) => {
      if (why !== undefined) say(text(why), 'error');
      else if (prepared.kind === 'said') say(prepared.document, prepared.as);
      else {
        ongoing = new Ongoing(prepared.allowed, desk, done);
        ongoing.open();
      }
    },
    (error: unknown) => {
      const question = why === undefined ? failed(error) : undefined;
      if (question === undefined) say(text(why ?? failure(error)), 'error');
      else say(question, 'answer');
    },
  );

  return {
    request,
    get isEndless() {
      return ongoing?.isEndless === true;
    },
    stop(reason) {
      if (ongoing === undefined) why = reason;
      else ongoing.stop(reason);
    },
  };
}
