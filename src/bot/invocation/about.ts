import type { Decision } from '../../access/access.ts';
import type { About } from '../../audit/audit.ts';
import type { Caller } from '../../commands/command.ts';
import type { JobAbout } from '../jobs/jobs.ts';
import type { Stage } from './compile.ts';
import type { Request } from './request.ts';

/** What others get to know of an invocation. */
export interface Told {
  readonly request: Request;
  readonly caller: Caller;
  readonly stage: Stage;
  /** The line without its secrets. */
  readonly shown: string;
  readonly decision: Decision;
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
export function aboutOf<K extends 'started' | 'denied'>(
  kind: K,
  { request, caller, stage, shown, decision }: Told,
  id: string,
  approvers?: readonly string[],
): { readonly kind: K } & About {
  const { target } = stage.plan;
  return {
    kind,
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
