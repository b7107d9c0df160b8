import type { Decision, Identity, Scene, Wish } from '../../access/access.ts';
import type { Caller } from '../../commands/command.ts';
import type { Plan } from '../../commands/plan.ts';
import type { CommandSet } from '../../commands/set.ts';
import { type Document, text } from '../../document/document.ts';
import type { ReplyKind } from '../../inputs/input.ts';
import { cancelled, unknown } from '../answers.ts';
import { typedLine } from '../line.ts';
import { type Pipeline, readPipeline } from '../pipeline.ts';
import { changeWords } from '../quote.ts';
import type { DueOutcome } from '../schedule/schedules.ts';
import { aboutOf, jobOf } from './about.ts';
import { askFor, isAgreed } from './agreement.ts';
import { find, findFilters, planOf, type Stage } from './compile.ts';
import { type Conceal, concealing } from './conceal.ts';
import type { Desk } from './desk.ts';
import { explain } from './explain.ts';
import { decide, principal, wishOf } from './gate.ts';
import { inTime } from '../../async/in-time.ts';
import type { Allowed } from './ongoing.ts';
import { redirect } from './redirect.ts';
import { callerOf, identityOf, type Request } from './request.ts';
import { transforming } from './transform.ts';

/** What came of a line: it may run, or there is only something to say. */
export type Prepared =
  | { readonly kind: 'allowed'; readonly allowed: Allowed }
  | {
      readonly kind: 'said';
      readonly document: Document;
      readonly as: ReplyKind;
      readonly outcome: DueOutcome;
    };

type Allowance = Decision & { readonly isAllowed: true };

/** A line that was read. */
interface Read {
  readonly request: Request;
  readonly identity: Identity;
  readonly caller: Caller;
  readonly pipeline: Pipeline;
  readonly stage: Stage;
  readonly filters: readonly Stage[];
  readonly wish: Wish;
  readonly conceal: Conceal;
  /** The line without its secrets. */
  readonly shown: string;
  readonly taking: Taking;
}

/** Whoever's line it is. */
export interface Taking {
  /** Asked when it is about to be begun, or somebody to be asked for a word: false when it was taken back before. */
  take(): boolean;
}

/** Who cannot say what a command would do by then is not asked any longer. */
export const planningMs = 10_000;

const none: readonly never[] = [];

/**
 * From a line to something that may run; at once, when nobody has to be waited for: every line passes here. Throws and rejects with a
 * `CommandError` for what cannot be read.
 */
export function prepare(request: Request, desk: Desk, taking: Taking): Prepared | Promise<Prepared> {
  const { input, message, line } = request;
  const { access, log } = desk;
  const identity = identityOf(input, message);
  const person = principal(access, identity, log);
  const caller = callerOf(input, message, person);
  const set = desk.commands();
  const pipeline = pipelineOf(set, line);
  const [first = ''] = pipeline.stages;
  const found = find(set, first, caller);
  if (found.command === undefined) {
    return { kind: 'said', document: unknown(set, found.words), as: 'error', outcome: 'failed' };
  }
  const { command, planned } = found;
  const withPlan = (plan: Plan, filters: readonly Stage[] = none): Prepared | Promise<Prepared> => {
    const conceal = concealing(plan.secrets);
    const stage = { command, planned, plan };
    const wish = wishOf(command, plan);
    // A secret may be written with quotes and escapes within.
    const shown = conceal(plan.secrets.length === 0 ? line : changeWords(line, conceal));
    return judge({ request, identity, caller, pipeline, stage, filters, wish, conceal, shown, taking }, desk);
  };
  const plan = planOf(found);
  if (pipeline.stages.length > 1) {
    return inTime(Promise.all([plan, findFilters(set, pipeline, caller)]), planningMs).then((both) =>
      withPlan(...both),
    );
  }
  return plan instanceof Promise ? inTime(plan, planningMs).then(withPlan) : withPlan(plan);
}

