import type { Access } from '../access/access.ts';
import type { Audit } from '../audit/audit.ts';
import type { Caller } from '../commands/command.ts';
import type { CommandSet } from '../commands/set.ts';
import type { Input, InputError, Message } from '../inputs/input.ts';
import { type Log, silent } from '../log/log.ts';
import type { Aliases } from './alias/aliases.ts';
import { createApart } from './apart.ts';
import { busy, crowded, failure, stopped } from './answers.ts';
import type { Approvals } from './approval/approvals.ts';
import { causeOf } from './approval/fate.ts';
import type { Answerer } from './invocation/desk.ts';
import { isDone } from './is-done.ts';
import { createJobs } from './jobs/create.ts';
import type { Jobs } from './jobs/jobs.ts';
import { type Conversation, createLanes } from './lanes.ts';
import { listen } from './listen.ts';
import { reaching } from './reach.ts';
import { createRouter } from './router.ts';
import type { DueOutcome, Schedules } from './schedule/schedules.ts';
import { runningUnasked } from './unasked.ts';

export interface BotOptions {
  /** What people call it in rooms. Default `micro`. */
  readonly name?: string;
  /** Each with a name of its own. */
  readonly inputs: readonly Input[];
  /** Asked for each message: the set may change while the bot runs. */
  readonly commands: () => CommandSet;
  /** Who may run what. Default: everybody may run what sets no conditions, and nobody what does. */
  readonly access?: Access;
  /** Where what was run is recorded. Default: nowhere. */
  readonly audit?: Audit;
  /** Keeps what waits for somebody's word. Default: what needs that is refused. */
  readonly approvals?: Approvals;
  /** The turns of what runs. Default: those of `createJobs`. */
  readonly jobs?: Jobs;
  readonly aliases?: Aliases;
  readonly schedules?: Schedules;
  /** The line that a line stands for, such as `rerun 41`; undefined when it stands for itself. May throw a `CommandError`. */
  readonly rewrite?: (said: string, caller: Caller) => string | undefined;
  /** The node that answered an invocation, asked for once, for the audit. */
  readonly answerer?: (invocation: string) => Answerer | undefined;
  readonly log?: Log;
  /** For commands that don't say how long they may run. Default 30,000. */
  readonly timeoutMs?: number;
  /** How long running commands have when the bot is to go. Default 5,000. */
  readonly graceMs?: number;
  /** How many conversations may have a command running at the same time. Default 1,000. */
  readonly maxRunning?: number;
}

/** Joins inputs to commands. */
export interface Bot {
  /**
   * Listens and answers, once. Resolves when every input has ended by itself and what was typed was answered, or when `signal` aborted
   * and what ran was answered or told. Throws the last input's `InputError` when no input is left that could be tried again.
   */
  run(signal: AbortSignal): Promise<void>;
}

/** A message and what it says to us. */
interface Job extends Conversation {
  readonly message: Message;
  readonly said: string;
  /** Until then it may run a second time. Undefined: nothing comes twice. */
  readonly kept: Promise<void> | undefined;
}

/** What ends a command that runs: it is told there, and needs no answer of its own. */
const ending = /^(?:stop|cancel)$/i;
const longestEnding = 6;
/** Messages of one person in one room that may wait for those before them. */
const maxWaiting = 100;
/** More that waits for nothing waits like everything else. */
const maxApart = 200;
/** For the last replies, and for an input to close. */
const farewellMs = 2_000;

