import type { Access, Decision } from '../../access/access.ts';
import { CommandError } from '../../commands/command.ts';
import type { Document } from '../../document/document.ts';
import type { Approvals, Grant } from '../approval/approvals.ts';
import { isEnough } from '../approval/enough.ts';
import { fingerprint } from '../approval/fingerprint.ts';
import { identityOf } from './caller.ts';
import type { Reading } from './reading.ts';

/** Somebody may run it. */
export type Allowance = Decision & { readonly isAllowed: true };

/** Keeps a line until it was agreed to, and returns what its person is told. Throws a `CommandError` when nobody can be asked. */
export async function askFor(
  reading: Reading,
  decision: Allowance,
  approvals: Approvals | undefined,
): Promise<Document> {
  const { request, command, shown } = reading;
  if (approvals === undefined) {
    throw new CommandError('failed', `${command.name} was not run: nobody can be asked for an approval here`);
  }
  const { caller, line } = request;
  const { room, thread, roomName = room, isDirect = false } = caller;
  return approvals.ask({
    identity: identityOf(caller),
    person: decision.person,
    place: { kind: 'room', room, thread },
    roomName,
    isDirect,
    line,
    shown,
    isMasked: shown !== line,
    command: command.name,
    hash: hashOf(reading),
    confirm: decision.confirm,
    approvals: decision.approvals,
    scopes: decision.scopes,
  });
}

/** Whether nobody's word is missing. Throws a `CommandError` when what was agreed to was something else. */
export function isAgreedTo(reading: Reading, decision: Allowance, access: Access | undefined): boolean {
  const { grant } = reading.request;
  // What was agreed to must be what runs, also where nobody's word is needed any more.
  const isGranted = grant !== undefined && isAgreed(grant, reading, decision, access);
  return isGranted || !(decision.confirm || decision.approvals > 0);
}

/** Whether a grant is for what would run now, and enough. Throws a `CommandError` when it was for something else. */
function isAgreed(grant: Grant, reading: Reading, decision: Allowance, access: Access | undefined): boolean {
  const { hash, wanted } = grant;
  if (hash !== hashOf(reading)) {
    throw new CommandError('failed', `${wanted.shown} was not run: it has changed since it was agreed to. Ask again.`);
  }
  return access !== undefined && isEnough(grant, decision, access);
}

const hashOf = ({ command, planned, plan, filters }: Reading): string =>
  fingerprint([
    { command: command.name, planned, plan },
    ...filters.map((each) => ({ ...each, command: each.command.name })),
  ]);
