import type { Command } from './command.ts';
import { compare, namesOf } from './set.ts';

/** Something about a service that its people should know; it is logged once for as long as it lasts. */
export interface Problem {
  readonly message: string;
  readonly service: string;
  readonly reason: string;
}

export interface Merged {
  readonly commands: readonly Command[];
  readonly problems: readonly Problem[];
}

/**
 * Puts services' commands behind the bot's own. A name has one owner: the bot's own command, or the service that had it in `before`, or
 * the first by the services' names. A name that would take words away from a command of the bot's own (`call deploy`) is refused.
 */
export function mergeCommands(
  own: readonly Command[],
  services: readonly Command[],
  before: readonly Command[],
): Merged {
  const owners = new Map(own.flatMap((command) => namesOf(command).map((name) => [name, 'the bot'])));
  const greedy = new Set(
    own.filter((command) => command.hidden !== true && command.usage !== command.name).flatMap(namesOf),
  );
  const held = new Map(before.flatMap((command) => namesOf(command).map((name) => [name, serviceOf(command)])));
  // Also an alias: whoever is known for one name must not get another one's by it.
  const kept = new Map(
    services.flatMap((command) =>
      namesOf(command)
        .filter((name) => held.get(name) === serviceOf(command))
        .map((name) => [name, serviceOf(command)]),
    ),
  );
  const commands = [...own];
  const problems: Problem[] = [];

  const isHeld = (command: Command): boolean => held.get(command.name) === serviceOf(command);
  const ordered = [...services].sort(
    (one, other) => Number(isHeld(other)) - Number(isHeld(one)) || compare(serviceOf(one), serviceOf(other)),
  );
  const claim = (name: string, command: Command): boolean => {
    const keeper = kept.get(name) === serviceOf(command) ? undefined : kept.get(name);
    const owner = owners.get(name) ?? (beginsWithAny(name, greedy) ? 'the bot' : keeper);
    if (owner === undefined) owners.set(name, serviceOf(command));
    else
      problems.push({
        message: 'a command name is taken',
        service: serviceOf(command),
        reason: `${name} belongs to ${owner}`,
      });
    return owner === undefined;
  };

  for (const command of ordered) {
    if (!claim(command.name, command)) continue;
    const aliases = [...new Set(command.aliases)].filter((alias) => alias !== command.name && claim(alias, command));
    commands.push({ ...command, aliases });
  }
  return { commands, problems };
}

const serviceOf = ({ source }: Command): string => (source.kind === 'service' ? source.service : '');

function beginsWithAny(name: string, starts: ReadonlySet<string>): boolean {
  const words = name.split(' ');
  return words.some((_, index) => index > 0 && starts.has(words.slice(0, index).join(' ')));
}
