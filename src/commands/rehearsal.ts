import type { Document } from '../document/document.ts';
import type { Found } from './name-index.ts';
import type { CommandSet } from './set.ts';

/** What was answered to a line. */
export interface Rehearsed {
  readonly document: Document;
  /** `asked`: something is missing of it. */
  readonly outcome: 'done' | 'failed' | 'asked';
}

/** A bot of its own, in which lines are tried: all commands are there, and nobody is asked for a word. */
export interface Rehearsal {
  readonly set: CommandSet;
  /** The command that a line begins with, and how many words name it. */
  find(line: string): Found | undefined;
  /** Says a line to the bot. Resolves with the end of the answer. */
  say(line: string): Promise<Rehearsed>;
  serves(service: string): Promise<boolean>;
  close(): Promise<void>;
}
