import { newCode } from '../../async/codes.ts';
import { createOrder } from '../../async/order.ts';
import { createWake } from '../../async/wake.ts';
import type { Access } from '../../access/access.ts';
import type { Audit } from '../../audit/audit.ts';
import { type Caller, type Command, CommandError } from '../../commands/command.ts';
import type { Document } from '../../document/document.ts';
import { type Log, silent } from '../../log/log.ts';
import type { State } from '../../state/state.ts';
import type { Approvals, Wanted } from './approvals.ts';
import { approvalCommands } from './commands.ts';
import { createDoor } from './door.ts';
import type { Records } from './fate.ts';
import { reportLeft } from './left.ts';
import { openLedger } from './ledger.ts';
import { createNotices, type Where } from './notices.ts';
import { codeLength, isOld, type Request } from './request.ts';
import { named, type Run, settling } from './settle.ts';
import { requestDocument } from './shown.ts';
import { createVerbs } from './verbs.ts';

export interface ApprovalsOptions {
  readonly state: State;
  readonly access: Access;
  /** What it tells of a run that the bot did not live to see the end of is told to people. */
  readonly audit: Pick<Audit, 'write'> & Records;
  /** Says something that nobody asked for just now: that a request was denied or became too old. Rejects when it could not be said. */
  readonly announce?: (where: Where, document: Document) => Promise<void>;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** How long a request waits. Default 15 minutes. */
  readonly forMs?: number;
  readonly log?: Log;
}

export interface RunningApprovals extends Approvals {
  readonly commands: readonly Command[];
  /** Takes back what the caller asked for. Undefined when this is not the code of anything of theirs that waits. */
  cancel(typed: string, caller: Caller): Promise<Document | undefined>;
  /** Nothing more is told or becomes too old. What waits is kept for the next start. Resolves when nothing is being written. */
  close(): Promise<void>;
}

const mostOfOne = 20;
const mostOfAll = 1_000;

/** Opens what waits from before. Throws a `StateError`. */
export async function createApprovals(options: ApprovalsOptions): Promise<RunningApprovals> {
  const { state, access, audit, announce, now = Date.now, forMs = 15 * 60_000, log = silent } = options;
  const ledger = await openLedger(state);
  const notices = createNotices({ audit, announce, log });
  const door = createDoor({ ledger, access, notices, now });
  const order = createOrder();
  let run: Run | undefined;
  let awaits: ((wanted: Wanted) => string | undefined) | undefined;

  const wake = createWake({
    now,
    next: () => {
      const ends = ledger.waiting.map((request) => (isOld(request, now()) ? now() : request.until));
      return ends.length === 0 ? undefined : Math.min(...ends);
    },
    due: () => {
      for (const request of ledger.waiting) {
        const { code } = request;
        if (isOld(request, now())) void order.add(code, code, Number.POSITIVE_INFINITY, () => expire(code));
      }
    },
  });

  const expire = async (code: string): Promise<void> => {
    const request = ledger.find(code);
    if (request === undefined || !isOld(request, now())) return;
    const gone = ledger.drop(code);
    door.end(code, 'is too old');
    await gone.catch((error: unknown) => log.warn('what is too old stays in the state', { error }));
    await notices.noteOf('approval expired', request.wanted.person, request);
    notices.tell(request, `${named(request)} is too old: nobody can let it run any more. Ask again.`);
  };

  const verbs = createVerbs({
    ledger,
    door,
    access,
    notices,
    order,
    settle: settling({ ledger, door, access, notices, run: () => run, log }),
    awaits: (wanted) => awaits?.(wanted),
    changed: () => wake.reset(),
    now,
    log,
  });

  const freshCode = (): string => {
    const code = newCode(codeLength);
    return door.isFree(code) ? code : freshCode();
  };

  const refuseToAsk = ({ identity, person, confirm, approvals, command }: Wanted): string | undefined => {
    if (!confirm && approvals <= 0) return `${command} needs nobody's word`;
    if (!identity.isKnown || !access.personOf(identity).isKnown) {
      return `${command} needs somebody's word, and the network does not say for sure who you are`;
    }
    const mine = ledger.waiting.filter(({ wanted }) => wanted.person === person).length;
    if (mine >= mostOfOne) return `${mine} requests of yours wait already: take some back first`;
    return ledger.waiting.length >= mostOfAll ? 'too many requests wait: try again later' : undefined;
  };

  const keep = async (request: Request): Promise<void> => {
    try {
      await ledger.keep(request);
      await notices.record('approval asked', request.wanted.person, request);
    } catch (error) {
      await ledger.drop(request.code).catch(() => {});
      const reason = error instanceof Error ? error.message : String(error);
      throw new CommandError('failed', `what needs somebody's word cannot be kept: ${reason}`, { cause: error });
    }
  };

  return {
    commands: approvalCommands(verbs),
    cancel: (typed, caller) => verbs.cancel(typed, caller),
    async ask(wanted) {
      const refused = refuseToAsk(wanted);
      if (refused !== undefined) throw new CommandError('failed', refused);
      const askedAt = now();
      const request: Request = {
        code: freshCode(),
        wanted,
        askedAt,
        until: askedAt + forMs,
        isConfirmed: false,
        approvers: [],
      };
      await keep(request);
      wake.reset();
      return requestDocument(request, access, askedAt);
    },
    onGranted(start, until) {
      if (run !== undefined) throw new Error('what is done with a grant is set already');
      run = start;
      awaits = until;
      void reportLeft({ ledger, door, notices, audit, log });
      wake.reset();
    },
    async close() {
      wake.close();
      notices.close();
      await order.idle();
      await ledger.idle();
    },
  };
}
