import type { Command } from './command.ts';
import { plainCommand } from './plain.ts';

/** For who tries it where there is nothing to leave; the console itself ends with it. */
export const exit: Command = {
  ...plainCommand({
    name: 'exit',
    description: 'Says how to end what runs',
    answer: () =>
      'I stay here for the others. "cancel" ends what you started; "schedules" shows what will run by itself.',
  }),
  aliases: ['quit', 'bye'],
  hidden: true,
};
