import { CommandError } from '../../commands/command.ts';
import { elsewhereHint } from '../../commands/suggest.ts';
import type { ReplyKind } from '../../inputs/input.ts';
import { type Document, text } from '../../document/document.ts';
import { failure } from '../answers.ts';
import type { DueOutcome } from '../schedule/schedules.ts';
import { concealing } from './conceal.ts';
import type { Desk } from './desk.ts';
import { saying } from './heading.ts';
import { Ongoing } from './ongoing.ts';
import { type Prepared, prepare, type Taking } from './prepare.ts';
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

/** `shown`: they have a form before them. */
export type Question = Document | 'shown' | undefined;

/** What may be asked of a person whose line failed, instead of telling why. */
export type Failed = (request: Request, error: unknown) => Question | Promise<Question>;

/** Without secrets in sight: what a plan throws may hold anything. */
const shapes = concealing([]);

/** Deals with a line until its person has the last reply, then calls `done`. `failed` may turn what went wrong into a question. Never throws. */
export const invoke = (request: Request, desk: Desk, failed: Failed, done: (outcome: DueOutcome) => void): Live =>
  new Line(request, desk, failed, done);

// A class, because every message makes one: an object with so many functions costs several times as much.
class Line implements Live, Taking {
  readonly request: Request;
  readonly #desk: Desk;
  readonly #failed: Failed;
  readonly #done: (outcome: DueOutcome) => void;
  #ongoing: Ongoing | undefined;
  #isOver = false;
  /** Nothing keeps it from being begun or asked for but its own end. */
  #isTaken = false;
  #why: string | undefined;

  constructor(request: Request, desk: Desk, failed: Failed, done: (outcome: DueOutcome) => void) {
    this.request = request;
    this.#desk = desk;
    this.#failed = failed;
    this.#done = done;
  }

  start(): void {
    try {
      const prepared = prepare(this.request, this.#desk, this);
      if (prepared instanceof Promise) {
        prepared.then((late) => this.#proceed(late)).catch((error: unknown) => this.#fail(error));
      } else this.#proceed(prepared);
    } catch (error) {
      this.#fail(error);
    }
  }

  stop(reason: string): void {
    if (this.#ongoing !== undefined) this.#ongoing.stop(reason);
    else if (this.#isTaken) this.#why ??= reason;
    else if (!this.#isOver) this.#say(text(reason), 'error', 'cancelled');
  }

  stopUnlessEnding(reason: string): void {
    const ongoing = this.#ongoing;
    if (ongoing === undefined || ongoing.isEndless || !ongoing.isRunning) this.stop(reason);
  }

  take(): boolean {
    this.#isTaken = !this.#isOver;
    return this.#isTaken;
  }

  #proceed(prepared: Prepared): void {
    if (this.#isOver) return;
    if (prepared.kind === 'said') {
      this.#say(prepared.document, prepared.as, prepared.outcome);
      return;
    }
    this.#ongoing = new Ongoing(prepared, this.#desk, this.#done);
    if (this.#why === undefined) this.#ongoing.open();
    else this.#ongoing.stop(this.#why);
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    const question = this.#failed(this.request, error);
    if (question instanceof Promise) void this.#askLate(question, error);
    else this.#ask(question, error);
  }

  async #askLate(question: Promise<Question>, error: unknown): Promise<void> {
    this.#ask(await question.catch(() => undefined), error);
  }

  #ask(question: Question, error: unknown): void {
    if (this.#isOver) return;
    if (question === 'shown') {
      this.#isOver = true;
      this.#done('waits');
    } else if (question === undefined) {
      const hint = error instanceof CommandError && error.code === 'usage' ? elsewhereHint(this.request.line) : '';
      this.#say(text(shapes(failure(error)) + hint), 'error', 'failed');
    } else this.#say(question, 'answer', 'waits');
  }

  #say(document: Document, kind: ReplyKind, outcome: DueOutcome): void {
    this.#isOver = true;
    saying(this.request, this.#desk.deliver)(document, kind, () => this.#done(outcome));
  }
}
