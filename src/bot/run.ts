import type { Alarm, Alarms, Ringing } from '../async/alarms.ts';
import {
  type Arguments,
  type Caller,
  type Command,
  CommandError,
  type Invocation,
  type OptionValues,
  type Planned,
} from '../commands/command.ts';
import type { Document } from '../document/document.ts';
import type { Log } from '../log/log.ts';
import { failure, timedOut } from './answers.ts';
import { drain } from './drain.ts';
import { type Conceal, concealError } from './invocation/conceal.ts';
import { LazySignal } from './lazy-signal.ts';

/** How a run ended. */
export type RunEnd =
  | { readonly kind: 'answer' | 'aside'; readonly document: Document }
  | { readonly kind: 'error'; readonly outcome: 'failed' | 'cancelled' | 'timed out'; readonly words: string };

/** Whose run it is. */
export interface RunOwner {
  /** Shows what is not the end yet. The command is asked for more when it was taken. Must not reject. */
  progress(document: Document): Promise<void>;
  /** Called once. */
  ended(end: RunEnd): void;
}

export interface RunOptions {
  readonly command: Command;
  /** The invocation's. */
  readonly id: string;
  readonly planned: Planned;
  readonly timeoutMs: number;
  readonly owner: RunOwner;
  /** For what the log says about it. */
  readonly conceal: Conceal;
  readonly alarms: Alarms;
  readonly log: Log;
}

/**
 * A command that runs. It ends once, whatever the command does: one that throws, hangs or ignores its signal is no concern of
 * anybody but its person, and what comes after the end is dropped.
 */
export class Run implements Ringing {
  readonly #options: RunOptions;
  readonly #signal: LazySignal = new LazySignal();
  readonly #alarm: Alarm;
  #over = false;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#alarm = options.alarms.set(options.timeoutMs, this);
  }

  /** Starts the command. */
  start(): void {
    try {
      this.#follow(this.#options.command.run(new Started(this.#options, this.#signal)));
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Ends it now: its person is told why, and the command's signal aborts. */
  stop(why: string): void {
    if (!this.#over) this.#cut('cancelled', why, new DOMException(why, 'AbortError'));
  }

  /** The deadline. */
  ring(): void {
    if (!this.#over)
      this.#cut('timed out', timedOut(this.#options.timeoutMs), new DOMException('deadline exceeded', 'TimeoutError'));
  }

  #cut(outcome: 'cancelled' | 'timed out', words: string, reason: DOMException): void {
    this.#end({ kind: 'error', outcome, words });
    this.#signal.abort(reason);
  }

  #end(end: RunEnd): void {
    this.#over = true;
    this.#options.owner.ended(end);
    // The last, since what the owner does may set the next: a clock that is stopped and started again takes its time.
    this.#options.alarms.clear(this.#alarm);
  }

  #follow(result: ReturnType<Command['run']>): void {
    const last = isIterable(result) ? this.#drain(result) : Promise.resolve(result);
    last.then(
      (document) => this.#answered(document),
      (error: unknown) => this.#failed(error),
    );
  }

  #drain(documents: AsyncIterable<Document>): Promise<Document> {
    const show = async (document: Document): Promise<void> => {
      if (!this.#over) await this.#options.owner.progress(document);
    };
    return drain(documents, show, () => this.#over);
  }

  #answered(document: Document): void {
    if (this.#over) this.#options.log.info('a late answer was dropped', this.#about());
    else if (isDocument(document))
      this.#end({ kind: this.#options.command.isAside === true ? 'aside' : 'answer', document });
    else this.#failed(new Error('the command answered with something that is no document'));
  }

  #failed(error: unknown): void {
    const { log, conceal } = this.#options;
    if (this.#over) {
      log.debug('a late failure was dropped', { ...this.#about(), error: concealError(error, conceal) });
      return;
    }
    if (!(error instanceof CommandError)) {
      log.warn('a command threw what was not written for people', {
        ...this.#about(),
        error: concealError(error, conceal),
      });
    }
    const isLate = error instanceof CommandError && error.code === 'timed_out';
    this.#end({ kind: 'error', outcome: isLate ? 'timed out' : 'failed', words: failure(error) });
    // It may still be at work: what failed can be a filter behind it.
    this.#signal.abort(new DOMException('failed', 'AbortError'));
  }

  #about(): { readonly command: string; readonly id: string } {
    return { command: this.#options.command.name, id: this.#options.id };
  }
}

/** What the command gets. Its signal is made when the command asks for it: most are done before they would. */
class Started implements Invocation {
  readonly id: string;
  readonly args: Arguments;
  readonly options: OptionValues;
  readonly caller: Caller;
  readonly #lazy: LazySignal;

  constructor({ id, planned: { args, options, caller } }: RunOptions, lazy: LazySignal) {
    this.id = id;
    this.args = args;
    this.options = options;
    this.caller = caller;
    this.#lazy = lazy;
  }

  get signal(): AbortSignal {
    return this.#lazy.signal;
  }
}

// Commands may come from plain JavaScript, which does not keep to the types.
const isIterable = (result: unknown): result is AsyncIterable<Document> =>
  typeof result === 'object' && result !== null && Symbol.asyncIterator in result;
const isDocument = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string';
