import type { Decision, Scene } from '../../access/access.ts';

import type { CommandSet } from '../../commands/set.ts';
import { type Document, text } from '../../document/document.ts';
import type { Message, ReplyKind } from '../../inputs/input.ts';
import { unknown } from '../answers.ts';
import { type Pipeline, readPipeline } from '../pipeline.ts';
import { typedLine } from '../line.ts';
import type { DueOutcome } from '../schedule/schedules.ts';
import { askFor, isAgreed } from './agreement.ts';
import { find, findFilters, planOf, type Stage } from './compile.ts';
import { concealing } from './conceal.ts';
import type { Desk } from './desk.ts';
import { explain } from './explain.ts';
import { decide, wishOf } from './gate.ts';
import { inTime } from './in-time.ts';
import { aboutOf, type Allowed } from './ongoing.ts';
import { redirect } from './redirect.ts';
import { callerOf, identityOf, type Request } from './request.ts';
import { transforming } from './transform.ts';

/** What came of a line: it may run, or there is only something to say. */
export type Prepared =
  | { readonly kind: 'allowed'; readonly allowed: Allowed }
  | { readonly kind: 'said'; readonly document: Document; readonly as: ReplyKind; readonly outcome: DueOutcome };

/** Who cannot say what a command would do by then is not asked any longer. */
const planningMs = 10_000;

/** From a line to something that may run. Throws a `CommandError` for what cannot be read. */
export async function prepare(request: Request, desk: Desk): Promise<Prepared> {
  const { input, message, line, grant } = request;
  const { log, access } = desk;
  const identity = identityOf(input, message);
  const person = access === undefined ? `${input}:${identity.user}` : access.personOf(identity).id;
  const caller = callerOf(input, message, person);
  const set = desk.commands();
  const pipeline = pipelineOf(set, line);
  const [first = ''] = pipeline.stages;
  const found = find(set, first, caller);
  if (found.command === undefined)
    return { kind: 'said', document: unknown(set, found.words), as: 'error', outcome: 'failed' };
  const filters = pipeline.stages.length > 1 ? findFilters(set, pipeline, caller) : [];
  const planned = planOf(found);
  const plan = planned instanceof Promise ? await inTime(planned, planningMs) : planned;
  const stage: Stage = { ...found, plan };
  const conceal = concealing(plan.secrets);
  const shown = conceal(line);
  const wish = wishOf(stage.command, plan);

  const judge = async (scene: Scene): Promise<Decision> => {
    const judged = decide(access, wish, identity, scene, log);
    let decision = judged instanceof Promise ? await judged : judged;
    for (const filter of filters) {
      if (!decision.isAllowed) return decision;
      const next = await decide(access, wishOf(filter.command), identity, scene, log);
      if (!next.isAllowed) decision = next;
    }
    return decision;
  };
  const here = sceneOf(message);
  // What is said elsewhere must be allowed there, too.
  const scenes = pipeline.to?.kind === 'room' ? [here, elsewhere(pipeline.to.room)] : [here];
  let decision: Decision | undefined;
  for (const scene of scenes) if (decision === undefined || decision.isAllowed) decision = await judge(scene);
  if (decision === undefined) throw new Error('nobody decided');

  if (pipeline.isPlan) {
    const document = await inTime(explain(stage, shown, wish, decision, conceal), planningMs);
    return { kind: 'said', document, as: 'aside', outcome: 'done' };
  }
  const about = { request, caller, stage, filters, shown, decision };
  if (!decision.isAllowed) return deny(about, desk);
  const needsWord = decision.confirm || decision.approvals > 0;
  if (needsWord && (grant === undefined || !isAgreed(grant, { ...about, decision }))) {
    const document = await askFor({ ...about, decision, identity, approvals: desk.approvals });
    return { kind: 'said', document, as: 'answer', outcome: 'waits' };
  }
  const allowed: Allowed = {
    ...about,
    decision,
    conceal,
    transform: transforming(filters, plan, conceal),
    effect: wish.effect,
    say: redirect(pipeline.to, caller, message, desk),
  };
  return { kind: 'allowed', allowed };
}

/** What looks as if there were more than one command in a line. */
const operators = /[|>]|--plan/;

function pipelineOf(set: CommandSet, line: string): Pipeline {
  const isWhole = !operators.test(line) || set.find(typedLine(line).head(set.longest))?.command.takesLine === true;
  return isWhole ? { stages: [line], to: undefined, isPlan: false } : readPipeline(line);
}

function deny(
  about: Pick<Allowed, 'request' | 'caller' | 'stage' | 'shown'> & { readonly decision: Decision },
  { audit, jobs }: Desk,
): Prepared {
  const { decision, caller, stage, shown, request } = about;
  const { id } = jobs.deny({
    person: decision.person,
    input: caller.input,
    room: caller.room,
    command: stage.command.name,
    line: shown,
    isMasked: shown !== request.line,
    isEndless: false,
  });
  // The audit itself tells that it cannot be written.
  audit?.write({ kind: 'denied', ...aboutOf(about, id) }).catch(() => {});
  return { kind: 'said', document: text(decision.why), as: 'error', outcome: 'denied' };
}

const sceneOf = ({ room, direct }: Message): Scene => ({ room: room.id, roomName: room.name, isDirect: direct });
const elsewhere = (room: string): Scene => ({ room, roomName: room, isDirect: false });
