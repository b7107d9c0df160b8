import type { Command } from './command.ts';
import { plainCommand } from './plain.ts';

export const hello: Command = plainCommand({
  name: 'hello',
  description: 'Returns a greeting',
  answer: () => "hey what's up?",
});
