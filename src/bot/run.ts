import { type Command, CommandError, type Invocation } from '../commands/command.ts';
import { type Document, text } from '../document/document.ts';
import { withResolvers } from '../async/queue.ts';
import type { Log } from '../log/log.ts';
import { failure, timedOut } from './answers.ts';
import { drain } from './drain.ts';

/** How a run ended, as its person gets to see it. */
export interface Outcome {
  readonly kind: 'answer' | 'error';
  readonly document: Document;
}

/** A command that runs. It has one outcome, whatever the command does: what comes after that is dropped. */
export interface Run {
  readonly outcome: Promise<Outcome>;
  /** Ends it now with these words, and aborts the command's signal. */
  stop(words: string): void;
}

export interface RunOptions {
  readonly command: Command;
  readonly invocation: Omit<Invocation, 'signal'>;
  readonly timeoutMs: number;
  /** Shows what is not the end yet. The command is asked for more when it was taken. */
  readonly progress: (document: Document) => Promise<void>;
  readonly log: Log;
}

/** Timers can't be longer. */
const maxTimerMs = 2 ** 31 - 1;

/** Starts a command. A command that throws, hangs or ignores its signal is no concern of anybody but its person. */
export function startRun({ command, invocation, timeoutMs, progress, log }: RunOptions): Run {
  const { promise, resolve } = withResolvers<Outcome>();
  const about = { command: command.name, id: invocation.id };
  let over = false;
  let abortedBy: DOMException | undefined;
  let controller: AbortController | undefined;

  const end = (outcome: Outcome): void => {
    over = true;
    clearTimeout(timer);
    resolve(outcome);
  };
  const cut = (words: string, reason: DOMException): void => {
    if (over) return;
    end({ kind: 'error', document: text(words) });
    abortedBy = reason;
    controller?.abort(reason);
  };
  const timer = setTimeout(
    () => cut(timedOut(timeoutMs), new DOMException('deadline exceeded', 'TimeoutError')),
    Math.min(timeoutMs, maxTimerMs),
  );

  const answered = (document: Document): void => {
    if (over) log.info('a late answer was dropped', about);
    else if (isDocument(document)) end({ kind: 'answer', document });
    else failed(new Error('the command answered with something that is no document'));
  };
  const failed = (error: unknown): void => {
    if (over) {
      log.debug('a late failure was dropped', { ...about, error });
      return;
    }
    if (!(error instanceof CommandError))
      log.warn('a command threw what was not written for people', { ...about, error });
    end({ kind: 'error', document: text(failure(error)) });
  };

  try {
    const result = command.run({
      ...invocation,
      // Most commands are done before they would look at it: made when somebody asks.
      get signal() {
        if (controller === undefined) {
          controller = new AbortController();
          if (abortedBy !== undefined) controller.abort(abortedBy);
        }
        return controller.signal;
      },
    });
    const show = (document: Document): Promise<void> => (over ? Promise.resolve() : progress(document));
    const last = isIterable(result) ? drain(result, show, () => over) : Promise.resolve(result);
    last.then(answered, failed);
  } catch (error) {
    failed(error);
  }
  return { outcome: promise, stop: (words) => cut(words, new DOMException('the bot is shutting down', 'AbortError')) };
}

// Commands may come from plain JavaScript, which does not keep to the types.
const isIterable = (result: unknown): result is AsyncIterable<Document> =>
  typeof result === 'object' && result !== null && Symbol.asyncIterator in result;
const isDocument = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string';
