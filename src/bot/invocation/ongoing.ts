import type { Decision } from '../../access/access.ts';
import type { About, Outcome } from '../../audit/audit.ts';
import type { Caller } from '../../commands/command.ts';
import { type Document, text } from '../../document/document.ts';
import type { Job, JobAbout, Work } from '../jobs/jobs.ts';
import { crowdedJobs, failure } from '../answers.ts';
import { Run, type RunEnd } from '../run.ts';
import type { Conceal } from './conceal.ts';
import type { Stage } from './compile.ts';
import type { Desk } from './desk.ts';
import { ending, type Ending } from './ending.ts';
import type { Request } from './request.ts';
import type { Transform } from './transform.ts';

/** An invocation that may run, with all that is known of it. */
export interface Allowed {
  readonly request: Request;
  readonly caller: Caller;
  readonly stage: Stage;
  /** What changes its answer. */
  readonly filters: readonly Stage[];
  readonly decision: Decision & { readonly isAllowed: true };
  /** The line without its secrets. */
  readonly shown: string;
  readonly conceal: Conceal;
  readonly transform: Transform | undefined;
  readonly effect: 'read' | 'change';
  /** What it says goes here. */
  readonly say: (document: Document, kind: 'progress' | 'answer' | 'aside' | 'error', ended: () => void) => void;
}

/** What others get to know of an invocation. */
type Told = Pick<Allowed, 'request' | 'caller' | 'stage' | 'shown'> & { readonly decision: Decision };

/** From the moment on that it may run: it waits for its turn, runs, and ends once, whatever happens. */
export class Ongoing implements Work {
  readonly #allowed: Allowed;
  readonly #desk: Desk;
  readonly #done: (outcome: Outcome) => void;
  #job: Job | undefined;
  #run: Run | undefined;
  #isRecorded = false;
  #isOver = false;

  constructor(allowed: Allowed, desk: Desk, done: (outcome: Outcome) => void) {
    this.#allowed = allowed;
    this.#desk = desk;
    this.#done = done;
  }

  get isEndless(): boolean {
    return this.#allowed.stage.command.isEndless === true;
  }

  /** Takes its place among the jobs. */
  open(): void {
    this.#job = this.#desk.jobs.open(jobOf(this.#allowed), this);
    if (this.#job === undefined) this.#say({ outcome: 'failed', kind: 'error', document: text(crowdedJobs) });
  }

  waits(sentence: string): void {
    if (!this.#isOver) this.#allowed.say(text(sentence), 'progress', () => {});
  }

  begin(job: Job): void {
    this.#job = job;
    const { audit } = this.#desk;
    if (audit === undefined) {
      this.#start(job);
      return;
    }
    audit.write({ kind: 'started', ...aboutOf(this.#allowed, job.id, this.#approvers()) }).then(
      () => {
        this.#isRecorded = true;
        // It may have been taken back meanwhile.
        if (!this.#isOver) this.#start(job);
        else this.#recordEnd('cancelled', undefined);
      },
      (error: unknown) => this.#unrecorded(job, error),
    );
  }

  /** Ends it now: its person is told why. */
  stop(why: string): void {
    if (this.#isOver) return;
    if (this.#run === undefined) this.#end({ outcome: 'cancelled', kind: 'error', document: text(why) });
    else this.#run.stop(why);
  }

  /** As they are known to the rules. */
  #approvers(): readonly string[] | undefined {
    const { access } = this.#desk;
    const approvers = this.#allowed.request.grant?.approvers;
    return access === undefined ? undefined : approvers?.map((identity) => access.personOf(identity).id);
  }

  /** What changes something must leave a trace; who only looks is not kept from it by a full disk. */
  #unrecorded(job: Job, error: unknown): void {
    if (this.#isOver) return;
    if (this.#allowed.effect === 'read') {
      this.#start(job);
      return;
    }
    const reason = error instanceof Error ? error.message : String(error);
    this.#end({
      outcome: 'failed',
      kind: 'error',
      document: text(`${this.#allowed.stage.command.name} was not run: it could not be recorded (${reason})`),
    });
  }

  #start(job: Job): void {
    const { stage, conceal } = this.#allowed;
    const { alarms, log, timeoutMs, instance } = this.#desk;
    const { command, planned } = stage;
    this.#run = new Run({
      command,
      id: `${instance}-${job.id}`,
      planned,
      timeoutMs: command.timeoutMs ?? timeoutMs,
      progress: (document) => this.#progress(document),
      ended: (end) => this.#ended(end),
      conceal,
      alarms,
      log,
    });
    this.#run.start();
  }

  #progress(document: Document): Promise<void> {
    return new Promise((taken) => {
      const shown = this.#transform(document);
      if (shown === undefined) taken();
      else this.#allowed.say(shown, 'progress', taken);
    });
  }

