import type { Decision } from '../../access/access.ts';
import type { Waiting } from '../../async/turns.ts';
import type { Audit, AuditEvent, Outcome } from '../../audit/audit.ts';
import { CommandError } from '../../commands/command.ts';
import { type Document, text } from '../../document/document.ts';
import type { ReplyKind } from '../../inputs/input.ts';
import type { Job, Work } from '../jobs/jobs.ts';
import { crowdedJobs, failure } from '../answers.ts';
import { Run, type RunEnd, type RunOwner } from '../run.ts';
import { aboutOf, jobOf } from './about.ts';
import { type Allowance, isAgreedTo } from './agreement.ts';
import { wordsOf } from './conceal.ts';
import type { Answerer, Desk } from './desk.ts';
import { ending, type Ending } from './ending.ts';
import { effectOf } from './gate.ts';
import type { Say } from './heading.ts';
import type { Reading } from './reading.ts';
import { checkSame } from './replaced.ts';
import { type Transform, transforming } from './transform.ts';
import { verdictOn } from './verdict.ts';

/** A line that may run. */
export interface Allowed {
  readonly reading: Reading;
  readonly decision: Allowance;
  /** What it says goes here. Undefined: where it was asked for, as it is. */
  readonly say: Say | undefined;
}

/** From the moment on that it may run: it waits for its turn, runs, and ends once, whatever happens. */
export class Ongoing implements Work, RunOwner, Waiting {
  readonly #reading: Reading;
  #decision: Allowance;
  readonly #say: Say | undefined;
  readonly #transform: Transform;
  readonly #desk: Desk;
  readonly #done: (outcome: Outcome) => void;
  #job: Job | undefined;
  #run: Run | undefined;
  /** Its beginning is being written down; with an end of its own by then, that follows. */
  #recording: Promise<void> | undefined;
  #isRecorded = false;
  #hasWaited = false;
  #isOver = false;
  /** Its run is over, and what that answered is filtered and masked. */
  #isEnding = false;

  constructor({ reading, decision, say }: Allowed, desk: Desk, done: (outcome: Outcome) => void) {
    this.#reading = reading;
    this.#decision = decision;
    this.#say = say;
    this.#transform = transforming(reading.filters, reading.plan, reading.conceal);
    this.#desk = desk;
    this.#done = done;
  }

