/** What cannot be seen, turns the reading direction around, or joins what looks apart. */
const unseen = /[\p{C}\p{Zl}\p{Zp}\p{DI}]/u;

/**
 * `slack:T1/U1`: how the access file names an account. Networks that take upper and lower case for the same are written in one of them; of
 * others every letter counts.
 */
export const idOf = (input: string, user: string): string => `${input}:${foldUser(input, user)}`;

/** Letters of ASCII alone: others would make one of two accounts. */
function foldUser(input: string, user: string): string {
  switch (input) {
    case 'slack':
      return user.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
    case 'xmpp':
    case 'hipchat': {
      // Behind the slash stands what a room gave its occupant, and there case counts.
      const slash = user.indexOf('/');
      return slash === -1 ? lower(user) : lower(user.slice(0, slash)) + user.slice(slash);
    }
    default:
      return user;
  }
}

const lower = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** What is wrong with a name that somebody wrote by hand, or undefined. Two names that look the same must be the same. */
export function flawOf(name: string): string | undefined {
  if (name.trim() !== name || name === '') return 'is empty, or has a space at its end';
  if (unseen.test(name)) return 'has characters that cannot be seen';
  if (name.normalize('NFKC') !== name) return `has characters that look like others: write ${name.normalize('NFKC')}`;
  return undefined;
}
