import type { Decision } from '../../access/access.ts';
import type { Caller, Command } from '../../commands/command.ts';
import { noPlan, type Plan } from '../../commands/plan.ts';
import type { Allowance } from './agreement.ts';
import type { Desk } from './desk.ts';
import { judge } from './gate.ts';
import type { Reading } from './reading.ts';

/** May this line run now? Of a command alone, where the rules answer at once, known at once: every line passes here. Never rejects. */
export function verdictOn(reading: Reading, { access, log }: Desk): Decision | Promise<Decision> {
  const { command, plan, request, pipeline } = reading;
  const decision = judge(access, command, plan, request.caller, log);
  return pipeline === undefined ? decision : verdictOnAll(reading, decision, { access, log });
}

/** The filters must be allowed, too, and all of it in the room where it is said. */
async function verdictOnAll(
  { command, plan, request, pipeline, filters }: Reading,
  decided: Decision | Promise<Decision>,
  { access, log }: Pick<Desk, 'access' | 'log'>,
): Promise<Decision> {
  const { caller } = request;
  let decision = await decided;
  const also = async (each: Command, what: Plan, where: Caller): Promise<void> => {
    if (!decision.isAllowed) return;
    const next = await judge(access, each, what, where, log);
    decision = next.isAllowed ? strictest(decision, next) : next;
  };
  for (const filter of filters) await also(filter.command, noPlan, caller);
  if (pipeline?.to?.kind === 'room') {
    const { room } = pipeline.to;
    const there: Caller = { ...caller, room, roomName: room, isDirect: false };
    await also(command, plan, there);
    for (const filter of filters) await also(filter.command, noPlan, there);
  }
  return decision;
}

/** Of two conditions the stricter one counts. */
const strictest = (one: Allowance, other: Allowance): Allowance => ({
  ...one,
  confirm: one.confirm || other.confirm,
  approvals: Math.max(one.approvals, other.approvals),
  scopes: [...new Set([...one.scopes, ...other.scopes])],
  path: [...one.path, ...other.path.filter((step) => !one.path.includes(step))],
});
