import type { Document } from '../document/document.ts';
import type { Command, Invocation } from './command.ts';
import { complain } from './failure.ts';
import { elsewhereHint } from './suggest.ts';

/**
 * Answers the verbs of commands that came without a noun they know: `list`, `list things`. They are hidden: whoever writes the noun
 * gets the command itself.
 */
export function nounless(commands: readonly Command[]): readonly Command[] {
  const verbs = new Map<string, Command[]>();
  for (const command of commands) {
    const verb = command.name.split(' ', 1).join('');
    verbs.set(verb, [...(verbs.get(verb) ?? []), command]);
  }
  return [...verbs].flatMap(([verb, nouns]) => nouns.slice(0, 1).map((first) => answering(verb, first, nouns)));
}

const answering = (verb: string, { usage, description, source }: Command, nouns: readonly Command[]): Command => ({
  name: verb,
  usage,
  description,
  source,
  hidden: true,
  effect: 'read',
  run: async (invocation: Invocation): Promise<Document> => {
    const supported = nouns.map((command) => command.usage).join('\n');
    const said = invocation.args.after(0);
    if (said === '') return complain(invocation, `${verb} what?`);
    return complain(invocation, `unknown command...\nsupported commands: \n${supported}${elsewhereHint(said)}`);
  },
});
