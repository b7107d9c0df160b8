import type { Order } from '../../async/order.ts';
import type { Access } from '../../access/access.ts';
import { type Caller, CommandError } from '../../commands/command.ts';
import { type Document, text } from '../../document/document.ts';
import type { Log } from '../../log/log.ts';
import { readCode, showCode } from '../../async/codes.ts';
import type { Verbs } from './commands.ts';
import type { Door, Speaker } from './door.ts';
import type { Ledger } from './ledger.ts';
import type { Notices } from './notices.ts';
import type { Wanted } from './approvals.ts';
import { codeLength, isAsker, isOld, type Request, stageOf, standing, unfit } from './request.ts';
import { named, type Settle } from './settle.ts';
import { askerOf, missingOf, requestDocument, requestsDocument, whoIs } from './shown.ts';

export interface VerbsOptions {
  readonly ledger: Ledger;
  readonly door: Door;
  readonly access: Access;
  readonly notices: Notices;
  readonly order: Order;
  readonly settle: Settle;
  /** Why what nothing is missing of any more could not be begun at the moment, if so. */
  readonly awaits: (wanted: Wanted) => string | undefined;
  /** Called when what waits has changed. */
  readonly changed: () => void;
  readonly now: () => number;
  readonly log: Log;
}

export interface AllVerbs extends Verbs {
  cancel(typed: string, caller: Caller): Promise<Document | undefined>;
}

/** Words about one request that may wait for their turn. */
const mostWaiting = 100;

