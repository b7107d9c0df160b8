import { randomUUID } from 'node:crypto';
import { createAlarms } from '../async/alarms.ts';
import { createBag } from '../async/bag.ts';
import type { CommandSet } from '../commands/set.ts';
import type { Message } from '../inputs/input.ts';
import type { Log } from '../log/log.ts';
import { addressing } from './address.ts';
import { cancelled, failure, hint, stopped, unknown } from './answers.ts';
import { delivering } from './deliver.ts';
import { typedLine } from './line.ts';
import { readOptions } from './options.ts';
import { refusal } from './refusal.ts';
import { Run } from './run.ts';

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
  /**
   * Answers `said`, what `admit` gave for the message, and calls `done` when the last reply was taken. `input` is the name of the
   * input it came from. Never throws.
   */
  answer(input: string, message: Message, said: string, done: () => void): void;
  /** Answers with a sentence instead of running anything. `done` as above. */
  refuse(message: Message, sentence: string, done: () => void): void;
  /** Ends what runs for this message, as its person wants. False when nothing does. */
  cancel(message: Message): boolean;
  /** Ends the runs that are under way, those without an end alone or all of them, and tells their people. */
  stop(which: 'endless' | 'all'): void;
}

export function createRouter({ name, commands, timeoutMs, log }: RouterOptions): Router {
  const alarms = createAlarms();
  const deliver = delivering(alarms, log);
  const address = addressing(name);
  const running = createBag<Run>();
  const instance = randomUUID();
  let invocations = 0;

  const run = (input: string, message: Message, said: string, done: () => void): void => {
    const set = commands();
    const line = typedLine(said);
    const words = line.head(set.longest);
    const found = set.find(words);
    if (found === undefined) {
      // When there is no first word, its quote is the trouble, and `word` says so.
      deliver(message, unknown(set, [line.word(0) ?? '', ...words.slice(1)]), 'error', done);
      return;
    }
    const { command } = found;
    const options = readOptions(command, line.rest(found.words));
    invocations += 1;
    const started = new Run({
      command,
      message,
      id: `${instance}-${invocations}`,
      args: line.rest(found.words + options.words),
      options: options.values,
      caller: { input, room: message.room.id, user: message.sender.id },
      timeoutMs: command.timeoutMs ?? timeoutMs,
      progress: (document) => new Promise((taken) => deliver(message, document, 'progress', taken)),
      ended: ({ document, kind }) => {
        running.remove(place);
        deliver(message, document, kind, done);
      },
      alarms,
      log,
    });
    const place = running.add(started);
    message.cancelled?.addEventListener('abort', () => started.stop(cancelled), { once: true });
    started.start();
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
    answer(input, message, said, done) {
      try {
        const refused = refusal(message.text);
        if (refused !== undefined) deliver(message, refused, 'error', done);
        else if (message.cancelled?.aborted === true) deliver(message, cancelled, 'error', done);
        else if (said === '') deliver(message, hint, 'aside', done);
        else run(input, message, said, done);
      } catch (error) {
        deliver(message, failure(error), 'error', done);
      }
    },
    refuse: (message, sentence, done) => deliver(message, sentence, 'error', done),
    cancel(message) {
      const run = running.places().find(({ value }) => value.message === message)?.value;
      run?.stop(cancelled);
      return run !== undefined;
    },
    stop(which) {
      for (const { value } of running.places()) if (which === 'all' || value.isEndless) value.stop(stopped);
    },
  };
}
