import { type Caller, CommandError } from '../../commands/command.ts';
import type { CommandSet } from '../../commands/set.ts';
import { visibleName } from '../approval/visible.ts';
import { typedLine } from '../line.ts';
import { readPipeline } from '../pipeline.ts';
import type { Book } from './book.ts';
import { personOf } from './commands.ts';
import { shown } from './fill.ts';
import type { Alias } from './kept.ts';

/** An alias as `help` tells of it. */
export interface ShownAlias {
  readonly name: string;
  /** What it stands for. */
  readonly line: string;
  /** Whose it is: `an alias of yours`. */
  readonly what: string;
  /** The line that takes it back. */
  readonly forget: string;
  /** The first command behind it; undefined when nobody answers to that. */
  readonly command: string | undefined;
}

/** Those that somebody can say where they are, their own first. `meant`: a line with its aliases replaced. */
export const shownAliases = (
  book: Book,
  set: CommandSet,
  caller: Caller,
  meant: (line: string) => string,
): readonly ShownAlias[] =>
  [
    ...book.of({ kind: 'person', person: personOf(caller) }),
    ...book.of({ kind: 'room', input: caller.input, room: caller.room }),
  ].map((alias) => {
    const { owner, name, line, maker } = alias;
    const isMine = owner.kind === 'person';
    return {
      name,
      line: shown(line),
      what: isMine ? 'an alias of yours' : `an alias of this room, made by ${visibleName(maker)}`,
      forget: isMine ? `unalias ${name}` : `unalias --room ${name}`,
      get command() {
        return commandBehind(alias, set, meant);
      },
    };
  });

function commandBehind({ line }: Alias, set: CommandSet, meant: (line: string) => string): string | undefined {
  const [first = ''] = readPipeline(meantIn(line, meant)).stages;
  return set.find(typedLine(first).head(set.longest))?.command.name;
}

/** Another alias in it may want words: then it is not looked into. */
function meantIn(line: string, meant: (line: string) => string): string {
  try {
    return meant(line);
  } catch (error) {
    if (error instanceof CommandError) return line;
    throw error;
  }
}
