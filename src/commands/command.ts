import type { Document } from '../document/document.ts';
import type { Steps } from '../document/steps.ts';
import type { Effect, Guard, ParameterFacts, Plan } from './plan.ts';

/** What a person gave after the command's name. Words are split lazily, so a JSON tail is never touched by quoting rules. */
export interface Arguments {
  /** All words, unquoted. Throws a `CommandError` (`usage`) for a quote that is never closed. */
  readonly words: readonly string[];
  /** The word at `index`, unquoted, or undefined. Looks no further than that word. */
  word(index: number): string | undefined;
  /**
   * The text after the first `count` words, verbatim as typed, without surrounding space; of a fenced block its inside. Words of a terminal
   * are joined by single spaces.
   */
  after(count: number): string;
}

/** An option before the first word: `--output raw`. In a terminal it may also stand after the words. */
export interface Option {
  readonly name: string;
  readonly alias?: string;
  /** `list` may be repeated. */
  readonly kind: 'string' | 'boolean' | 'list';
  readonly env?: string;
  readonly usage: string;
}

export type OptionValues = Readonly<Record<string, string | boolean | readonly string[]>>;

/** Who runs the command and from where; sent to services as `Micro-Bot-*` metadata. */
export interface Caller {
  /** The input's name, or `cli`. */
  readonly input: string;
  /** The room's id; empty in a terminal command. */
  readonly room: string;
  /** The sender's id. */
  readonly user: string;
  /** How the sender is called there: for display, it never decides anything. */
  readonly name?: string;
  /** The principal: who the sender is across inputs. Absent where nobody is told apart, as in a terminal command. */
  readonly person?: string;
  /** False for somebody whom the network does not vouch for. Default true. */
  readonly isKnown?: boolean;
  /** The room's name, for display and for rules that name rooms. */
  readonly roomName?: string;
  /** A conversation of its own within the room. */
  readonly thread?: string | undefined;
  /** True where nobody else reads along. */
  readonly isDirect?: boolean;
}

/** What is known before a command runs. */
export interface Planned {
  readonly args: Arguments;
  readonly options: OptionValues;
  readonly caller: Caller;
}

/** One run of one command by one person. */
export interface Invocation extends Planned {
  /** Unique; the same when a call is repeated, so that a service can make itself idempotent with it. */
  readonly id: string;
  /** Aborts at the deadline, when the person cancels and when the bot goes. */
  readonly signal: AbortSignal;
}

/** Where a command comes from. */
export type Source =
  | { readonly kind: 'builtin' }
  | { readonly kind: 'user' }
  | { readonly kind: 'service'; readonly service: string; readonly version: string; readonly endpoint: string };

/** One of several versions of a command that run at the same time. */
export interface CommandVersion {
  /** As the registry has it; never empty. */
  readonly version: string;
  /** The same command, run by nodes of this version alone. */
  readonly command: Command;
}

