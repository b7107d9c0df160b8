import type { Decision } from '../../access/access.ts';
import type { Command, Planned } from '../../commands/command.ts';
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
import { askFor, isAgreedTo } from './agreement.ts';
import { find, findFilters, planOf, type Stage } from './compile.ts';
import { concealing } from './conceal.ts';
import type { Desk } from './desk.ts';
import { explain } from './explain.ts';
import { inTime } from '../../async/in-time.ts';
import { effectOf, wishOf } from './gate.ts';
import type { Allowed } from './ongoing.ts';
import type { Reading } from './reading.ts';
import { redirect } from './redirect.ts';
import { checkSame } from './replaced.ts';
import type { Request } from './request.ts';
import { secretsIn } from './transform.ts';
import { verdictOn } from './verdict.ts';

/** What came of a line: it may run, or there is only something to say. */
export type Prepared =
  | ({ readonly kind: 'allowed' } & Allowed)
  | {
      readonly kind: 'said';
      readonly document: Document;
      readonly as: ReplyKind;
      readonly outcome: DueOutcome;
    };

/** Whoever's line it is. */
export interface Taking {
  /** Asked when it is about to be begun, or somebody to be asked for a word: false when it was taken back before. */
  take(): boolean;
}

/** Who cannot say what a command would do by then is not asked any longer. */
export const planningMs = 10_000;

const none: readonly never[] = [];

/**
 * From a line to something that may run; at once, when nobody has to be waited for: every line passes here, so that what has to be waited
 * for has functions of its own. Throws and rejects with a `CommandError` for what cannot be read.
 */
export function prepare(request: Request, desk: Desk, taking: Taking): Prepared | Promise<Prepared> {
  const { caller, line } = request;
  const set = desk.commands();
  const pipeline = pipelineOf(set, line);
  const found = find(set, pipeline === undefined ? line : (pipeline.stages[0] ?? ''), caller);
  if (found.command === undefined) {
    return { kind: 'said', document: unknown(set, found.words), as: 'error', outcome: 'failed' };
  }
  const plan = planOf(found);
  const isSimple = pipeline === undefined && !(plan instanceof Promise);
  return isSimple
    ? decideOn(readingOf(request, undefined, found, plan, none), desk, taking)
    : prepareLater({ request, set, pipeline, found, plan }, desk, taking);
}

type Planning = { readonly command: Command; readonly planned: Planned };

interface Late {
  readonly request: Request;
  readonly set: CommandSet;
  readonly pipeline: Pipeline | undefined;
  readonly found: Planning;
  readonly plan: Plan | Promise<Plan>;
}

async function prepareLater(late: Late, desk: Desk, taking: Taking): Promise<Prepared> {
  const { request, set, pipeline, found } = late;
  const filtering = pipeline === undefined ? none : findFilters(set, pipeline, request.caller);
  const [plan, filters] = await inTime(Promise.all([late.plan, filtering]), planningMs);
  const reading = readingOf(request, pipeline, found, plan, filters);
  checkSame(reading, desk.commands());
  return decideOn(reading, desk, taking);
}

function readingOf(
  request: Request,
  pipeline: Pipeline | undefined,
  { command, planned }: Planning,
  plan: Plan,
  filters: readonly Stage[],
): Reading {
  const { line } = request;
  const secrets = secretsIn(plan, filters);
  const conceal = concealing(secrets);
  // A secret may be written with quotes and escapes within.
  const shown = conceal(secrets.length === 0 ? line : changeWords(line, conceal));
  return { command, planned, plan, request, pipeline, filters, conceal, shown };
}

function decideOn(reading: Reading, desk: Desk, taking: Taking): Prepared | Promise<Prepared> {
  const decision = verdictOn(reading, desk);
  return decision instanceof Promise
    ? decision.then((late) => {
        checkSame(reading, desk.commands());
        return settle(reading, late, desk, taking);
      })
    : settle(reading, decision, desk, taking);
}

function settle(reading: Reading, decision: Decision, desk: Desk, taking: Taking): Prepared | Promise<Prepared> {
  const { request, pipeline } = reading;
  if (pipeline?.isPlan === true) return planned(reading, pipeline, decision);
  if (!taking.take()) return { kind: 'said', document: text(cancelled), as: 'error', outcome: 'cancelled' };
  if (!decision.isAllowed) return deny(reading, decision, desk);
  if (!isAgreedTo(reading, decision, desk.access)) {
    return askFor(reading, decision, desk.approvals).then(
      (document): Prepared => ({ kind: 'said', document, as: 'answer', outcome: 'waits' }),
    );
  }
  if (desk.access !== undefined && isUnseen(reading))
    return { kind: 'said', document: text(unseen), as: 'error', outcome: 'failed' };
  return { kind: 'allowed', reading, decision, say: redirect(pipeline?.to, request, desk) };
}

/** Its heading tells, over this, what the name stands for and who made it. */
const unseen = 'Nothing was run, as it changes something: say it again if that is what you want.';

/** Somebody else made a name for it, and its person has not seen what it stands for: by it, who may not do a thing could have those do it who may. */
const isUnseen = ({ command, plan, request: { heading, grant } }: Reading): boolean =>
  heading !== undefined && grant === undefined && !heading.isKnown && effectOf(command, plan) === 'change';

async function planned(reading: Reading, { stages }: Pipeline, decision: Decision): Promise<Prepared> {
  const { command, plan, request, conceal } = reading;
  const { names = none, heading } = request;
  // It is in the plan.
  heading?.told();
  const typed = conceal(stages.join(' | '));
  const explained = explain(reading, typed, names, wishOf(command, plan), decision, conceal);
  return { kind: 'said', document: await inTime(explained, planningMs), as: 'aside', outcome: 'done' };
}

/** What looks as if there were more than one command in a line. */
const operators = /[|>]|[-‐‑‒–—―−]plan/i;

/** Reads a line; undefined when it is one command alone, as most are. One command may take the whole of what stands behind it. */
export function pipelineOf(set: CommandSet, line: string): Pipeline | undefined {
  const isWhole = !operators.test(line) || set.find(typedLine(line).head(set.longest))?.command.takesLine === true;
  return isWhole ? undefined : readPipeline(line);
}

function deny(reading: Reading, decision: Decision, { audit, jobs }: Desk): Prepared {
  const { id } = jobs.deny(jobOf(reading, decision), decision.why);
  // The audit itself tells that it cannot be written.
  audit?.write(aboutOf('denied', reading, decision, id)).catch(() => {});
  return { kind: 'said', document: text(decision.why), as: 'error', outcome: 'denied' };
}
