import { randomUUID } from 'node:crypto';
import type { Access } from '../access/access.ts';
import { createAlarms } from '../async/alarms.ts';
import { createBag } from '../async/bag.ts';
import type { Audit } from '../audit/audit.ts';
import { type Caller, CommandError } from '../commands/command.ts';
import type { CommandSet } from '../commands/set.ts';
import type { Document } from '../document/document.ts';
import type { Form, Message } from '../inputs/input.ts';
import type { Log } from '../log/log.ts';
import { addressing } from './address.ts';
import type { Aliases, Expanded } from './alias/aliases.ts';
import { cancelled, failure, hint, leftAlone, stopped } from './answers.ts';
import type { Approvals, Grant } from './approval/approvals.ts';
import { headingOf } from './approval/heading.ts';
import { delivering } from './deliver.ts';
import { formOf } from './form.ts';
import type { Answerer, Desk } from './invocation/desk.ts';
import { type Failed, invoke, type Live } from './invocation/invoke.ts';
import { callerOf } from './invocation/caller.ts';
import type { Request } from './invocation/request.ts';
import type { Jobs } from './jobs/jobs.ts';
import { typedLine } from './line.ts';
import { type Answered, createQuestions } from './questions.ts';
import type { Reach } from './reach.ts';
import { refusal } from './refusal.ts';
import type { DueOutcome } from './schedule/schedules.ts';

export interface RouterOptions {
  /** The bot's name, by which people call it in rooms. */
  readonly name: string;
  readonly commands: () => CommandSet;
  /** For commands that don't say how long they may run. */
  readonly timeoutMs: number;
  readonly access: Access | undefined;
  readonly approvals: Approvals | undefined;
  readonly audit: Audit | undefined;
  readonly jobs: Jobs;
  readonly aliases: Aliases | undefined;
  /** The line that a line stands for, or undefined: `rerun 41`. May throw a `CommandError`. */
  readonly rewrite: ((said: string, caller: Caller) => string | undefined) | undefined;
  readonly answerer: ((invocation: string) => Answerer | undefined) | undefined;
  readonly reach: Reach;
  readonly log: Log;
}

/** Finds the command that a message asks for, runs it and answers. */
export interface Router {
  /** What the message says to the bot; undefined for talk that is no business of ours. */
  admit(message: Message): string | undefined;
  /** Whether it is for a command that does not wait for what runs in its conversation. */
  isUrgent(said: string): boolean;
  /**
   * Answers `said`, what `admit` gave for the message, and calls `done` when the last reply was taken. `input` is the name of the
   * input it came from. `cause` and `grant`: what made it run, where nobody typed it just now. Never throws.
   */
  answer(
    input: string,
    message: Message,
    said: string,
    done: (outcome: DueOutcome) => void,
    cause?: string,
    grant?: Grant,
  ): void;
  /** Who asks, for those who want to know before anything runs. Throws what the access rules throw. */
  callerIn(input: string, message: Message): Caller;
  /** Answers with a sentence instead of running anything. `done` as above. */
  refuse(message: Message, sentence: string, done: () => void): void;
  /** Whether a question to its person stands where this message was said. */
  isAsked(input: string, message: Message): boolean;
  /** Ends what runs for this message, as its person wants. False when nothing does. */
  cancel(message: Message): boolean;
  /** Ends what is under way, all of it or all but what runs and has an end of its own, and tells its people. */
  stop(which: 'all but ending' | 'all'): void;
}

/** What somebody said, in full. */
type Meant = Pick<Expanded, 'line'> & Partial<Expanded>;

/** What is no answer to the question that was asked. */
type Wrong = Extract<Answered, { kind: 'wrong' }>;

/** They stand for a word of somebody's, too, but that wants a code behind them. */
const yesOrNo = /^(?:yes|no)$/i;

