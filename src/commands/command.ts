import type { Document } from '../document/document.ts';

/** What a person gave after the command's name. Words are split lazily, so a JSON tail is never touched by quoting rules. */
export interface Arguments {
  /** All words, unquoted. Throws a `CommandError` (`usage`) for a quote that is never closed. */
  readonly words: readonly string[];
  /** The word at `index`, unquoted, or undefined. Looks no further than that word. */
  word(index: number): string | undefined;
  /** The text after the first `count` words, verbatim as typed, without surrounding space. Words of a terminal are joined by single spaces. */
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
}

/** One run of one command by one person. */
export interface Invocation {
  /** Unique; the same when a call is repeated, so that a service can make itself idempotent with it. */
  readonly id: string;
  readonly args: Arguments;
  readonly options: OptionValues;
  readonly caller: Caller;
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
  /** Left out of `help`; runs all the same. */
  readonly hidden?: boolean;
  /** What it answers is for its person alone: in a room the others need not see it. */
  readonly isAside?: boolean;
  /** Milliseconds; the face's default when absent. */
  readonly timeoutMs?: number;
  /** Runs until it is stopped: nobody who leaves waits for its end. */
  readonly isEndless?: boolean;
  /** Each version that runs, newest first: `deploy@1.1.0` is one of them. Absent where there are no versions. */
  readonly versions?: readonly CommandVersion[];
  /** Candidates for the word that is being typed, given the words before it. */
  complete?(before: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
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
  /** A name is taken already. */
  | 'already_registered';

/** A failure whose message is written for the person who asked. */
export class CommandError extends Error {
  readonly code: CommandErrorCode;

  constructor(code: CommandErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CommandError';
    this.code = code;
  }
}
