import type { Document } from '../document/document.ts';
import type { Command, Invocation } from './command.ts';
import { complain } from './failure.ts';

/**
 * Answers the verb of a command that came without the noun it knows: `list`, `list things`. It is hidden: whoever writes the noun
 * gets the command itself.
 */
export function nounless({ name, usage, description, source }: Command): Command {
  const verb = name.split(' ', 1).join('');
  return {
    name: verb,
    usage,
    description,
    source,
    hidden: true,
    run: async (invocation: Invocation): Promise<Document> =>
      complain(
        invocation,
        invocation.args.after(0) === '' ? `${verb} what?` : `unknown command...\nsupported commands: \n${usage}`,
      ),
  };
}
