import { type Document, text } from '../document/document.ts';
import { type Command, CommandError, type Invocation } from './command.ts';

export interface PlainCommand {
  readonly name: string;
  readonly description: string;
  readonly aliases?: readonly string[];
  readonly answer: () => string | Promise<Document>;
}

/** A built-in that takes no words and changes nothing: what follows its name is refused, or a typing mistake would go unseen. */
export const plainCommand = ({ answer, ...about }: PlainCommand): Command => ({
  ...about,
  usage: about.name,
  source: { kind: 'builtin' },
  effect: 'read',
  run: async ({ args }: Invocation): Promise<Document> => {
    if (args.after(0) !== '') {
      throw new CommandError('usage', `${about.name} takes nothing more\nusage: ${about.name}`);
    }
    const answered = answer();
    return typeof answered === 'string' ? text(answered) : answered;
  },
});
