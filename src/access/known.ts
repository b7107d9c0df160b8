import type { Command } from '../commands/command.ts';

/** The commands that there are at the moment. It is replaced as a whole when they change. */
export interface KnownCommands {
  readonly commands: readonly Command[];
  /** The registry is out of reach, and this is what was known before. */
  readonly stale: boolean;
  /** The command whose name or alias begins these words, and how many of them it took. */
  find(words: readonly string[]): { readonly command: Command; readonly words: number } | undefined;
}

/** The command that a name leads to, an alias or a version of it too. */
export function commandOf(known: KnownCommands, name: string): Command | undefined {
  const words = name.split(' ');
  const found = known.find(words);
  return found?.words === words.length ? found.command : undefined;
}

/** All that leads to a command, its name first. */
export const namesOf = ({ name, aliases = [] }: Pick<Command, 'name' | 'aliases'>): readonly string[] => [
  name,
  ...aliases,
];
