import type { Command } from '../commands/command.ts';
import { text } from '../document/document.ts';

/** What `audit` answers where there is none. */
export const unrecorded: Command = {
  name: 'audit',
  usage: 'audit',
  description: 'Shows who did what, where that is recorded',
  source: { kind: 'builtin' },
  effect: 'read',
  isAside: true,
  hidden: true,
  run: async () =>
    text(
      'nothing is recorded: start the bot with --audit=FILE or MICRO_BOT_AUDIT, or with a directory for its state (--state)',
    ),
};
