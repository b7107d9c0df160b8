import { type Document, text } from '../document/document.ts';
import type { Command, Invocation } from './command.ts';
import { complain } from './failure.ts';

export const echo: Command = {
  name: 'echo',
  usage: 'echo [text]',
  description: 'Returns the [text]',
  source: { kind: 'builtin' },
  effect: 'read',
  run: async (invocation: Invocation): Promise<Document> => {
    const words = invocation.args.after(0);
    return words === '' ? complain(invocation, 'echo what?') : text(words);
  },
};
