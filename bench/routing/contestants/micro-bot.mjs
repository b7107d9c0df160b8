// Ours through the front door: an input, the bot with its queue a conversation, the router, and the reply back at the input.
import { load } from '../../lib/product.mjs';
import { commandsFor } from './commands.mjs';

const { createBot } = await load('bot/bot.js');
const { memoryInput } = await load('inputs/memory/memory.js');

export async function setUp(words) {
  const set = commandsFor(words);
  const input = memoryInput();
  const bot = createBot({ inputs: [input], commands: () => set });
  void bot.run(new AbortController().signal);
  const receive = async (line) => {
    const replies = await input.say(line, { direct: false });
    return replies.at(-1)?.document.text;
  };
  return { receive, line: (word) => `micro ${word} hello` };
}
