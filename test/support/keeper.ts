import type { Command } from '../../src/commands/command.ts';
import { text } from '../../src/document/document.ts';

/** A command that keeps the words it is given. */
export interface Keeper {
  readonly keep: Command;
  readonly kept: (readonly string[])[];
}

export function newKeeper(): Keeper {
  const kept: (readonly string[])[] = [];
  const keep: Command = {
    name: 'keep',
    usage: 'keep [words]',
    description: 'Keeps words',
    source: { kind: 'builtin' },
    run: async ({ args }) => {
      kept.push(args.words);
      return text('kept');
    },
  };
  return { keep, kept };
}