export function createVerbs(options: VerbsOptions): AllVerbs {
  const { ledger, door, access, notices, order, settle, awaits, changed, now, log } = options;

  /** What people say about one request counts in the order in which they said it. */
  const about = async (
    typed: string,
    caller: Caller,
    work: (request: Request, speaker: Speaker) => Promise<Document>,
  ): Promise<Document> => {
    try {
      const code = await door.codeOf(typed, door.speaker(caller));
      // Who they are and what they hold is looked up when it is their turn.
      return await inTurn(code, async () => work(door.request(code), door.speaker(caller)));
    } catch (error) {
      if (error instanceof CommandError) throw error;
      log.error('a word about an approval could not be heeded', { error });
      const reason = error instanceof Error ? error.message : String(error);
      throw new CommandError('failed', `nothing was run: ${reason}`, { cause: error });
    } finally {
      changed();
    }
  };

  const inTurn = async (code: string, work: () => Promise<Document>): Promise<Document> => {
    const done = order.add(code, code, mostWaiting, async () => work());
    if (done === undefined) throw new CommandError('failed', 'too many speak at once: try again in a moment');
    return done;
  };

  const refuse = async (request: Request, { person }: Speaker, verb: string, why: string): Promise<never> => {
    await notices.noteOf('approval refused', person.id, request, { verb, why });
    throw new CommandError('failed', `${showCode(request.code)}: ${why}`);
  };

  const isTheirs = (request: Request, { person }: Speaker): boolean => isAsker(request, person, access);

  const mayDecide = (request: Request, speaker: Speaker): boolean =>
    request.wanted.approvals > 0 && !isTheirs(request, speaker) && unfit(request, speaker.person, access) === undefined;

  /**
   * Whether nothing is missing any more. Throws where it could not be begun: a service may be away for a moment, or not be found yet after a
   * start, and nobody's word is used up for nothing.
   */
  const isComplete = (next: Request): boolean => {
    if (stageOf(next) !== 'nothing') return false;
    const why = awaits(next.wanted);
    if (why === undefined) return true;
    throw new CommandError('failed', `${named(next)} waits on: ${why}. Say that again when it is back.`);
  };

  const withdraw = async (request: Request, speaker: Speaker, reason: string): Promise<Document> => {
    const by = speaker.person.id;
    const isWithdrawn = isTheirs(request, speaker);
    const gone = ledger.drop(request.code);
    door.end(request.code, isWithdrawn ? `was taken back by ${by}` : `was denied by ${by}`);
    const isKept = await gone.then(
      () => true,
      (error: unknown) => {
        log.error('what was denied stays in the state', { error });
        return false;
      },
    );
    await notices.noteOf(isWithdrawn ? 'approval withdrawn' : 'approval denied', by, request, { reason });
    const because = reason === '' ? '' : `: ${reason}`;
    const sentence = isWithdrawn
      ? `${named(request)} was taken back${because}`
      : `${named(request)} was denied by ${whoIs(speaker.caller, speaker.person)}${because}`;
    notices.tell(request, sentence, speaker.caller);
    return text(isKept ? sentence : `${sentence}\nThat could not be kept: after a restart it may wait again.`);
  };

  return {
    confirm: (typed, caller) =>
      about(typed, caller, async (request, speaker) => {
        if (!isTheirs(request, speaker)) {
          return refuse(request, speaker, 'confirm', `only ${askerOf(request)} can confirm it`);
        }
        if (stageOf(request) !== 'confirmation') {
          throw new CommandError(
            'failed',
            `${showCode(request.code)} needs no confirmation: ${missingOf(request)} missing`,
          );
        }
        const next: Request = { ...request, isConfirmed: true };
        const isLast = isComplete(next);
        await notices.record('approval confirmed', speaker.person.id, request);
        if (isLast) return settle(next, speaker);
        await ledger.keep(next);
        return requestDocument(next, access, now());
      }),

    approve: (typed, remark, caller) =>
      about(typed, caller, async (request, speaker) => {
        if (isTheirs(request, speaker)) {
          return refuse(request, speaker, 'approve', 'nobody approves what they asked for themselves');
        }
        const why = unfit(request, speaker.person, access);
        if (why !== undefined) return refuse(request, speaker, 'approve', why);
        if (stageOf(request) === 'confirmation') {
          throw new CommandError('failed', `${showCode(request.code)}: ${askerOf(request)} has to confirm it first`);
        }
        const before = standing(request, access);
        if (before.some((identity) => access.personOf(identity).id === speaker.person.id)) {
          throw new CommandError(
            'failed',
            `${showCode(request.code)}: you agreed already, ${missingOf(request)} missing`,
          );
        }
        const next: Request = { ...request, approvers: [...before, speaker.identity] };
        const isLast = isComplete(next);
        await notices.record('approval given', speaker.person.id, request, { remark });
        if (isLast) return settle(next, speaker);
        await ledger.keep(next);
        const who = whoIs(caller, speaker.person);
        notices.tell(next, `${who} agreed to ${named(next)} still missing: ${missingOf(next)}`, caller);
        return {
          kind: 'group',
          parts: [
            ...(before.length < request.approvers.length
              ? [text('Somebody who agreed before may no longer do so, and does not count.')]
              : []),
            requestDocument(next, access, now()),
          ],
        };
      }),

    deny: (typed, reason, caller) =>
      about(typed, caller, async (request, speaker) =>
        isTheirs(request, speaker) || mayDecide(request, speaker)
          ? withdraw(request, speaker, reason)
          : refuse(request, speaker, 'deny', `it is not for you to decide`),
      ),

    show: (typed, caller) =>
      about(typed, caller, async (request, speaker) =>
        isTheirs(request, speaker) || mayDecide(request, speaker)
          ? requestDocument(request, access, now())
          : refuse(request, speaker, 'show', 'it is not for you to decide'),
      ),

    list(caller) {
      const speaker = door.speaker(caller);
      const waiting = ledger.waiting.filter((request) => !isOld(request, now()));
      const mine = waiting.filter((request) => isTheirs(request, speaker) || mayDecide(request, speaker));
      return requestsDocument(mine, caller, (request) => mayDecide(request, speaker));
    },

    async cancel(typed, caller) {
      const code = readCode(typed, codeLength);
      const request = code === undefined ? undefined : ledger.find(code);
      if (request === undefined) return undefined;
      const speaker = door.speaker(caller);
      if (!isTheirs(request, speaker)) return undefined;
      return about(typed, caller, async (current) => withdraw(current, speaker, ''));
    },
  };
}