  get isEndless(): boolean {
    return this.#reading.command.isEndless === true;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  /** Takes its place among the jobs. */
  open(): void {
    this.#job = this.#desk.jobs.open(jobOf(this.#reading, this.#decision), this);
    this.#hasWaited = true;
    if (this.#job === undefined) this.#tell({ outcome: 'failed', kind: 'error', document: text(crowdedJobs) });
  }

  waits(sentence: string): void {
    const { message } = this.#reading.request;
    if (!this.#isOver) this.#desk.deliver(message, text(sentence), 'progress', () => {});
  }

  begin(job: Job): void {
    this.#job = job;
    if (!this.#hasWaited) this.#begin(job);
    else void this.#beginAfterAll(job);
  }

  #begin(job: Job): void {
    try {
      const { audit } = this.#desk;
      if (audit === undefined) this.#start(job);
      else this.#record(job, audit);
    } catch (error) {
      this.#failed(job, error);
    }
  }

  /** What may run has changed meanwhile, perhaps: a freeze, a role, an emergency. */
  async #beginAfterAll(job: Job): Promise<void> {
    try {
      const decision = await verdictOn(this.#reading, this.#desk);
      if (this.#isOver) return;
      checkSame(this.#reading, this.#desk.commands());
      if (!decision.isAllowed) {
        this.#deny(job, decision);
        return;
      }
      if (!isAgreedTo(this.#reading, decision, this.#desk.access)) {
        const words = `${job.command} was not run: while it waited the rules changed, and it takes somebody's word by now. Ask again.`;
        this.#end({ outcome: 'failed', kind: 'error', document: text(words) });
        return;
      }
      this.#decision = decision;
      this.#begin(job);
    } catch (error) {
      if (!this.#isOver) this.#failed(job, error);
    }
  }

  #deny(job: Job, decision: Decision): void {
    const { audit } = this.#desk;
    // The audit itself tells that it cannot be written.
    if (audit !== undefined) written(audit, aboutOf('denied', this.#reading, decision, job.id)).catch(() => {});
    this.#end({ outcome: 'denied', kind: 'error', document: text(decision.why) });
  }

  /** Its person must hear of it, whatever it is. */
  #failed(job: Job, error: unknown): void {
    if (!(error instanceof CommandError)) {
      this.#desk.log.error('an invocation could not begin', { command: job.command, id: job.id, error });
    }
    this.#end({ outcome: 'failed', kind: 'error', document: text(this.#reading.conceal(failure(error))) });
  }

  #record(job: Job, audit: Audit): void {
    const event = aboutOf('started', this.#reading, this.#decision, job.id, this.#approvers());
    this.#recording = written(audit, event).then(
      () => {
        this.#recording = undefined;
        this.#isRecorded = true;
        // It may have been taken back meanwhile.
        if (!this.#isOver) this.#start(job);
        else this.#recordEnd('cancelled', undefined);
      },
      (error: unknown) => {
        this.#recording = undefined;
        this.#unrecorded(job, error);
      },
    );
  }

  /** Ends it now: its person is told why. */
  stop(why: string): void {
    if (this.#isOver) return;
    if (this.#run === undefined || this.#isEnding)
      this.#end({ outcome: 'cancelled', kind: 'error', document: text(why) });
    else this.#run.stop(why);
  }

  /** As they are known to the rules. */
  #approvers(): readonly string[] | undefined {
    const { access } = this.#desk;
    const approvers = this.#reading.request.grant?.approvers;
    return access === undefined ? undefined : approvers?.map((identity) => access.personOf(identity).id);
  }

  /** What changes something must leave a trace; who only looks is not kept from it by a full disk. */
  #unrecorded(job: Job, error: unknown): void {
    if (this.#isOver) return;
    const { command, plan } = this.#reading;
    if (effectOf(command, plan) === 'read') {
      this.#start(job);
      return;
    }
    const reason = error instanceof Error ? error.message : String(error);
    this.#end({
      outcome: 'failed',
      kind: 'error',
      document: text(`${command.name} was not run: it could not be recorded (${reason})`),
    });
  }

  #start(job: Job): void {
    this.#run = new Run(this.#reading, job, this, this.#desk);
    this.#run.start();
  }

  /** Of its run. */
  progress(document: Document): Promise<void> {
    return new Promise((taken, failed) => {
      const report = (shown: Document | undefined): void => {
        if (shown === undefined || this.#isOver) taken();
        else this.#show(shown, 'progress', () => taken());
      };
      const shown = this.#transform(document, this);
      if (shown instanceof Promise) shown.then(report).catch(failed);
      else report(shown);
    });
  }

  /** Of its run, once. */
  ended(end: RunEnd): void {
    const found = this.#ending(end);
    if (found instanceof Promise) void this.#endLater(found);
    else this.#end(found);
  }

  /** It can be taken back meanwhile. */
  async #endLater(found: Promise<Ending>): Promise<void> {
    this.#isEnding = true;
    const end = await found.catch((error: unknown) => this.#spoilt(error));
    if (!this.#isOver) this.#end(end);
  }

  #ending(end: RunEnd): Ending | Promise<Ending> {
    try {
      return ending(end, this.#transform, this.#reading.conceal, this);
    } catch (error) {
      return this.#spoilt(error);
    }
  }

  /** By a filter. */
  #spoilt(error: unknown): Ending {
    const words = this.#reading.conceal(failure(error));
    return { outcome: 'failed', kind: 'error', document: text(words), error: words };
  }

  #end(end: Ending): void {
    this.#isOver = true;
    const job = this.#job;
    if (job !== undefined) this.#desk.jobs.end(job, end.outcome, whyOf(end));
    // The end of something of which nobody knows what it was tells nothing.
    if (this.#isRecorded) this.#recordEnd(end.outcome, end.error);
    this.#tell(end);
  }

  #recordEnd(outcome: Ending['outcome'], error: string | undefined): void {
    const { audit } = this.#desk;
    const job = this.#job;
    if (audit === undefined || job === undefined) return;
    const answered = this.#answered(job);
    const endedAt = job.endedAt ?? Date.now();
    // A clock that was set back has counted nothing.
    const durationMs = Math.max(0, endedAt - (job.startedAt ?? endedAt));
    const { node, version } = answered ?? {};
    // The audit itself tells that it cannot be written.
    written(audit, { kind: 'ended', id: job.id, outcome, durationMs, node, version, error }).catch(() => {});
  }

  /** The end is recorded, also where nobody can say who answered. */
  #answered({ id }: Job): Answerer | undefined {
    const { answerer, instance, log } = this.#desk;
    try {
      return answerer?.(`${instance}-${id}`);
    } catch (error) {
      log.warn('who answered an invocation is not known', { id, error });
      return undefined;
    }
  }

  #tell({ document, kind, outcome }: Ending): void {
    this.#show(document, kind, () => {
      // Who leaves waits for it, or its end would come when nothing is written any more.
      if (this.#recording === undefined) this.#done(outcome);
      else void this.#recording.then(() => this.#done(outcome));
    });
  }

  #show(document: Document, kind: ReplyKind, ended: (isTaken: boolean) => void): void {
    if (this.#say !== undefined) this.#say(document, kind, ended);
    else this.#desk.deliver(this.#reading.request.message, document, kind, ended);
  }
}

/** What its person reads who is told anything but an answer. */
const whyOf = ({ kind, document, error }: Ending): string | undefined =>
  error ?? (kind === 'error' && document.kind === 'text' ? document.text : undefined);

/** Audits may come from plain JavaScript, which may throw at once. */
function written(audit: Audit, event: AuditEvent): Promise<void> {
  try {
    return audit.write(event);
  } catch (error) {
    return Promise.reject(error instanceof Error ? error : new Error(wordsOf(error)));
  }
}
