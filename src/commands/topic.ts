import type { Command } from './command.ts';
import { compare } from './set.ts';

/** Commands that have to do with one thing, by name. */
export interface Topic {
  readonly name: string;
  readonly commands: readonly Command[];
}

/** What a command has to do with: its topic, or the service behind it. Undefined: it stands for itself. */
export const topicOf = ({ topic, source }: Command): string | undefined =>
  topic ?? (source.kind === 'service' ? source.service : undefined);

/** All topics of these commands, by name. */
export function topicsOf(commands: readonly Command[]): readonly Topic[] {
  const byName = new Map<string, Command[]>();
  for (const command of commands) {
    const name = topicOf(command);
    if (name === undefined) continue;
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [command]);
    else known.push(command);
  }
  return [...byName].map(([name, of]) => ({ name, commands: of })).sort((one, other) => compare(one.name, other.name));
}

/** The topic that is meant, in any case; a service may be meant by its last word, too: `billing` of `go.micro.srv.billing`. */
export function findTopic(topics: readonly Topic[], asked: string): Topic | undefined {
  const word = asked.toLowerCase();
  const named = topics.find(({ name }) => name.toLowerCase() === word);
  if (named !== undefined || word === '') return named;
  const ending = topics.filter(({ name }) => name.toLowerCase().endsWith(`.${word}`));
  return ending.length === 1 ? ending[0] : undefined;
}
