import type { Access, Identity, Person } from '../../access/access.ts';
import { type Caller, CommandError } from '../../commands/command.ts';
import { readCode, showCode } from '../../async/codes.ts';
import { createGuesses } from '../../async/guesses.ts';
import type { Ledger } from './ledger.ts';
import type { Notices } from './notices.ts';
import { codeLength, isOld, type Request } from './request.ts';

/** Somebody who says something about a request. */
export interface Speaker {
  readonly caller: Caller;
  readonly identity: Identity;
  readonly person: Person;
}

/** Who may speak about which request. */
export interface Door {
  /** Throws a `CommandError` for somebody who can't be told from others. */
  speaker(caller: Caller): Speaker;
  /** The code that was typed, of a request that waits. Throws a `CommandError`; wrong codes are counted. */
  codeOf(typed: string, speaker: Speaker): Promise<string>;
  /** The request as it is now. Throws a `CommandError` that says how it ended. */
  request(code: string): Request;
  /** It waits no longer: whoever comes late is told this. */
  end(code: string, how: string): void;
  /** False for a code that is in use or was so lately. */
  isFree(code: string): boolean;
}

export interface DoorOptions {
  readonly ledger: Ledger;
  readonly access: Access;
  readonly notices: Notices;
  readonly now: () => number;
}

/** As many ends are remembered. */
const mostEnds = 1_000;

export function createDoor({ ledger, access, notices, now }: DoorOptions): Door {
  const guesses = createGuesses(now);
  const ends = new Map<string, string>();

  const request = (code: string): Request => {
    const waiting = ledger.find(code);
    if (waiting !== undefined && !isOld(waiting, now())) return waiting;
    const how = ends.get(code) ?? (waiting === undefined ? 'waits no longer' : 'is too old');
    throw new CommandError('not_found', `${showCode(code)} ${how}`);
  };

  return {
    speaker(caller) {
      const identity = identityOf(caller);
      const person = access.personOf(identity);
      if (identity.isKnown && person.isKnown) return { caller, identity, person };
      throw new CommandError('failed', 'your word does not count here: the network does not say for sure who you are');
    },
    async codeOf(typed, { person }) {
      if (guesses.isOut(person.id)) throw new CommandError('failed', 'too many wrong codes: try again in a minute');
      const code = readCode(typed, codeLength);
      if (code === undefined) throw new CommandError('usage', `that is no code: codes look like K7QD-2M`);
      if (ledger.find(code) !== undefined || ends.has(code)) return code;
      if (guesses.wrong(person.id)) await notices.note('approval codes guessed', person.id, {});
      throw new CommandError('not_found', `nothing waits under ${showCode(code)}`);
    },
    request,
    end(code, how) {
      ends.set(code, how);
      const [oldest] = ends.keys();
      if (ends.size > mostEnds && oldest !== undefined) ends.delete(oldest);
    },
    isFree: (code) =>
      ledger.find(code) === undefined && !ends.has(code) && ledger.left.every((left) => left.request.code !== code),
  };
}

const identityOf = ({ input, user, name = user, isKnown = true }: Caller): Identity => ({ input, user, name, isKnown });
