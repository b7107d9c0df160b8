import type { Document } from '../../document/document.ts';
import type { Steps } from '../../document/steps.ts';
import { type Arguments, type Command, CommandError } from '../command.ts';
import { noPlan } from '../plan.ts';

/** A command that stands behind another and changes what that answers. */
export interface Filtering<Wanted> {
  readonly name: string;
  readonly usage: string;
  readonly description: string;
  /** The first shows how it is used, to who uses it alone. */
  readonly examples: readonly [string, ...string[]];
  readonly details: readonly string[];
  /** Throws a `CommandError` (`usage`) by `wrong`. It is asked before anything of the line runs. */
  readonly read: (args: Arguments) => Wanted;
  /** Undefined: nothing is left. */
  readonly apply: (document: Document, wanted: Wanted) => Steps<Document | undefined>;
}

export const filterCommand = <Wanted>(filtering: Filtering<Wanted>): Command => {
  const { name, usage, description, examples, details, read, apply } = filtering;
  return {
    name,
    usage,
    description,
    examples,
    details,
    topic: 'Filters',
    source: { kind: 'builtin' },
    effect: 'read',
    plan: ({ args }) => {
      read(args);
      return noPlan;
    },
    filter: (document, { args }) => apply(document, read(args)),
    run: () => Promise.reject(wrong(usage, `${name} stands behind another command: ${examples[0]}`)),
  };
};

export const wrong = (usage: string, message: string): CommandError =>
  new CommandError('usage', `${message}\nusage: ${usage}`);