  #transform(document: Document): Document | undefined {
    const { transform } = this.#allowed;
    return transform === undefined ? document : transform(document);
  }

  #ended(end: RunEnd): void {
    try {
      this.#end(ending(end, (document) => this.#transform(document), this.#allowed.conceal));
    } catch (error) {
      this.#end({ outcome: 'failed', kind: 'error', document: text(this.#allowed.conceal(failure(error))) });
    }
  }

  #end(end: Ending): void {
    this.#isOver = true;
    const job = this.#job;
    if (job !== undefined) this.#desk.jobs.end(job, end.outcome);
    if (this.#isRecorded || this.#run !== undefined) this.#recordEnd(end.outcome, end.error);
    this.#say(end);
  }

  #recordEnd(outcome: Ending['outcome'], error: string | undefined): void {
    const { audit, answerer, instance } = this.#desk;
    const job = this.#job;
    if (audit === undefined || job === undefined) return;
    const answered = answerer?.(`${instance}-${job.id}`);
    const durationMs = Date.now() - (job.startedAt ?? Date.now());
    audit
      .write({
        kind: 'ended',
        id: job.id,
        outcome,
        durationMs,
        node: answered?.node,
        version: answered?.version,
        error,
      })
      // The audit itself tells that it cannot be written.
      .catch(() => {});
  }

  #say({ document, kind, outcome }: Ending): void {
    this.#allowed.say(document, kind, () => this.#done(outcome));
  }
}

/** What the jobs are told of an invocation. */
export const jobOf = ({ request, caller, stage, shown, decision }: Told): JobAbout => {
  const { command, plan } = stage;
  const lock = plan.lock ?? command.lock;
  return {
    person: decision.person,
    input: caller.input,
    room: caller.room,
    command: command.name,
    line: shown,
    isMasked: shown !== request.line,
    service: serviceOf(stage),
    lock:
      lock === undefined
        ? undefined
        : JSON.stringify([plan.amounts?.[0] ?? command.name, ...lock.map((name) => plan.parameters.get(name))]),
    isEndless: command.isEndless === true,
    isDirect: caller.isDirect === true,
    roomName: caller.roomName,
    cause: request.cause,
  };
};

const serviceOf = ({ plan, command }: Stage): string | undefined =>
  plan.target?.service ?? (command.source.kind === 'service' ? command.source.service : undefined);

/** What the audit is told of an invocation. */
export function aboutOf(
  {
    request,
    caller,
    stage,
    shown,
    decision,
  }: Pick<Allowed, 'request' | 'caller' | 'stage' | 'shown'> & {
    readonly decision: Decision;
  },
  id: string,
  approvers?: readonly string[],
): About {
  const { target } = stage.plan;
  return {
    id,
    person: decision.person,
    input: caller.input,
    user: caller.user,
    room: caller.room,
    thread: caller.thread,
    message: request.message.id === '' ? undefined : request.message.id,
    command: stage.command.name,
    line: shown,
    isMasked: shown !== request.line,
    cause: request.cause,
    decision: decision.why,
    approvers,
    service: serviceOf(stage),
    endpoint: target?.endpoint,
    version: target?.version,
  };
}
