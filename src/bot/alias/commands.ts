import { type Caller, type Command, CommandError, type Invocation, type Option } from '../../commands/command.ts';
import { noPlan } from '../../commands/plan.ts';
import type { CommandSet } from '../../commands/set.ts';
import { type Document, text } from '../../document/document.ts';
import type { Log } from '../../log/log.ts';
import type { Book } from './book.ts';
import { hiddenBy, lineOf, readLine, readName, unknownIn } from './definition.ts';
import { shown } from './fill.ts';
import type { Alias, Owner } from './kept.ts';
import { secretsOf, type Unanswered, wordsBehind } from '../invocation/secrets.ts';
import { isFilledIn } from './references.ts';

export interface CommandsOptions {
  readonly book: Book;
  readonly commands: () => CommandSet;
  /** The line that is meant, names that people made replaced. Throws a `CommandError`. */
  readonly expand: (line: string, caller: Caller) => string;
  /** Whether somebody may change what others made for a room. */
  readonly mayAdmin: (caller: Caller) => boolean;
  readonly log: Log;
}

const mostOfOne = 200;

const options: readonly Option[] = [
  { name: 'room', alias: 'r', kind: 'boolean', usage: 'For everybody in this room, not for you alone' },
];
const common = { topic: 'Aliases', source: { kind: 'builtin' }, effect: 'read', isAside: true } as const;

/** The commands by which people look after their aliases. */
export function aliasCommands({ book, commands, expand, mayAdmin, log }: CommandsOptions): readonly Command[] {
  /** Of a line that is to be an alias: what is filled in is none, and another alias may stand for who takes some. */
  const secretsIn = async (line: string, caller: Caller): Promise<readonly string[]> => {
    if (line === '') return [];
    const meant = meantBy(line, (each) => expand(each, caller));
    const found = await secretsOf(meant, commands(), caller, unanswered);
    return found.filter((secret) => !isLater(secret));
  };

  const define = async (invocation: Invocation): Promise<Document> => {
    const { args, caller } = invocation;
    const name = readName(args.word(0) ?? '');
    const line = readLine(args, name);
    const set = commands();
    if ((await secretsIn(line, caller)).length > 0) {
      throw new CommandError(
        'failed',
        'there is a secret in this line, or what may be one, and those are not kept: write $1 in its place',
      );
    }
    const hidden = hiddenBy(name, set);
    if (hidden !== undefined) throw new CommandError('usage', `${name} is taken by the command ${hidden}`);
    const owner = ownerFor(invocation);
    const before = book.find(owner, name);
    if (before !== undefined) mayChange(before, caller);
    else if (book.madeBy(personOf(caller)) >= mostOfOne || book.of(owner).length >= mostOfOne) {
      throw new CommandError('failed', `there are ${mostOfOne} aliases already: unalias one first`);
    }
    await kept(book.set({ owner, name, line, maker: personOf(caller), told: [] }));
    const unknown = unknownIn(line, commands());
    const hint = unknown === undefined ? '' : `\nNobody answers to ${shown(unknown)} at the moment.`;
    return text(`${name} is ${shown(line)}${owner.kind === 'room' ? ', for everybody in this room' : ''}${hint}`);
  };

  const mayChange = ({ owner, name, maker }: Alias, caller: Caller): void => {
    if (owner.kind === 'person' || maker === personOf(caller) || mayAdmin(caller)) return;
    throw new CommandError('failed', `${name} was made by ${maker}: only they and admins may change it`);
  };

  const kept = async (change: Promise<void>): Promise<void> => {
    try {
      await change;
    } catch (error) {
      log.error('an alias could not be kept', { error });
      throw new CommandError('failed', 'done, but forgotten when the bot restarts: it cannot write its state', {
        cause: error,
      });
    }
  };

  const visible = (caller: Caller, name?: string): readonly Alias[] =>
    [person(caller), room(caller)]
      .flatMap((owner) => book.of(owner))
      .filter((alias) => name === undefined || alias.name === name);

  const table = (found: readonly Alias[], caller: Caller): Document => {
    const set = commands();
    const isMine = ({ owner }: Alias): boolean => owner.kind === 'person';
    const note = (alias: Alias): string => {
      const hidden = set.find([alias.name])?.command.name;
      if (hidden !== undefined) return `not used: ${hidden} is a command now`;
      return !isMine(alias) && book.find(person(caller), alias.name) !== undefined ? 'not used: yours comes first' : '';
    };
    return {
      kind: 'table',
      columns: ['Name', 'Line', 'Whose', 'Note'].map((title) => ({ title })),
      rows: found.map((alias) => [
        alias.name,
        shown(alias.line),
        isMine(alias) ? 'yours' : `the room's, by ${alias.maker}`,
        note(alias),
      ]),
    };
  };

  const list = (caller: Caller): Document => {
    const found = visible(caller);
    return found.length === 0
      ? text('there are no aliases here. Make one: alias gb list services | grep billing')
      : table(found, caller);
  };

  return [
    {
      ...common,
      name: 'alias',
      usage: 'alias [--room] [name] [line]',
      description: 'Gives a [line] a name of your own, and shows what a [name] stands for',
      examples: ['alias gb list services | grep billing', 'alias ship deploy $1 --version ${2:-latest}'],
      details: [
        'name - one word that is no command yet',
        'line - what is meant by it, pipes and all; what is typed behind the name follows it',
        '$1 … $9 - the words behind the name, each as one word; ${2:-latest} when it may be left out',
        '$* and $@ - all of them, as typed and each as one word; $$1 is no word but $1',
      ],
      options,
      takesLine: true,
      plan: async ({ args, caller }) => ({ ...noPlan, secrets: await secretsIn(lineOf(args), caller) }),
      async run(invocation) {
        const { args, caller } = invocation;
        const [name, more] = [args.word(0), args.after(1)];
        if (name === undefined) return list(caller);
        if (name === '|' || name === '>')
          throw new CommandError('usage', `to go on with them, write: aliases ${name} …`);
        if (more !== '') return define(invocation);
        const found = visible(caller, readName(name));
        if (found.length === 0) throw new CommandError('not_found', `${shown(name)} is no alias here`);
        return table(found, caller);
      },
    },
    {
      ...common,
      name: 'aliases',
      usage: 'aliases',
      description: 'Shows your aliases and those of the room',
      examples: ['aliases | grep billing'],
      run: async ({ caller }) => list(caller),
    },
    {
      ...common,
      name: 'unalias',
      usage: 'unalias [--room] [name]',
      description: 'Forgets an alias',
      examples: ['unalias gb'],
      options,
      async run(invocation) {
        const { args, caller } = invocation;
        const name = readName(args.word(0) ?? '');
        const alias = book.find(ownerFor(invocation), name);
        if (alias === undefined) {
          const other =
            visible(caller, name).length > 0
              ? `: write unalias ${invocation.options['room'] === true ? '' : '--room '}${name}`
              : '';
          throw new CommandError(
            'not_found',
            `${name} is no alias ${invocation.options['room'] === true ? 'of this room' : 'of yours'}${other}`,
          );
        }
        mayChange(alias, caller);
        await kept(book.remove(alias));
        return text(`${name} is forgotten`);
      },
    },
  ];
}

