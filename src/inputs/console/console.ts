import type { Readable, Writable } from 'node:stream';
import { withResolvers } from '../../async/queue.ts';
import { type Document, text } from '../../document/document.ts';
import { renderTerminal } from '../../document/terminal.ts';
import { type Log, silent } from '../../log/log.ts';
import { type Input, InputError, type Message, type Room, type Sender, tooLong } from '../input.ts';
import type { Beside } from './beside.ts';
import { loadHistory, saveHistory } from './history.ts';
import { openOutput } from './output.ts';
import { plainLines } from './plain.ts';
import { type Complete, openTerminal, type Terminal } from './terminal.ts';

export interface ConsoleOptions {
  readonly input: Readable;
  readonly output: Writable;
  /** True for a prompt with editing; false for lines as they come, each answered before the next is read. */
  readonly terminal: boolean;
  /** Who sits there, for services that want to know who asks. Default `console`. */
  readonly user?: string;
  /** Candidates for the last word of a line. Default none. */
  readonly complete?: Complete;
  /** Default `micro> `. */
  readonly prompt?: string;
  /** Said once before the first prompt. Default nothing. */
  readonly greeting?: string;
  /** Where typed lines are kept from one run to the next. Default nowhere. */
  readonly historyFile?: string;
  /** What else is written to the same terminal, such as the log: it goes above the prompt. Default nothing. */
  readonly beside?: Beside;
  readonly log?: Log;
}

const room: Room = { id: 'console', name: 'console' };
const waits = '(waits for what runs: Ctrl-C stops that)';
/** As the end of file does. */
const leaving = /^\s*(?:exit|quit|bye)\s*$/i;
const stillRuns = (count: number): string =>
  `(${count} ${count === 1 ? 'command still runs' : 'commands still run'}: Ctrl-C ends ${count === 1 ? 'it' : 'them'})`;
/** What runs for so long may run for ever. */
const longMs = 500;
const notText = 'message refused: it is not valid UTF-8';

/** The terminal or the pipe this process was started with. Everything typed there is meant for the bot. */
export function consoleInput(options: ConsoleOptions): Input {
  const {
    input,
    output,
    complete = async () => [],
    prompt = 'micro> ',
    user = 'console',
    greeting,
    historyFile,
    beside,
    log = silent,
  } = options;
  const out = openOutput(output);
  const view = { isAligned: options.terminal };
  const sender: Sender = { id: user, name: user };
  /** With the time each was typed at. */
  const running = new Map<AbortController, number>();
  let terminal: Terminal | undefined;
  let waiting: NodeJS.Timeout | undefined;
  let count = 0;

  const show = async (document: Document): Promise<void> => {
    const shown = (): Promise<void> => out.write(`${renderTerminal(document, view)}\n`);
    await (terminal === undefined ? shown() : terminal.above(shown));
  };

  const busy = (): boolean => running.size > 0;
  /** Takes back all that is not answered yet. */
  const interrupt = (): void => {
    for (const each of running.keys()) each.abort();
  };

  /** Who leaves while something runs would wonder why nothing ends. */
  const tellWhatRuns = (): void => {
    waiting = setTimeout(() => {
      if (busy()) void show(text(stillRuns(running.size)));
    }, longMs).unref();
  };

  const message = (typed: string, settled: () => void): Message => {
    const own = new AbortController();
    let last: Document | undefined;
    running.set(own, performance.now());
    count += 1;
    return {
      id: String(count),
      text: typed,
      sender,
      room,
      direct: true,
      addressed: false,
      cancelled: own.signal,
      settled() {
        running.delete(own);
        settled();
      },
      async reply(document) {
        if (document !== last) await show(document);
        last = document;
      },
    };
  };

  async function* typed(stop: AbortSignal): AsyncGenerator<Message> {
    const history = await loadHistory(historyFile);
    if (greeting !== undefined) await out.write(`${greeting}\n`);
    const opened = openTerminal({ input, output, prompt, complete, history, busy, interrupt });
    terminal = opened;
    beside?.use((write) => opened.above(write));
    const leave = (): void => opened.leave();
    stop.addEventListener('abort', leave, { once: true });
    if (stop.aborted) leave();
    try {
      for await (const line of opened.lines) {
        if (leaving.test(line)) break;
        if (line.includes('\ufffd')) await show(text(notText));
        else if (line.trim() !== '') {
          // Told to the first who waits: nothing else would show why there is no answer.
          const [since] = running.values();
          if (running.size === 1 && performance.now() - (since ?? 0) > longMs) await show(text(waits));
          yield message(line, () => {});
        }
      }
      opened.leave();
      if (!stop.aborted) tellWhatRuns();
    } finally {
      stop.removeEventListener('abort', leave);
    }
  }

  async function* piped(stop: AbortSignal): AsyncGenerator<Message> {
    for await (const line of plainLines(input, stop)) {
      if (line.kind === 'line' && leaving.test(line.text)) return;
      if (line.kind === 'too long') await show(text(tooLong(line.bytes)));
      else if (line.kind === 'not text') await show(text(notText));
      else if (line.text.trim() !== '') {
        const { promise, resolve } = withResolvers<void>();
        const stopped = (): void => resolve();
        stop.addEventListener('abort', stopped, { once: true });
        yield message(line.text, stopped);
        await promise;
        stop.removeEventListener('abort', stopped);
      }
    }
  }

  return {
    name: 'console',
    // Who sits there is everybody; there is one room.
    reach(place) {
      if (place.kind === 'room' && place.room.replace(/^#/, '') !== room.id) {
        throw new InputError(
          'config',
          `the console has no room ${place.room}: what is said here is seen here, "> me" does the same`,
        );
      }
      let last: Document | undefined;
      return {
        async say(document) {
          if (document !== last) await show(document);
          last = document;
        },
        end() {},
      };
    },
    async *messages(signal) {
      const stop = new AbortController();
      const stopped = (): void => stop.abort();
      const causes = [signal, out.gone];
      for (const cause of causes) cause.addEventListener('abort', stopped, { once: true });
      if (causes.some(({ aborted }) => aborted)) stop.abort();
      try {
        yield* options.terminal ? typed(stop.signal) : piped(stop.signal);
      } finally {
        for (const cause of causes) cause.removeEventListener('abort', stopped);
      }
      if (out.gone.reason instanceof InputError) throw out.gone.reason;
    },
    async close() {
      clearTimeout(waiting);
      if (terminal === undefined) return;
      terminal.leave();
      await saveHistory(historyFile, terminal.history()).catch((error: unknown) =>
        log.warn('the history was not kept', { error }),
      );
    },
  };
}