export function createRouter(options: RouterOptions): Router {
  const { name, commands, log, access, aliases, rewrite } = options;
  const alarms = createAlarms();
  const deliver = delivering(alarms, log);
  const address = addressing(name);
  const running = createBag<Live>();
  const questions = createQuestions();
  const desk: Desk = { ...options, deliver, alarms, instance: randomUUID() };

  const callerIn = (input: string, message: Message): Caller => callerOf(input, message, access, log);

  const isUrgent = (said: string): boolean => {
    const set = commands();
    return set.find(typedLine(said).head(set.longest))?.command.isUrgent === true;
  };

  /** A line and no value, as the buttons of a question say it. One word may be either: it is a line when that does no harm, and no choice was left. */
  const isLine = (input: string, message: Message, said: string): boolean => {
    const words = typedLine(said).head(Math.max(2, commands().longest));
    const command = commands().find(words)?.command;
    if (words.length > 1) return words[0] === '--plan' || command !== undefined;
    return command?.effect === 'read' && !questions.offers(input, message, said);
  };

  /** The line that is meant: names that people made are replaced, and what was left out is filled in. */
  const read = (caller: Caller, message: Message, said: string, cause: string): Meant | Wrong => {
    const { input } = caller;
    const isTyped = cause === 'message';
    // `approve K7QD-2M` is no answer to a question, even where one is open.
    const whose = { person: caller.person ?? '', input, room: message.room.id, isKnown: caller.isKnown };
    const isAnswer =
      isTyped && questions.isOpen && (yesOrNo.test(said) || !(isUrgent(said) || isLine(input, message, said)));
    if (isAnswer && typedLine(said).head(2).length > 1) {
      const named = aliases?.expand(said, whose);
      if (named !== undefined) return named;
    }
    const answered = isAnswer ? questions.answer(input, message, said) : undefined;
    if (answered?.kind === 'wrong') return answered;
    const line = answered?.line ?? said;
    // Whoever kept it kept what it means: by now somebody else may have made another name of its words.
    if (!isTyped) return { line };
    const again = rewrite?.(line, caller);
    if (again !== undefined) return { line: again };
    return aliases?.expand(line, whose) ?? { line };
  };

  /** Of who sits there. */
  const ask: Failed = ({ caller, message, line, cause }, error) => {
    if (cause !== 'message' || !(error instanceof CommandError) || error.missing === undefined) return undefined;
    // Another stranger, whom the network calls the same, could answer.
    if (caller.isKnown === false) return undefined;
    const { missing } = error;
    const inWords = (): Document | undefined => questions.ask(caller.input, message, line, error, missing);
    if (message.ask === undefined) return inWords();
    const set = commands();
    const name = set.find(typedLine(line).head(set.longest))?.command.name ?? missing.name;
    return shows(message, formOf(name, line, missing, error)).then((isShown) => (isShown ? 'shown' : inWords()));
  };

  const shows = async (message: Message, form: Form): Promise<boolean> => {
    try {
      return (await message.ask?.(form)) === true;
    } catch (error) {
      log.warn('a form could not be shown', { message: message.id, error });
      return false;
    }
  };

  const run = (request: Request, done: (outcome: DueOutcome) => void): void => {
    const { cancelled: takenBack } = request.message;
    const cancel = takenBack === undefined ? undefined : (): void => live.stop(cancelled);
    const live = invoke(request, desk, ask, (outcome) => {
      running.remove(place);
      if (cancel !== undefined) takenBack?.removeEventListener('abort', cancel);
      done(outcome);
    });
    const place = running.add(live);
    if (cancel !== undefined) takenBack?.addEventListener('abort', cancel, { once: true });
    live.start();
  };

  const say = (
    message: Message,
    answer: string,
    kind: 'aside' | 'error',
    outcome: DueOutcome,
    done: (outcome: DueOutcome) => void,
  ): void => deliver(message, answer, kind, () => done(outcome));

  return {
    admit(message) {
      const addressed = address(message);
      if (addressed === undefined) return undefined;
      if (addressed.surely) return addressed.text;
      // `/etc/hosts is broken` is talk.
      const set = commands();
      return set.find(typedLine(addressed.text).head(set.longest)) === undefined ? undefined : addressed.text;
    },
    isUrgent,
    answer(input, message, said, done, cause = 'message', grant) {
      try {
        const refused = refusal(message.text);
        if (refused !== undefined) say(message, refused, 'error', 'failed', done);
        else if (message.cancelled?.aborted === true) say(message, cancelled, 'error', 'cancelled', done);
        else if (said === '') say(message, hint, 'aside', 'done', done);
        else if (cause === 'message' && questions.isOpen && questions.takeBack(input, message, said)) {
          say(message, leftAlone, 'aside', 'done', done);
        } else {
          // What was agreed to is run as it was shown.
          const caller = callerIn(input, message);
          const meant: Meant | Wrong =
            grant === undefined ? read(caller, message, said, cause) : { line: said, heading: headingOf(grant) };
          if ('question' in meant) {
            deliver(message, meant.question, 'error', () => done('failed'));
          } else {
            const { line, names, heading } = meant;
            run({ caller, message, line, cause, grant, names, heading }, done);
          }
        }
      } catch (error) {
        say(message, failure(error), 'error', 'failed', done);
      }
    },
    callerIn,
    isAsked: (input, message) => questions.isOpen && questions.isAsked(input, message),
    refuse: (message, sentence, done) => deliver(message, sentence, 'error', done),
    cancel(message) {
      const live = running.places().find(({ value }) => value.request.message === message)?.value;
      live?.stop(cancelled);
      return live !== undefined;
    },
    stop(which) {
      for (const { value } of running.places()) {
        if (which === 'all') value.stop(stopped);
        else value.stopUnlessEnding(stopped);
      }
    },
  };
}