export function createBot(options: BotOptions): Bot {
  const { name = 'micro', inputs, commands, log = silent, timeoutMs = 30_000 } = options;
  const { graceMs = 5_000, maxRunning = 1_000 } = options;
  const { access, audit, approvals, jobs = createJobs({ log }), aliases, schedules, rewrite, answerer } = options;
  const reach = reaching(inputs);
  const router = createRouter({
    name,
    commands,
    timeoutMs,
    access,
    audit,
    approvals,
    jobs,
    aliases,
    rewrite,
    answerer,
    reach,
    log,
  });
  let started = false;
  let leaving = false;

  const settle = (message: Message, outcome?: DueOutcome): void => {
    try {
      message.settled?.(outcome);
    } catch (error) {
      log.warn('an input failed when a message was settled', { message: message.id, error });
    }
  };

  const apart = createApart(settle);

  type Done = (outcome: DueOutcome) => void;
  const answer = ({ input, message, said, kept }: Job, done: Done): void => {
    if (kept === undefined) router.answer(input, message, said, done);
    else void answerKept({ input, message, said }, kept, done);
  };
  const answerKept = async (
    { input, message, said }: Pick<Job, 'input' | 'message' | 'said'>,
    kept: Promise<void>,
    done: Done,
  ): Promise<void> => {
    await kept.catch((error: unknown) => log.warn('a message could not be kept', { message: message.id, error }));
    if (leaving) router.refuse(message, stopped, () => done('cancelled'));
    else router.answer(input, message, said, done);
  };

  const lanes = createLanes<Job, DueOutcome>({
    run: answer,
    ended: ({ message }, outcome) => settle(message, outcome),
    maxWaiting,
    maxRunning,
  });

  const refuse = (message: Message, sentence: string): void => {
    void apart.run(message, (done) => router.refuse(message, sentence, () => done('failed')));
  };

  const runUnasked = runningUnasked({ router, reach, apart, isLeaving: () => leaving, log });
  approvals?.onGranted(
    async (grant) => void (await runUnasked({ ...grant.wanted, cause: causeOf(grant.code), grant })),
    ({ command }) =>
      commands().find(command.split(' ')) === undefined ? `there is no command ${command} at the moment` : undefined,
  );

  /** Nothing runs that it could mean, but something may be repeated. */
  const stopWatch = async (input: string, message: Message, watches: Schedules): Promise<void> => {
    let told: string;
    try {
      told = (await watches.stop(router.callerIn(input, message))) ?? 'nothing of yours runs here';
    } catch (error) {
      told = failure(error);
    }
    refuse(message, told);
  };

  const accept = (input: string, message: Message): void => {
    const said = leaving ? undefined : router.admit(message);
    if (said === undefined) {
      settle(message);
      return;
    }
    const { id, thread } = message.room;
    const room = thread === undefined ? id : `${id} ${thread}`;
    const job: Job = { input, room, sender: message.sender.id, message, said, kept: message.keep?.() };
    const current = lanes.current(job);
    if (said.length <= longestEnding && ending.test(said) && commands().find([said.toLowerCase()]) === undefined) {
      if (current !== undefined && router.cancel(current.message)) {
        settle(message);
        return;
      }
      if (schedules !== undefined && !router.isAsked(input, message)) {
        apart.hold(stopWatch(input, message, schedules));
        return;
      }
    }
    if (current !== undefined && apart.size < maxApart && router.isUrgent(said)) {
      void apart.run(message, (done) => answer(job, done));
      return;
    }
    const taken = lanes.add(job);
    switch (taken) {
      case 'taken':
        return;
      case 'full':
        refuse(message, crowded(maxWaiting));
        return;
      case 'still full':
        log.debug('message dropped: too many wait', { input, room: message.room.id, user: message.sender.id });
        settle(message);
        return;
      case 'busy':
        refuse(message, busy(maxRunning));
        return;
      default:
        taken satisfies never;
    }
  };

  const listenToAll = async (signal: AbortSignal): Promise<InputError | undefined> => {
    let living = inputs.length;
    let last: InputError | undefined;
    await Promise.all(
      inputs.map(async (input) => {
        const error = await listen(input, (message) => accept(input.name, message), signal, log);
        living -= 1;
        last = error;
        if (error !== undefined && living > 0) log.error('input given up', { input: input.name, error });
      }),
    );
    return last;
  };

  const allAnswered = async (): Promise<void> => {
    await lanes.idle();
    await apart.idle();
  };

  const leave = async (): Promise<void> => {
    leaving = true;
    schedules?.close();
    for (const { message } of lanes.clear()) refuse(message, stopped);
    jobs.close(stopped);
    router.stop('all but ending');
    if (await isDone(allAnswered(), graceMs)) return;
    router.stop('all');
    if (!(await isDone(allAnswered(), farewellMs))) log.warn('left before every reply was taken');
  };

  const close = async (input: Input): Promise<void> => {
    try {
      if (!(await isDone(input.close(), farewellMs))) log.warn('input did not close in time', { input: input.name });
    } catch (error) {
      log.warn('input did not close', { input: input.name, error });
    }
  };

  return {
    async run(signal) {
      if (started) throw new Error('this bot has run already: create another');
      started = true;
      const finished = new AbortController();
      const aborted = new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener('abort', () => resolve(), { once: true, signal: finished.signal });
      });
      const listening = listenToAll(signal);
      schedules?.start(runUnasked);
      try {
        await Promise.race([listening.then(allAnswered), aborted]);
        if (signal.aborted) await leave();
      } finally {
        leaving = true;
        finished.abort();
        schedules?.close();
        await Promise.all(inputs.map(close));
      }
      const error = signal.aborted ? undefined : await listening;
      if (error !== undefined) throw error;
    },
  };
}