/** A named thing the bot can do. */
export interface Command {
  /** One or more lower-case words: `deploy`, `list services`. */
  readonly name: string;
  /** How to write it: `get service [name]`. */
  readonly usage: string;
  readonly description: string;
  readonly source: Source;
  readonly examples?: readonly string[];
  /** Other names, each one or more words. */
  readonly aliases?: readonly string[];
  /** Those of its names that a network with slash commands should offer as one: `deploy` for `/deploy`. */
  readonly slash?: readonly string[];
  readonly options?: readonly Option[];
  /** Lines that explain the parameters, for `help <command>`. */
  readonly details?: readonly string[];
  /** All that its plan may have values of. Absent: anything, or nothing where it has no plan. */
  readonly parameters?: readonly ParameterFacts[];
  /** What it has to do with, for `help`: `Jobs`. Absent: the overview has it in full. A service's commands have their service. */
  readonly topic?: string;
  /** Left out of `help`; runs all the same. */
  readonly hidden?: boolean;
  /** What it answers is for its person alone: in a room the others need not see it. */
  readonly isAside?: boolean;
  /** Default `change`: what does not say that it only reads is not trusted with less. */
  readonly effect?: Effect;
  /** Default: no conditions. */
  readonly guard?: Guard;
  /**
   * Runs one at a time for the same values of these parameters; with none named, one at a time. Absent: as often as people want.
   */
  readonly lock?: readonly string[];
  /** What stands behind its words is a line of its own: a pipe in it is part of that. */
  readonly takesLine?: boolean;
  /** It gives somebody's word, which no alias that somebody else made gives for them. */
  readonly isOwnWord?: boolean;
  /** It does not wait for what runs in its conversation: to cancel that, for example. */
  readonly isUrgent?: boolean;
  /** Milliseconds; the face's default when absent. */
  readonly timeoutMs?: number;
  /** Runs until it is stopped: nobody who leaves waits for its end. */
  readonly isEndless?: boolean;
  /** Each version that runs, newest first: `deploy@1.1.0` is one of them. Absent where there are no versions. */
  readonly versions?: readonly CommandVersion[];
  /** Candidates for the word that is being typed, given the words before it. */
  complete?(before: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  /**
   * What it would do, without doing it. Throws what `run` would throw for arguments that cannot be used. Absent: nothing is known but the
   * words.
   */
  plan?(invocation: Planned): Plan | Promise<Plan>;
  /**
   * Changes what the command before it in a pipe answers. A command without it stands only at the front; one that has it needs a command before
   * it. Undefined: nothing of it is left to show. What can take long, as an answer can have megabytes, is done in steps, by a generator.
   */
  filter?(document: Document, invocation: Planned): Document | undefined | Steps<Document | undefined>;
  /** One document, or several: all but the last are progress. Throws a `CommandError` for what the person should read. */
  run(invocation: Invocation): Promise<Document> | AsyncIterable<Document>;
}

export type CommandErrorCode =
  /** The person wrote something that cannot be run; the message says what is wrong. */
  | 'usage'
  /** What was asked for does not exist. */
  | 'not_found'
  /** A service or the registry was asked and failed, or could not be reached. */
  | 'failed'
  /** Whom it asked did not answer in time: nobody knows what became of it. */
  | 'timed_out'
  /** A name is taken already. */
  | 'already_registered';

/** A parameter that was not given, and that its person can be asked for. */
export interface Missing {
  readonly name: string;
  /** What is wanted, for people: `a duration such as 5m`. */
  readonly expected: string;
  readonly choices?: readonly string[] | undefined;
  readonly isSecret: boolean;
  readonly description: string;
  /** How a form asks for it. Default `text`. */
  readonly kind?: MissingKind | undefined;
  /** What is wrong with a value, for people. Undefined: nothing. Absent: that shows when the command is run. */
  complaint?(value: string): string | undefined;
}

/** What a form offers for it; `choice` has `choices`. */
export type MissingKind = 'text' | 'json' | 'number' | 'whole number' | 'yes or no' | 'choice' | 'user';

export interface CommandErrorOptions extends ErrorOptions {
  /** With `usage`: nothing else is wrong, and a value for it behind the line would do. */
  readonly missing?: Missing | undefined;
  /** With `missing`: what else is missing, in the order in which it will be asked for. */
  readonly alsoMissing?: readonly Missing[] | undefined;
  /** With `usage`: what of the line may be secret, as far as it was understood. */
  readonly secrets?: readonly string[] | undefined;
}

/** A failure whose message is written for the person who asked. */
export class CommandError extends Error {
  readonly code: CommandErrorCode;
  readonly missing: Missing | undefined;
  readonly alsoMissing: readonly Missing[];
  readonly secrets: readonly string[];

  constructor(code: CommandErrorCode, message: string, options?: CommandErrorOptions) {
    super(message, options);
    this.name = 'CommandError';
    this.code = code;
    this.missing = options?.missing;
    this.alsoMissing = options?.alsoMissing ?? [];
    this.secrets = options?.secrets ?? [];
  }
}
