import { type Document, type Text, text } from '../document/document.ts';
import { shorten } from './declared.ts';
import type { Caller, Command } from './command.ts';
import type { CommandSet } from './set.ts';

/** Whether somebody may run a command at all, as far as that can be told without its arguments. */
export type MayRun = (command: Command, caller: Caller) => boolean | Promise<boolean>;

/** A name that somebody made for a line. */
export interface NamedLine {
  readonly name: string;
  /** What it stands for. */
  readonly line: string;
  /** `an alias of yours`, `an alias of this room, made by ann` */
  readonly what: string;
  /** The line that takes it back. */
  readonly forget: string;
  /** The first command behind it; undefined when nobody answers to that. */
  readonly command: string | undefined;
}

/** What is known here about who asks. What is absent nobody knows. */
export interface Asker {
  readonly mayRun?: MayRun | undefined;
  /** What of a line nobody may see again. Rejects with a `CommandError` for one that nobody can tell it of. */
  readonly secrets?: ((line: string, caller: Caller) => Promise<readonly string[]>) | undefined;
  /** The names that somebody can say where they are: of two the same, the first counts. */
  readonly names?: ((caller: Caller) => readonly NamedLine[]) | undefined;
}

/** The commands as one person gets to see them. */
export interface View {
  readonly set: CommandSet;
  /** Those that help tells of, by name. */
  readonly commands: readonly Command[];
  /** `usage - description` */
  line(command: Command): string;
  /** How many of these are left out, as a last line. `asked` is what was asked for help about, default nothing. */
  more(all: readonly Command[], asked?: string): readonly Document[];
}

/** What help tells of to anybody at all. */
export const shownIn = ({ commands }: CommandSet): readonly Command[] =>
  commands.filter(({ hidden }) => hidden !== true);

/** `isAll`: what this person may not run is shown, too, and marked. */
export async function viewOf(
  set: CommandSet,
  caller: Caller,
  mayRun: MayRun | undefined,
  isAll: boolean,
): Promise<View> {
  const shown = shownIn(set);
  const refused = mayRun === undefined ? new Set<Command>() : await refusedOf(shown, caller, mayRun);
  return {
    set,
    commands: isAll || refused.size === 0 ? shown : shown.filter((command) => !refused.has(command)),
    line: (command) =>
      `${command.usage} - ${command.description}${refused.has(command) ? ' (you may not run it)' : ''}`,
    more(all, asked) {
      const left = isAll ? 0 : all.filter((command) => refused.has(command)).length;
      const words = ['help', ...(asked === undefined ? [] : [shorten(asked)]), '--all'].join(' ');
      return left === 0 ? [] : [note(`\n${left} more that you may not run: ${words}`)];
    },
  };
}

export const note = (value: string): Text => ({ ...text(value), isNote: true });

async function refusedOf(commands: readonly Command[], caller: Caller, mayRun: MayRun): Promise<ReadonlySet<Command>> {
  const refused = new Set<Command>();
  const asked: Promise<unknown>[] = [];
  for (const command of commands) {
    const answer = ask(command, caller, mayRun);
    if (answer === false) refused.add(command);
    else if (answer !== true) asked.push(answer.then((may) => may || refused.add(command)));
  }
  if (asked.length > 0) await Promise.all(asked);
  return refused;
}

/** Who cannot be asked has not allowed it. Never rejects. */
export function ask(command: Command, caller: Caller, mayRun: MayRun): boolean | Promise<boolean> {
  try {
    const answer = mayRun(command, caller);
    return typeof answer === 'boolean' ? answer : answer.catch(() => false);
  } catch {
    return false;
  }
}