function judge(read: Read, desk: Desk): Prepared | Promise<Prepared> {
  const { request, identity, pipeline, filters, wish } = read;
  const { room, direct } = request.message;
  const here: Scene = { room: room.id, roomName: room.name, isDirect: direct };
  const decided = decide(desk.access, wish, identity, here, desk.log);
  const isSimple = filters.length === 0 && pipeline.to === undefined && !pipeline.isPlan;
  if (isSimple && !(decided instanceof Promise)) return settle(read, decided, desk);
  return judgeAll(read, decided, here, desk);
}

/** The filters must be allowed, too, and all of it in the room where it is said. */
async function judgeAll(read: Read, decided: Decision | Promise<Decision>, here: Scene, desk: Desk): Promise<Prepared> {
  const { identity, stage, pipeline, filters, wish, conceal } = read;
  const { to } = pipeline;
  let decision = await decided;
  const also = async (other: Wish, scene: Scene): Promise<void> => {
    if (!decision.isAllowed) return;
    const next = await decide(desk.access, other, identity, scene, desk.log);
    decision = next.isAllowed ? strictest(decision, next) : next;
  };
  const filterWishes = filters.map(({ command }) => wishOf(command));
  for (const each of filterWishes) await also(each, here);
  if (to?.kind === 'room') {
    const there: Scene = { room: to.room, roomName: to.room, isDirect: false };
    for (const each of [wish, ...filterWishes]) await also(each, there);
  }
  if (!pipeline.isPlan) return settle(read, decision, desk);
  const typed = conceal(pipeline.stages.join(' | '));
  const { names = none, heading } = read.request;
  // It is in the plan.
  heading?.told();
  const document = await inTime(explain(stage, typed, names, wish, decision, conceal), planningMs);
  return { kind: 'said', document, as: 'aside', outcome: 'done' };
}

/** Of two conditions the stricter one counts. */
const strictest = (one: Allowance, other: Allowance): Allowance => ({
  ...one,
  confirm: one.confirm || other.confirm,
  approvals: Math.max(one.approvals, other.approvals),
  scopes: [...new Set([...one.scopes, ...other.scopes])],
  path: [...one.path, ...other.path.filter((step) => !one.path.includes(step))],
});

function settle(read: Read, decision: Decision, desk: Desk): Prepared | Promise<Prepared> {
  const { request, caller, stage, filters, conceal, shown, wish, pipeline, taking } = read;
  if (!taking.take()) return { kind: 'said', document: text(cancelled), as: 'error', outcome: 'cancelled' };
  if (!decision.isAllowed) return deny(read, decision, desk);
  const { grant } = request;
  // What was agreed to must be what runs, also where nobody's word is needed any more.
  const isAgreedTo = grant !== undefined && isAgreed(grant, { stage, filters, decision }, desk.access);
  if ((decision.confirm || decision.approvals > 0) && !isAgreedTo) {
    return askFor({ request, caller, stage, filters, shown, decision, approvals: desk.approvals }).then(
      (document): Prepared => ({ kind: 'said', document, as: 'answer', outcome: 'waits' }),
    );
  }
  return {
    kind: 'allowed',
    allowed: {
      request,
      caller,
      stage,
      filters,
      decision,
      shown,
      conceal,
      transform: transforming(filters, stage.plan, conceal),
      effect: wish.effect,
      say: redirect(pipeline.to, request, desk),
    },
  };
}

/** What looks as if there were more than one command in a line. */
const operators = /[|>]|--plan/;

/** Reads a line. One command may take the whole of what stands behind it. */
export function pipelineOf(set: CommandSet, line: string): Pipeline {
  const isWhole = !operators.test(line) || set.find(typedLine(line).head(set.longest))?.command.takesLine === true;
  return isWhole ? { stages: [line], to: undefined, isPlan: false } : readPipeline(line);
}

function deny(read: Read, decision: Decision, { audit, jobs }: Desk): Prepared {
  const about = { ...read, decision };
  const { id } = jobs.deny(jobOf(about));
  // The audit itself tells that it cannot be written.
  audit?.write(aboutOf('denied', about, id)).catch(() => {});
  return { kind: 'said', document: text(decision.why), as: 'error', outcome: 'denied' };
}