/** It is filled in; in JSON it stands in quotes. */
const isLater = (value: string): boolean => isFilledIn(value.replace(/^"(.*)"$/, '$1'));

/** Whose command is away, or is still to come, has not said which of its words are secret. */
const unanswered: Unanswered = (name, line) => {
  const values = wordsBehind(line).map((word) => (word.startsWith('-') ? (/=(.*)$/s.exec(word)?.[1] ?? '') : word));
  if (values.every((value) => value === '' || isLater(value))) return [];
  throw new CommandError(
    'usage',
    `nobody answers to ${shown(name)} at the moment, so nobody can tell what of its words is secret, and secrets are not kept: write $1 in their place, or make the alias later`,
  );
};

/** What is missing of its words may be typed behind it later: it is looked at as if it was. Throws a `CommandError` for what can never run. */
function meantBy(line: string, expand: (line: string) => string, missing = 0): string {
  try {
    return expand(line + ' $1'.repeat(missing));
  } catch (error) {
    if (missing === mostWords) throw error;
    return meantBy(line, expand, missing + 1);
  }
}

/** An alias has names for so many. */
const mostWords = 9;

/** The principal. */
export const personOf = ({ person, input, user }: Caller): string => person ?? `${input}:${user}`;

const person = (caller: Caller): Owner => ({ kind: 'person', person: personOf(caller) });
const room = ({ input, room }: Caller): Owner => ({ kind: 'room', input, room });

/** Whose alias is meant. Throws a `CommandError` when they can have none. */
function ownerFor({ caller, options }: Invocation): Owner {
  if (caller.isKnown === false) {
    throw new CommandError('failed', 'nobody vouches here for who you are, so nothing can be kept for you');
  }
  if (options['room'] !== true) return person(caller);
  if (caller.isDirect === true) throw new CommandError('usage', 'nobody else is here: leave out --room');
  return room(caller);
}
