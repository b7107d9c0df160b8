import type { Policy } from '../access/policy.ts';

/** Somebody on one network. */
export interface Account {
  readonly input: string;
  readonly user: string;
}

/** The network of those who are on none. */
const testInput = 'test';

/**
 * Who says something: a person of the rules by one of their accounts, or anybody else by the name given. Throws an `Error` for a person who has no
 * account there.
 */
export function accountOf({ people }: Policy, name: string, input: string | undefined): Account {
  const accounts = people.get(name)?.ids.map(readId) ?? [];
  const found = accounts.find((account) => input === undefined || account.input === input);
  if (found !== undefined) return found;
  if (accounts.length === 0) return { input: input ?? testInput, user: name };
  const known = accounts.map((account) => account.input).join(', ');
  throw new Error(`${name} has no account on ${input}, only on ${known}`);
}

/** The networks that rules speak of, and those that are always there. */
export function inputsOf({ people, emergency }: Policy, more: readonly string[]): readonly string[] {
  const accounts = [...people.values()].flatMap(({ ids }) => ids.map((id) => readId(id).input));
  const announced = emergency?.announce.map(({ input }) => input) ?? [];
  return [...new Set([testInput, 'console', ...accounts, ...announced, ...more])];
}

/** `slack:T1/U1`. */
function readId(id: string): Account {
  const colon = id.indexOf(':');
  return { input: id.slice(0, colon), user: id.slice(colon + 1) };
}
