import { type Bot, type BotOptions, createBot } from '../../src/bot/bot.ts';
import type { Command, Invocation } from '../../src/commands/command.ts';
import { commandSet } from '../../src/commands/set.ts';
import { type Document, text } from '../../src/document/document.ts';
import { renderTerminal } from '../../src/document/terminal.ts';
import { type MemoryInput, memoryInput, type SayOptions } from '../../src/inputs/memory/memory.ts';

/** A command that answers with what `run` gives. */
export const command = (
  name: string,
  run: (invocation: Invocation) => string | Promise<string>,
  more: Partial<Command> = {},
): Command => ({
  name,
  usage: `${name} [text]`,
  description: `Does ${name}`,
  source: { kind: 'user' },
  run: async (invocation): Promise<Document> => text(await run(invocation)),
  ...more,
});

/** A bot on a memory input that runs until the end of its scope. */
export interface RunningBot {
  readonly bot: Bot;
  readonly input: MemoryInput;
  readonly ended: Promise<void>;
  /** What came back, as a terminal shows it. */
  say(typed: string, options?: SayOptions): Promise<readonly string[]>;
  stop(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a bot with these commands. `options.inputs` come beside its memory input. */
export function runningBot(commands: readonly Command[], options: Partial<BotOptions> = {}): RunningBot {
  const input = memoryInput();
  const set = commandSet(commands);
  const bot = createBot({ commands: () => set, ...options, inputs: [input, ...(options.inputs ?? [])] });
  const stop = new AbortController();
  const ended = bot.run(stop.signal);
  ended.catch(() => {});
  return {
    bot,
    input,
    ended,
    stop: () => stop.abort(),
    say: async (typed, about) => (await input.say(typed, about)).map(({ document }) => renderTerminal(document)),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended.catch(() => {});
    },
  };
}
