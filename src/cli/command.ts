import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { deadline } from '../async/deadline.ts';
import type { Command, Invocation } from '../commands/command.ts';
import { CommandError } from '../commands/command.ts';
import type { Config } from '../config/config.ts';
import type { Given } from '../config/flag.ts';
import type { Document } from '../document/document.ts';
import { renderTerminal } from '../document/terminal.ts';
import { shellArguments } from './arguments.ts';
import { onInterrupt } from './interrupt.ts';
import { readOptions } from './options.ts';
import { osUserName } from './user.ts';
import type { Cli } from './cli.ts';

/** A shared command as it was typed in a shell. */
export interface Typed {
  readonly name: string;
  /** What stood after the command's name. */
  readonly words: readonly string[];
  readonly given: Given;
}

/** Runs a shared command and prints its documents as they come. Rejects with what it throws; the code of an interruption is its signal's. */
export async function runCommand(cli: Cli, config: Config, typed: Typed): Promise<number> {
  using interrupt = onInterrupt();
  const opened = await cli.open(config);
  try {
    const command = opened.commands.find(({ name }) => name === typed.name);
    if (command === undefined) throw new CommandError('not_found', `command ${typed.name} is not there`);
    await Promise.race([
      print(cli, command, typed, interrupt.signal),
      aborted(interrupt.signal),
      readerGone(cli.stdout),
    ]);
    return 0;
  } catch (error) {
    if (interrupt.code === undefined) throw error;
    return interrupt.code;
  } finally {
    await opened.close();
  }
}

async function print(cli: Cli, command: Command, typed: Typed, parent: AbortSignal): Promise<void> {
  using limit = deadline(parent, command.timeoutMs ?? 2 ** 31 - 1);
  const options = readOptions(command.options ?? [], typed.given, cli.env);
  const invocation: Invocation = {
    id: randomUUID(),
    args: shellArguments(typed.words),
    options,
    caller: { input: 'cli', room: '', user: osUserName() },
    signal: limit.signal,
  };
  // A terminal must not be steered by what a service says; a program that reads raw output wants its very bytes.
  const untouched = options['output'] === 'raw' && cli.stdout.isTTY !== true;
  const view = { isAligned: cli.stdout.isTTY === true };
  const show = (document: Document): string =>
    untouched && document.kind === 'text' ? document.text : renderTerminal(document, view);
  const result = command.run(invocation);
  if (Symbol.asyncIterator in result) {
    for await (const document of result) await write(cli.stdout, show(document));
  } else {
    await write(cli.stdout, show(await result));
  }
}

async function write(stdout: Writable, text: string): Promise<void> {
  if (!stdout.write(`${text}\n`)) await once(stdout, 'drain');
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('interrupted')), { once: true }));

/** Resolves when nobody reads any more (`micro list services | head -1`): that is no failure. */
const readerGone = (stdout: Writable): Promise<void> =>
  new Promise((resolve) =>
    stdout.on('error', (error) => ('code' in error && error.code === 'EPIPE' ? resolve() : undefined)),
  );
