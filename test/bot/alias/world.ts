import { createAliases, type RunningAliases } from '../../../src/bot/alias/create.ts';
import type { Caller, Command } from '../../../src/commands/command.ts';
import { filters } from '../../../src/commands/filters/filters.ts';
import { commandSet } from '../../../src/commands/set.ts';
import { silent } from '../../../src/log/log.ts';
import { memoryState } from '../../../src/state/memory.ts';
import type { State } from '../../../src/state/state.ts';
import { command, type RunningBot, runningBot } from '../../support/bot.ts';
import type { SayOptions } from '../../../src/inputs/memory/memory.ts';

export interface AliasBot extends RunningBot {
  readonly aliases: RunningAliases;
  /** What was answered, as one text. */
  answer(typed: string, options?: SayOptions): Promise<string>;
  /** A command comes, as a service's does. */
  add(command: Command): void;
}

export const services: Command = command('list services', () => '', {
  run: async () => ({ kind: 'list', items: ['auth', 'billing', 'billing-eu', 'mail'] }),
});
export const echo: Command = command('echo', ({ args }) => args.after(0));
export const words: Command = command('words', ({ args }) => JSON.stringify(args.words));

/** A bot with aliases, filters and a few commands. */
export async function aliasBot(
  state: State = memoryState(),
  mayAdmin: (caller: Caller) => boolean = () => false,
): Promise<AliasBot> {
  let set = commandSet([services, echo, words, ...filters]);
  const aliases = await createAliases({ state, commands: () => set, mayAdmin, log: silent });
  set = commandSet([...set.commands, ...aliases.commands]);
  const bot = runningBot([], { aliases, commands: () => set });
  return {
    ...bot,
    aliases,
    answer: async (typed, options) => (await bot.say(typed, options)).join('\n---\n'),
    add(added) {
      set = commandSet([...set.commands, added]);
    },
  };
}
