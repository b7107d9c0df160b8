import type { Access } from '../../access/access.ts';
import { CommandError } from '../../commands/command.ts';
import { type Document, text } from '../../document/document.ts';
import type { Log } from '../../log/log.ts';
import type { Grant } from './approvals.ts';
import { showCode } from '../../async/codes.ts';
import type { Door, Speaker } from './door.ts';
import { usedUp } from './fate.ts';
import type { Ledger } from './ledger.ts';
import type { Notices } from './notices.ts';
import { type Request, standing } from './request.ts';
import { shorten } from './visible.ts';

/** Runs what was agreed to. */
export type Run = (grant: Grant) => void | Promise<void>;

export interface SettleOptions {
  readonly ledger: Ledger;
  readonly door: Door;
  readonly access: Access;
  readonly notices: Notices;
  readonly run: () => Run | undefined;
  readonly log: Log;
}

/**
 * Lets a request run that lacks nothing. It is used up for good before anything else: whatever happens then, it runs once or not at all.
 * Rejects when it could not be used up, and throws a `CommandError` when it was and is not run.
 */
export type Settle = (request: Request, by: Speaker) => Promise<Document>;

export function settling({ ledger, door, access, notices, run, log }: SettleOptions): Settle {
  const forget = (code: string): void => {
    ledger.forget(code).catch((error: unknown) => log.warn('a used approval stays in the state', { error }));
  };

  const lost = (request: Request, by: Speaker, why: string): CommandError => {
    door.end(request.code, `was not run: ${why}`);
    void notices.noteOf('approval lost', by.person.id, request, { why });
    notices.tell(request, `${named(request)} is not run: ${why}. Ask again.`, by.caller);
    forget(request.code);
    return new CommandError('failed', `${named(request)} is not run: ${why}. Ask again.`);
  };

  const begin = async (start: Run, request: Request, grant: Grant): Promise<void> => {
    try {
      await start(grant);
    } catch (error) {
      log.error('what was approved could not be started', { command: request.wanted.command, error });
      const why = `it could not be started: ${wordsOf(error)}`;
      notices.tell(request, `${named(request)} was approved, and is not run: ${why}. Ask again.`);
      await notices.noteOf('approval lost', request.wanted.person, request, { why });
    }
    forget(request.code);
  };

  /** What is looked at when nothing can be taken back any more. Throws what keeps it from running, as a sentence for people. */
  const ready = async (request: Request, by: Speaker, approvers: string): Promise<Grant> => {
    try {
      await notices.record(usedUp, by.person.id, request, { approvers });
    } catch (error) {
      log.error('what was approved is not run', { command: request.wanted.command, error });
      throw new Error('the audit cannot be written', { cause: error });
    }
    const still = standing(request, access);
    if (still.length < request.wanted.approvals) throw new Error('somebody who agreed may no longer do so');
    return { code: showCode(request.code), hash: request.wanted.hash, approvers: still, wanted: request.wanted };
  };

  return async (request, by) => {
    const start = run();
    if (start === undefined) throw new CommandError('failed', 'nothing can be run yet: try again in a moment');
    const approvers = request.approvers.map((identity) => access.personOf(identity).id).join(', ');
    await ledger.take(request);
    let grant: Grant;
    try {
      grant = await ready(request, by, approvers);
    } catch (error) {
      throw lost(request, by, wordsOf(error));
    }
    door.end(request.code, approvers === '' ? 'was confirmed and runs' : `was approved by ${approvers} and runs`);
    void begin(start, request, grant);
    return text(`${named(request)} runs now.`);
  };
}

export const named = ({ code, wanted }: Request): string => `${showCode(code)}, "${shorten(wanted.shown)}",`;

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
