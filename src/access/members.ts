import { segments } from './glob.ts';
import { flawOf, idOf } from './identifier.ts';
import type { Members } from './policy.ts';

/** Tells who is meant by lists of people, groups and accounts. */
export interface Roll {
  /** Calls `complain` for each entry that means nobody. */
  membersOf(entries: readonly string[], complain: (index: number, message: string) => void): Members;
}

/** An account, or accounts, as the file writes them: `slack:T1/U1`, `slack:T1/*`. Throws an `Error` that says what is wrong. */
export function readAccount(text: string): { readonly input: string; readonly user: string; readonly id: string } {
  const colon = text.indexOf(':');
  const [input, user] = [text.slice(0, colon), text.slice(colon + 1)];
  if (colon < 1 || user === '' || !/^[a-z0-9][\w.-]*$/.test(input)) {
    throw new Error(`${text} is no account: write it as slack:T1/U1 or xmpp:ann@example.org`);
  }
  const flaw = flawOf(text);
  if (flaw !== undefined) throw new Error(`${text} ${flaw}`);
  return { input, user, id: idOf(input, user) };
}

const maxDepth = 32;

/** Groups may hold groups. `complain` is told of those that hold themselves. */
export function createRoll(
  people: ReadonlySet<string>,
  groups: ReadonlyMap<string, readonly string[]>,
  complain: (group: string, message: string) => void,
): Roll {
  const known = new Map<string, Members>();

  const groupOf = (name: string, entries: readonly string[], inside: readonly string[]): Members => {
    const before = known.get(name);
    if (before !== undefined) return before;
    if (inside.length >= maxDepth) {
      complain(name, `stands in more than ${maxDepth} groups that hold each other`);
      return nobody;
    }
    if (inside.includes(name)) {
      complain(name, `holds itself: ${[...inside.slice(inside.indexOf(name)), name].join(' > ')}`);
      return nobody;
    }
    const made = collect(entries, [...inside, name], () => {});
    known.set(name, made);
    return made;
  };

  const collect = (
    entries: readonly string[],
    inside: readonly string[],
    complain: (index: number, message: string) => void,
  ): Members => {
    const parts = entries.map((entry, index): Members => {
      const group = groups.get(entry);
      if (entry === '*') return { ...nobody, isEverybody: true };
      if (people.has(entry)) return { ...nobody, people: new Set([entry]) };
      if (group !== undefined) return groupOf(entry, group, inside);
      if (!entry.includes(':')) {
        complain(index, `there is no person and no group ${entry}`);
        return nobody;
      }
      try {
        return { ...nobody, accounts: [accounts(entry)] };
      } catch (error) {
        complain(index, error instanceof Error ? error.message : 'is no account');
        return nobody;
      }
    });
    return {
      text: entries.join(', '),
      people: new Set(parts.flatMap((part) => [...part.people])),
      accounts: parts.flatMap((part) => part.accounts),
      isEverybody: parts.some((part) => part.isEverybody),
    };
  };

  return { membersOf: (entries, complain) => collect(entries, [], complain) };
}

const nobody: Members = { text: 'nobody', people: new Set(), accounts: [], isEverybody: false };

function accounts(text: string): Members['accounts'][number] {
  const { input, id } = readAccount(text);
  const prefix = `${input}:`;
  const users = segments(id.slice(prefix.length));
  return {
    text,
    isAll: users.isAll,
    fits: (account) => account.startsWith(prefix) && users.fits(account.slice(prefix.length)),
  };
}
