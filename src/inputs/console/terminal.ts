import { clearScreenDown, cursorTo, moveCursor } from 'node:readline';
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { AsyncQueue } from '../../async/queue.ts';
import { harmless } from '../../document/harmless.ts';
import { historySize } from './history.ts';

/** Candidates for the last word of what was typed so far. */
export type Complete = (line: string) => Promise<readonly string[]>;

export interface TerminalOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly prompt: string;
  readonly complete: Complete;
  /** The newest first. */
  readonly history: string[];
  /** Whether there is something to interrupt. */
  readonly busy: () => boolean;
  /** Ctrl-C on an empty line, while busy. */
  readonly interrupt: () => void;
}

/** A prompt with editing, history and completion. */
export interface Terminal {
  /** What was typed, line by line. Ends when the person leaves, and on `leave`. */
  readonly lines: AsyncIterable<string>;
  /** Makes room above the prompt, lets `write` write there, and shows the prompt again with what was being typed. */
  above(write: () => Promise<void>): Promise<void>;
  leave(): void;
  /** The newest first. */
  history(): readonly string[];
}

export function openTerminal(options: TerminalOptions): Terminal {
  const { input, output, prompt, complete, history, busy, interrupt } = options;
  const lines = new AsyncQueue<string>();
  let remembered: readonly string[] = history;
  let closed = false;
  let leaving = false;

  const edit = createInterface({
    input,
    output,
    prompt,
    terminal: true,
    history,
    historySize,
    removeHistoryDuplicates: true,
    completer: async (line: string): Promise<[string[], string]> => {
      const word = /\S*$/.exec(line)?.[0] ?? '';
      return [hits(await complete(line).catch(() => []), word), word];
    },
  });

  edit.on('line', (line) => {
    leaving = false;
    lines.push(line);
    edit.prompt();
  });
  edit.on('history', (kept: string[]) => {
    remembered = [...kept];
  });
  edit.on('SIGINT', () => {
    if (edit.line === '' && busy()) {
      leaving = false;
      output.write('^C\n');
      edit.prompt();
      // Last, because what it ends may say so at once.
      interrupt();
      return;
    }
    if (edit.line === '' && leaving) {
      edit.close();
      return;
    }
    leaving = edit.line === '';
    output.write(leaving ? '\n(Ctrl-C again or Ctrl-D leaves)\n' : '^C\n');
    // To the end of the line, and from there all that stands before.
    edit.write(null, { ctrl: true, name: 'e' });
    edit.write(null, { ctrl: true, name: 'u' });
    edit.prompt();
  });
  edit.on('close', () => {
    closed = true;
    output.write('\n');
    lines.end();
  });
  edit.prompt();

  return {
    lines,
    history: () => remembered,
    leave: () => edit.close(),
    async above(write) {
      if (!closed) {
        const { rows } = edit.getCursorPos();
        moveCursor(output, 0, -rows);
        cursorTo(output, 0);
        clearScreenDown(output);
      }
      await write();
      if (!closed) edit.prompt(true);
    },
  };
}

/** Names come from services: one that could do something in a terminal, or be more than a word, is not offered. */
function hits(candidates: readonly string[], word: string): string[] {
  const fitting = candidates.filter((each) => each.startsWith(word) && !/\s/.test(each) && harmless(each) === each);
  return fitting.length === 1 ? fitting.map((each) => `${each} `) : fitting;
}
