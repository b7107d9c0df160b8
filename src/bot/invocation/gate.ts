import type { Access, Decision, Wish } from '../../access/access.ts';
import type { Caller, Command } from '../../commands/command.ts';
import { type Effect, isGuarded, noGuard, noPlan, type Plan } from '../../commands/plan.ts';
import type { Log } from '../../log/log.ts';
import { inTime } from '../../async/in-time.ts';
import { identityOf } from './caller.ts';

/** A provider that does not answer by then has refused. */
const patienceMs = 5_000;

/** What a command is to those who decide. Of two conditions the stricter one counts. */
export function wishOf(command: Command, plan: Plan = noPlan): Wish {
  const { guard: own = noGuard } = command;
  const { guard: more = noGuard } = plan;
  return {
    commands: plan.amounts === undefined ? [command.name] : [command.name, ...plan.amounts],
    effect: effectOf(command, plan),
    scopes: more.scopes.length === 0 ? own.scopes : [...new Set([...own.scopes, ...more.scopes])],
    confirm: own.confirm || more.confirm,
    approvals: Math.max(own.approvals, more.approvals),
    parameters: plan.parameters,
  };
}

export const effectOf = (command: Command, plan: Plan): Effect => plan.effect ?? command.effect ?? 'change';

/** As `decide`, of a command and what it would do. Where there is nothing to decide nothing is made for it: every line passes here. */
export function judge(
  access: Access | undefined,
  command: Command,
  plan: Plan,
  caller: Caller,
  log: Log,
): Decision | Promise<Decision> {
  const isFree = access === undefined && command.guard === undefined && plan.guard === undefined;
  return isFree ? open(caller) : decide(access, wishOf(command, plan), caller, log);
}

/** May it run? Without access rules everybody may run what sets no conditions. Never throws and never rejects: who can't tell refuses. */
export function decide(access: Access | undefined, wish: Wish, caller: Caller, log: Log): Decision | Promise<Decision> {
  if (access === undefined) return unguarded(wish, caller);
  try {
    const { commands, effect, scopes, confirm, approvals, parameters, isDraft = false } = wish;
    const { room, roomName = room, isDirect = false } = caller;
    const decision = access.decide({
      identity: identityOf(caller),
      commands,
      effect,
      scopes,
      confirm,
      approvals,
      parameters,
      isDraft,
      room,
      roomName,
      isDirect,
    });
    if (decision instanceof Promise) {
      return inTime(decision, patienceMs).then(
        (late) => (isDecision(late) ? late : broken(new Error(noDecision), wish, caller, log)),
        (error: unknown) => broken(error, wish, caller, log),
      );
    }
    return isDecision(decision) ? decision : broken(new Error(noDecision), wish, caller, log);
  } catch (error) {
    return broken(error, wish, caller, log);
  }
}

const noDecision = 'that is no decision';

/** Where there are no rules. */
function unguarded(wish: Wish, caller: Caller): Decision {
  if (!isGuarded(wish)) return open(caller);
  const [name = ''] = wish.commands;
  const asked = conditions(wish).join(', ');
  return refusal(caller, `${name} was not run: it asks for ${asked}, and this bot has nothing to check that with`);
}

const open = (caller: Caller): Decision => ({
  isAllowed: true,
  person: nameOf(caller),
  why: '',
  path: none,
  confirm: false,
  approvals: 0,
  scopes: none,
});

const none: readonly never[] = [];

/** Whoever can't tell refuses. */
function broken(error: unknown, { commands: [name = ''] }: Wish, caller: Caller, log: Log): Decision {
  log.error('access rules failed: the command was refused', { command: name, error });
  return refusal(caller, `${name} was not run: who may run it could not be found out`);
}

const refusal = (caller: Caller, why: string): Decision => ({
  isAllowed: false,
  person: nameOf(caller),
  why,
  path: [why],
});

const nameOf = ({ input, user, person = `${input}:${user}` }: Caller): string => person;

const conditions = ({ scopes, confirm, approvals }: Wish): readonly string[] => [
  ...(scopes.length > 0 ? [`the role ${scopes.join(' and ')}`] : []),
  ...(confirm ? ['a confirmation'] : []),
  ...(approvals > 0 ? [`${approvals} ${approvals === 1 ? 'approval' : 'approvals'}`] : []),
];

/** Providers may come from plain JavaScript: what is not surely a yes is none. */
function isDecision(value: unknown): value is Decision {
  if (typeof value !== 'object' || value === null) return false;
  const { isAllowed, person, why, path, confirm, approvals, scopes } = value as Record<string, unknown>;
  if (typeof person !== 'string' || typeof why !== 'string' || !Array.isArray(path)) return false;
  if (isAllowed !== true) return isAllowed === false;
  return (
    typeof confirm === 'boolean' &&
    Number.isSafeInteger(approvals) &&
    (approvals as number) >= 0 &&
    Array.isArray(scopes)
  );
}
