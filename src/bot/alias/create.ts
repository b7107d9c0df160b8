import { type Caller, type Command, CommandError } from '../../commands/command.ts';
import type { CommandSet } from '../../commands/set.ts';
import { type Log, silent } from '../../log/log.ts';
import type { State } from '../../state/state.ts';
import { visibleName } from '../approval/visible.ts';
import { typedLine } from '../line.ts';
import { readPipeline } from '../pipeline.ts';
import type { Aliases, UsedAlias, Whose } from './aliases.ts';
import { createBook } from './book.ts';
import { aliasCommands, personOf } from './commands.ts';
import { expandLine } from './expand.ts';
import type { Alias } from './kept.ts';
import { newsOf } from './news.ts';
import { shown } from './fill.ts';
import { type ShownAlias, shownAliases } from './shown.ts';

export interface AliasesOptions {
  readonly state: State;
  /** No alias hides one of these. */
  readonly commands: () => CommandSet;
  /** Whether somebody may change what others made for a room. Default: nobody. */
  readonly mayAdmin?: (caller: Caller) => boolean;
  readonly log?: Log;
}

/** Aliases with the commands by which people make them. */
export interface RunningAliases extends Aliases {
  readonly commands: readonly Command[];
  /** The names that somebody can say where they are: of two the same, the first counts. */
  named(caller: Caller): readonly ShownAlias[];
}

/** Aliases that are kept in the state. Rejects with a `StateError`. */
export async function createAliases(options: AliasesOptions): Promise<RunningAliases> {
  const { state, commands, mayAdmin = () => false, log = silent } = options;
  const book = createBook(
    await state.shelf('aliases', async (kept) => (await import('./schema.ts')).readAliases(kept), []),
  );
  const replace = (said: string, { person, input, room }: Whose, used: (alias: Alias) => void): string | undefined => {
    const find = (name: string): Alias | undefined =>
      book.knows(name)
        ? (book.find({ kind: 'person', person }, name) ?? book.find({ kind: 'room', input, room }, name))
        : undefined;
    return expandLine(said, { commands: commands(), find, used });
  };
  const meant = (line: string, caller: Caller): string =>
    replace(line, { person: personOf(caller), input: caller.input, room: caller.room }, () => {}) ?? line;
  return {
    named: (caller) => shownAliases(book, commands(), caller, (line) => meant(line, caller)),
    commands: aliasCommands({ book, commands, expand: meant, mayAdmin, log }),
    expand(said, whose) {
      const used = new Set<Alias>();
      const line = replace(said, whose, (alias) => used.add(alias));
      if (line === undefined) return undefined;
      checkLine(line);
      checkWord(line, [...used], whose.person, commands());
      return { line, names: [...used].map(nameOf), heading: newsOf([...used], whose, book, log) };
    },
  };
}

/** Throws a `CommandError` (`usage`) for what cannot be read: its columns are those of a line that nobody typed. */
function checkLine(line: string): void {
  try {
    readPipeline(line);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new CommandError('usage', `${error.message}\nThe line that is meant: ${shown(line)}`, { cause: error });
  }
}

/** Throws a `CommandError` (`usage`) for a line with an alias of somebody else that gives a word which has to be one's own: who approves has seen what. */
function checkWord(line: string, used: readonly Alias[], person: string, set: CommandSet): void {
  const other = used.find(({ owner, maker }) => owner.kind === 'room' && maker !== person);
  if (other === undefined) return;
  const [first = ''] = readPipeline(line).stages;
  const command = set.find(typedLine(first).head(set.longest))?.command;
  if (command?.isOwnWord !== true) return;
  throw new CommandError(
    'usage',
    `${other.name} is an alias of this room, made by ${visibleName(other.maker)}: ${visibleName(other.line)}\nNothing was done: what ${command.name} does has to be said in your own words`,
  );
}

const nameOf = ({ name, line, maker, owner }: Alias): UsedAlias => ({
  name,
  line: visibleName(line),
  maker: visibleName(maker),
  isRooms: owner.kind === 'room',
});
