import type { Command } from './command.ts';
import { namesOf } from './name-index.ts';
import type { Problem } from './problem.ts';

/** The service that has a name; undefined is the bot itself. */
export type Owners = Map<string, string | undefined>;

export interface Merged {
  readonly commands: readonly Command[];
  readonly problems: readonly Problem[];
  readonly owners: Owners;
}

/** A service's command with what is asked of it again and again. */
interface Claim {
  readonly command: Command;
  readonly service: string;
  readonly names: readonly string[];
}

/**
 * Puts services' commands behind the bot's own. A name has one owner: the bot's own command, or the service that had it in `before`, or
 * the first in the order of `services`. A name that would take words away from a command of the bot's own (`call deploy`) is refused.
 */
export function mergeCommands(own: readonly Command[], services: readonly Command[], before: Owners): Merged {
  const claims = services.map((command) => ({ command, service: serviceOf(command), names: namesOf(command) }));
  const keepers = new Set<Claim>(claims);
  for (;;) {
    const { refused, ...merged } = giveOut(own, claims, before, keepers);
    // A command that is refused has no use for its aliases: somebody else may have had to go without.
    const idle = refused.filter(
      (claim) => keepers.has(claim) && claim.names.some((name) => before.get(name) === claim.service),
    );
    if (idle.length === 0) return merged;
    for (const claim of idle) keepers.delete(claim);
  }
}

/** Gives each name to one of those who want it. What `keepers` had before they keep. */
function giveOut(
  own: readonly Command[],
  claims: readonly Claim[],
  before: Owners,
  keepers: ReadonlySet<Claim>,
): Merged & { readonly refused: readonly Claim[] } {
  const owners: Owners = new Map();
  for (const name of own.filter(isAtFront).flatMap(namesOf)) owners.set(name, undefined);
  const greedy = greedyNames(own);
  // Also an alias: whoever is known for one name must not get another one's by it.
  const kept = new Map<string, string>();
  for (const { service, names } of keepers) {
    for (const name of names) if (before.get(name) === service) kept.set(name, service);
  }
  const commands = [...own];
  const problems: Problem[] = [];
  const refused: Claim[] = [];

  const claim = (name: string, service: string): boolean => {
    const isOwned = owners.has(name) || beginsWithAny(name, greedy);
    const owner = isOwned ? owners.get(name) : kept.get(name);
    const isFree = !isOwned && (owner === undefined || owner === service);
    if (isFree) owners.set(name, service);
    else problems.push({ kind: 'conflict', name, service, owner });
    return isFree;
  };
  const add = (each: Claim): void => {
    const { command, service } = each;
    const [name = '', ...aliases] = each.names;
    if (!claim(name, service)) refused.push(each);
    else if (aliases.length === 0) commands.push(command);
    else {
      const free = [...new Set(aliases)].filter((alias) => alias !== name && claim(alias, service));
      commands.push(free.length === aliases.length ? command : { ...command, aliases: free });
    }
  };

  const isHeld = ({ service, names: [name = ''] }: Claim): boolean => before.get(name) === service;
  for (const each of claims) if (isHeld(each)) add(each);
  for (const each of claims) if (!isHeld(each)) add(each);
  return { commands, problems, owners, refused };
}

/** Names that take the words behind them. */
export const greedyNames = (own: readonly Command[]): ReadonlySet<string> =>
  new Set(
    own
      .filter((command) => isAtFront(command) && command.hidden !== true && command.usage !== command.name)
      .flatMap(namesOf),
  );

/** A filter stands behind a pipe: it takes no name away from anybody at the front. */
const isAtFront = (command: Command): boolean => command.filter === undefined;

const serviceOf = ({ source }: Command): string => (source.kind === 'service' ? source.service : '');

/** Whether `name` begins with the words of one of `starts`, and has more. */
export function beginsWithAny(name: string, starts: ReadonlySet<string>): boolean {
  for (let at = name.indexOf(' '); at !== -1; at = name.indexOf(' ', at + 1)) {
    if (starts.has(name.slice(0, at))) return true;
  }
  return false;
}
