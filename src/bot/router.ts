import { randomUUID } from 'node:crypto';
import type { CommandSet } from '../commands/set.ts';
import type { Document } from '../document/document.ts';
import type { Message } from '../inputs/input.ts';
import type { Log } from '../log/log.ts';
import { addressing } from './address.ts';
import { failure, hint, stopped, unknown } from './answers.ts';
import { deliver } from './deliver.ts';
import { type TypedLine, typedLine } from './line.ts';
import { readOptions } from './options.ts';
import { refusal } from './refusal.ts';
import { type Run, startRun } from './run.ts';

export interface RouterOptions {
  /** The bot's name, by which people call it in rooms. */
  readonly name: string;
  readonly commands: () => CommandSet;
  /** For commands that don't say how long they may run. */
  readonly timeoutMs: number;
  readonly log: Log;
}

/** Finds the command that a message asks for, runs it and answers. */
export interface Router {
  /** What the message says to the bot; undefined for talk that is no business of ours. */
  admit(message: Message): string | undefined;
  /** Answers `said`, what `admit` gave for the message. `input` is the name of the input it came from. Never throws. */
  answer(input: string, message: Message, said: string): Promise<void>;
  /** Ends every run that is under way, and tells its person. */
  stop(): void;
}

export function createRouter({ name, commands, timeoutMs, log }: RouterOptions): Router {
  const address = addressing(name);
  const running = new Set<Run>();
  const instance = randomUUID();
  let invocations = 0;

  const run = async (input: string, message: Message, set: CommandSet, line: TypedLine): Promise<void> => {
    const words = line.head(set.longest);
    const found = set.find(words);
    if (found === undefined) {
      // When there is no first word, its quote is the trouble, and this says so.
      await deliver(log, message, unknown(set, [line.word(0) ?? '', ...words.slice(1)]), 'error');
      return;
    }
    const { command } = found;
    const options = readOptions(command, line.rest(found.words));
    invocations += 1;
    const started = startRun({
      command,
      invocation: {
        id: `${instance}-${invocations}`,
        args: line.rest(found.words + options.words),
        options: options.values,
        caller: { input, room: message.room.id, user: message.sender.id },
      },
      timeoutMs: command.timeoutMs ?? timeoutMs,
      progress: (document: Document) => deliver(log, message, document, 'progress'),
      log,
    });
    running.add(started);
    const { document, kind } = await started.outcome;
    running.delete(started);
    await deliver(log, message, document, kind);
  };

  return {
    admit(message) {
      const addressed = address(message);
      if (addressed === undefined) return undefined;
      if (addressed.surely) return addressed.text;
      // `/etc/hosts is broken` is talk.
      const set = commands();
      return set.find(typedLine(addressed.text).head(set.longest)) === undefined ? undefined : addressed.text;
    },
    async answer(input, message, said) {
      try {
        const refused = refusal(message.text);
        if (refused !== undefined) await deliver(log, message, refused, 'error');
        else if (said === '') await deliver(log, message, hint, 'answer');
        else await run(input, message, commands(), typedLine(said));
      } catch (error) {
        await deliver(log, message, failure(error), 'error');
      }
    },
    stop() {
      for (const each of running) each.stop(stopped);
    },
  };
}
