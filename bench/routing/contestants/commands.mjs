// Our commands, one a word. Not a contestant by itself.
import { load } from '../../lib/product.mjs';

const { commandSet } = await load('commands/set.js');
const { text } = await load('document/document.js');

/** A set of commands that answer `WORD got ARGUMENT`. */
export const commandsFor = (words) =>
  commandSet(
    words.map((name) => ({
      name,
      usage: `${name} [what]`,
      description: `Answers ${name}`,
      source: { kind: 'user' },
      run: async ({ args }) => text(`${name} got ${args.word(0)}`),
    })),
  );
