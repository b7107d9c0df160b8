import { type Caller, CommandError } from '../../commands/command.ts';
import type { Book, Entry } from './book.ts';
import type { Kept } from './kept.ts';

/** The principal. */
export const personOf = ({ person, input, user }: Caller): string => person ?? `${input}:${user}`;

/** Who was no principal of the access file yet may have become one since. */
export const isOwn = ({ person, identity }: Kept, caller: Caller): boolean =>
  person === personOf(caller) || (identity.input === caller.input && identity.user === caller.user);

export const isHere = ({ identity, place }: Kept, { input, room }: Caller): boolean =>
  identity.input === input && place.room === room;

/** Its line as it may be shown to somebody where they are: that of a conversation that is nobody else's stays hidden where others read along. */
export const lineFor = (kept: Kept, caller: Caller): string =>
  kept.isDirect && caller.isDirect !== true && !isHere(kept, caller) ? '(hidden)' : kept.line;

/** The one with this id. Undefined: there is none. Throws a `CommandError` when the caller may not change it. */
export function entryFor(
  book: Book,
  id: string,
  caller: Caller,
  mayAdmin: (caller: Caller) => boolean,
): Entry | undefined {
  const [, number] = /^s(\d{1,15})$/i.exec(id) ?? [];
  const entry = number === undefined ? undefined : book.entries.get(Number(number));
  if (entry === undefined) return undefined;
  if (caller.isKnown !== false && (isOwn(entry.kept, caller) || mayAdmin(caller))) return entry;
  throw new CommandError('usage', `${id.toLowerCase()} is not yours: ${entry.kept.identity.name} made it`);
}
