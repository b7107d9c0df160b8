import type { Access, Decision, Identity, Scene, Wish } from '../../access/access.ts';
import { type Command, CommandError } from '../../commands/command.ts';
import { isGuarded, noGuard, noPlan, type Plan } from '../../commands/plan.ts';
import type { Log } from '../../log/log.ts';
import { inTime } from '../../async/in-time.ts';

/** A provider that does not answer by then has refused. */
const patienceMs = 5_000;

/** Who somebody is across inputs. Throws a `CommandError` (`failed`) when the rules can't tell. */
export function principal(access: Access | undefined, identity: Identity, log: Log): string {
  if (access === undefined) return `${identity.input}:${identity.user}`;
  try {
    return access.personOf(identity).id;
  } catch (error) {
    log.error('access rules failed: nobody can be told apart', { input: identity.input, error });
    throw new CommandError('failed', 'not run: who you are could not be found out', { cause: error });
  }
}

/** What a command is to those who decide. Of two conditions the stricter one counts. */
export function wishOf(command: Command, plan: Plan = noPlan): Wish {
  const { guard: own = noGuard } = command;
  const { guard: more = noGuard } = plan;
  return {
    commands: plan.amounts === undefined ? [command.name] : [command.name, ...plan.amounts],
    effect: plan.effect ?? command.effect ?? 'change',
    scopes: more.scopes.length === 0 ? own.scopes : [...new Set([...own.scopes, ...more.scopes])],
    confirm: own.confirm || more.confirm,
    approvals: Math.max(own.approvals, more.approvals),
    parameters: plan.parameters,
  };
}

/** May it run? Without access rules everybody may run what sets no conditions. Never throws and never rejects: who can't tell refuses. */
export function decide(
  access: Access | undefined,
  wish: Wish,
  identity: Identity,
  scene: Scene,
  log: Log,
): Decision | Promise<Decision> {
  if (access === undefined) return unguarded(wish, identity);
  try {
    const { commands, effect, scopes, confirm, approvals, parameters, isDraft = false } = wish;
    const { room, roomName, isDirect } = scene;
    const decision = access.decide({
      identity,
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
        (late) => (isDecision(late) ? late : broken(new Error(noDecision), wish, identity, log)),
        (error: unknown) => broken(error, wish, identity, log),
      );
    }
    return isDecision(decision) ? decision : broken(new Error(noDecision), wish, identity, log);
  } catch (error) {
    return broken(error, wish, identity, log);
  }
}

const noDecision = 'that is no decision';

/** Where there are no rules. */
function unguarded(wish: Wish, { input, user }: Identity): Decision {
  const person = `${input}:${user}`;
  if (!isGuarded(wish))
    return { isAllowed: true, person, why: '', path: none, confirm: false, approvals: 0, scopes: none };
  const [name = ''] = wish.commands;
  const asked = conditions(wish).join(', ');
  return refusal(person, `${name} was not run: it asks for ${asked}, and this bot has nothing to check that with`);
}

const none: readonly never[] = [];

/** Whoever can't tell refuses. */
function broken(error: unknown, { commands: [name = ''] }: Wish, { input, user }: Identity, log: Log): Decision {
  log.error('access rules failed: the command was refused', { command: name, error });
  return refusal(`${input}:${user}`, `${name} was not run: who may run it could not be found out`);
}

const refusal = (person: string, why: string): Decision => ({ isAllowed: false, person, why, path: [why] });

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
