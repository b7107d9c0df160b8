import type { Decision } from '../../access/access.ts';
import type { About } from '../../audit/audit.ts';
import type { JobAbout } from '../jobs/jobs.ts';
import type { Stage } from './compile.ts';
import type { Reading } from './reading.ts';

/** What the jobs are told of a line that may run, or may not. */
export const jobOf = (reading: Reading, decision: Decision): JobAbout => {
  const { request, command, shown } = reading;
  const { caller, cause } = request;
  return {
    person: decision.person,
    input: caller.input,
    room: caller.room,
    command: command.name,
    line: shown,
    isMasked: shown !== request.line,
    service: serviceOf(reading),
    lock: lockOf(reading),
    isEndless: command.isEndless === true,
    isDirect: caller.isDirect === true,
    roomName: caller.roomName,
    cause,
  };
};

const serviceOf = ({ plan, command }: Stage): string | undefined =>
  plan.target?.service ?? (command.source.kind === 'service' ? command.source.service : undefined);

function lockOf({ plan, command }: Stage): string | undefined {
  const lock = plan.lock ?? command.lock;
  if (lock === undefined) return undefined;
  return JSON.stringify([plan.amounts?.[0] ?? command.name, ...lock.map((name) => plan.parameters.get(name))]);
}

/** What the audit is told of it. */
export function aboutOf<K extends 'started' | 'denied'>(
  kind: K,
  reading: Reading,
  decision: Decision,
  id: string,
  approvers?: readonly string[],
): { readonly kind: K } & About {
  const { request, command, plan, shown } = reading;
  const { caller, message, cause } = request;
  const { target } = plan;
  return {
    kind,
    id,
    person: decision.person,
    input: caller.input,
    user: caller.user,
    room: caller.room,
    thread: caller.thread,
    message: message.id === '' ? undefined : message.id,
    command: command.name,
    line: shown,
    isMasked: shown !== request.line,
    cause,
    decision: decision.why,
    approvers,
    service: serviceOf(reading),
    endpoint: target?.endpoint,
    version: target?.version,
  };
}
