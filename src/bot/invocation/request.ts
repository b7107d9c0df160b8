import type { Caller } from '../../commands/command.ts';
import type { Message } from '../../inputs/input.ts';
import type { UsedAlias } from '../alias/aliases.ts';
import type { Grant } from '../approval/approvals.ts';
import type { Heading } from './heading.ts';

/** A line that somebody wants to have run, and how they are answered. */
export interface Request {
  readonly caller: Caller;
  readonly message: Message;
  /** What is to be run, in full: names that people made are replaced. */
  readonly line: string;
  /** What made it run, for the audit: `message`, `schedule s7`. */
  readonly cause: string;
  /** It was agreed to. */
  readonly grant?: Grant | undefined;
  /** The names that were replaced in the line. */
  readonly names?: readonly UsedAlias[] | undefined;
  readonly heading?: Heading | undefined;
}
