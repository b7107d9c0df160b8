import type { Access, Identity } from '../../access/access.ts';
import { type Caller, CommandError } from '../../commands/command.ts';
import type { Message } from '../../inputs/input.ts';
import type { Log } from '../../log/log.ts';

/** Who speaks, and where. Throws a `CommandError` (`failed`) when the rules can't tell who that is across inputs. */
export function callerOf(input: string, message: Message, access: Access | undefined, log: Log): Caller {
  const { sender, room, direct } = message;
  return {
    input,
    room: room.id,
    user: sender.id,
    name: sender.name,
    person: access === undefined ? nameless(input, sender.id) : principal(input, message, access, log),
    isKnown: sender.isKnown !== false,
    roomName: room.name,
    thread: room.thread,
    isDirect: direct,
  };
}

/** By input and user. */
const names = new Map<string, Map<string, string>>();
let count = 0;
const maxNames = 10_000;

/** Who nobody knows more of. Made once for each: a text that was just put together has to be read again wherever it is looked up. */
function nameless(input: string, user: string): string {
  const known = names.get(input)?.get(user);
  if (known !== undefined) return known;
  if (count >= maxNames) {
    names.clear();
    count = 0;
  }
  const name = `${input}:${user}`;
  names.set(input, (names.get(input) ?? new Map<string, string>()).set(user, name));
  count += 1;
  return name;
}

function principal(input: string, { sender }: Message, access: Access, log: Log): string {
  try {
    return access.personOf({ input, user: sender.id, name: sender.name, isKnown: sender.isKnown !== false }).id;
  } catch (error) {
    log.error('access rules failed: nobody can be told apart', { input, error });
    throw new CommandError('failed', 'not run: who you are could not be found out', { cause: error });
  }
}

export const identityOf = ({ input, user, name = user, isKnown = true }: Caller): Identity => ({
  input,
  user,
  name,
  isKnown,
});
