import type { Alarm, Ringing } from '../async/alarms.ts';
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
import { failure, timedOut } from './answers.ts';
import { drain } from './drain.ts';
import { concealError } from './invocation/conceal.ts';
import type { Desk } from './invocation/desk.ts';
import type { Reading } from './invocation/reading.ts';
import type { Job } from './jobs/jobs.ts';
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

/**
 * A command that runs. It ends once, whatever the command does: one that throws, hangs or ignores its signal is no concern of
 * anybody but its person, and what comes after the end is dropped.
 */
export class Run implements Ringing {
  readonly #reading: Reading;
  readonly #job: Job;
  readonly #owner: RunOwner;
  readonly #desk: Desk;
  readonly #signal: LazySignal = new LazySignal();
  readonly #alarm: Alarm;
  #over = false;

  constructor(reading: Reading, job: Job, owner: RunOwner, desk: Desk) {
    this.#reading = reading;
    this.#job = job;
    this.#owner = owner;
    this.#desk = desk;
    this.#alarm = desk.alarms.set(this.#timeoutMs, this);
  }

  /** Starts the command. */
  start(): void {
    try {
      const { command, planned } = this.#reading;
      this.#follow(command.run(new Started(this.#desk.instance, this.#job, planned, this.#signal)));
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
      this.#cut('timed out', timedOut(this.#timeoutMs), new DOMException('deadline exceeded', 'TimeoutError'));
  }

  #cut(outcome: 'cancelled' | 'timed out', words: string, reason: DOMException): void {
    this.#end({ kind: 'error', outcome, words });
    this.#signal.abort(reason);
  }

  #end(end: RunEnd): void {
    this.#over = true;
    this.#owner.ended(end);
    // The last, since what the owner does may set the next: a clock that is stopped and started again takes its time.
    this.#desk.alarms.clear(this.#alarm);
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
      if (!this.#over) await this.#owner.progress(document);
    };
    return drain(documents, show, () => this.#over);
  }

  #answered(document: Document): void {
    if (this.#over) this.#desk.log.info('a late answer was dropped', this.#about());
    else if (isDocument(document))
      this.#end({ kind: this.#reading.command.isAside === true ? 'aside' : 'answer', document });
    else this.#failed(new Error('the command answered with something that is no document'));
  }

  #failed(error: unknown): void {
    const { log } = this.#desk;
    const { conceal } = this.#reading;
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

  get #timeoutMs(): number {
    return this.#reading.command.timeoutMs ?? this.#desk.timeoutMs;
  }

  #about(): { readonly command: string; readonly id: string } {
    return { command: this.#reading.command.name, id: `${this.#desk.instance}-${this.#job.id}` };
  }
}

/** What the command gets. Its signal and its id are made when the command asks for them: most are done before they would. */
class Started implements Invocation {
  readonly args: Arguments;
  readonly options: OptionValues;
  readonly caller: Caller;
  readonly #instance: string;
  readonly #job: Job;
  readonly #lazy: LazySignal;

  constructor(instance: string, job: Job, { args, options, caller }: Planned, lazy: LazySignal) {
    this.#instance = instance;
    this.#job = job;
    this.args = args;
    this.options = options;
    this.caller = caller;
    this.#lazy = lazy;
  }

  get id(): string {
    return `${this.#instance}-${this.#job.id}`;
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
