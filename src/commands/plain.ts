import { type Document, text } from '../document/document.ts';
import { type Command, CommandError, type Invocation } from './command.ts';

export interface PlainCommand {
  readonly name: string;
  readonly description: string;
  readonly aliases?: readonly string[];
  readonly answer: () => string;
}

/** A built-in that takes no words: what follows its name is refused, or a typing mistake would go unseen. */
export const plainCommand = ({ answer, ...about }: PlainCommand): Command => ({
  ...about,
  usage: about.name,
  source: { kind: 'builtin' },
  run: ({ args }: Invocation): Promise<Document> =>
    args.after(0) === ''
      ? Promise.resolve(text(answer()))
      : Promise.reject(new CommandError('usage', `${about.name} takes nothing more\nusage: ${about.name}`)),
});
