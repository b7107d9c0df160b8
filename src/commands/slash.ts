import { namesOf } from './name-index.ts';
import type { CommandSet } from './set.ts';

/** A name under which a network with slash commands offers a command. */
export interface Slash {
  /** Without the `/`. */
  readonly name: string;
  readonly description: string;
  /** What is written behind the name; may be empty. */
  readonly usage: string;
  /** Whose it is; empty for a command of the bot's own. */
  readonly service: string;
}

/** The slash commands of a set, by name. A name that somebody else has is left out: the set has a problem for it. */
export const slashCommands = ({ commands }: CommandSet): readonly Slash[] =>
  commands
    .flatMap((command) => {
      const { name, slash = [], usage, description, source } = command;
      const own = namesOf(command);
      // Versions and the command's own name may declare the same once more.
      return [...new Set(slash.map((each) => each.toLowerCase()))]
        .filter((each) => own.includes(each))
        .map((each) => ({
          name: each,
          description,
          usage: behind(name, usage),
          service: source.kind === 'service' ? source.service : '',
        }));
    })
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));

/** `refund [invoice] [cents]` is written `[invoice] [cents]` behind a name that is given already. */
const behind = (name: string, usage: string): string =>
  usage === name || usage.startsWith(`${name} `) ? usage.slice(name.length).trim() : usage;
