import { randomUUID } from 'node:crypto';
import { typedLine } from '../../src/bot/line.ts';
import { shellArguments } from '../../src/cli/arguments.ts';
import type { Arguments, Command, OptionValues } from '../../src/commands/command.ts';
import type { CommandSet } from '../../src/commands/set.ts';
import { renderTerminal } from '../../src/document/terminal.ts';

export interface Saying {
  readonly options?: OptionValues;
  readonly id?: string;
  readonly signal?: AbortSignal;
}

/** Says a line in a chat room and gives all that is answered, as a terminal shows it. Rejects with what the command throws. */
export async function say(set: CommandSet, line: string, saying: Saying = {}): Promise<string> {
  return (await sayAll(set, line, saying)).join('\n');
}

/** The same in a room, with each document on its own. */
export async function sayAll(set: CommandSet, line: string, saying: Saying = {}): Promise<readonly string[]> {
  const typed = typedLine(line);
  const found = set.find(typed.head(set.longest));
  if (found === undefined) throw new Error(`nobody answers ${line}`);
  return run(found.command, typed.rest(found.words), { input: 'slack', room: 'C1', user: 'U1' }, saying);
}

/** Runs a command in a shell that has split the words. */
export async function shell(set: CommandSet, words: readonly string[], saying: Saying = {}): Promise<string> {
  const found = set.find(words);
  if (found === undefined) throw new Error(`nobody answers ${words.join(' ')}`);
  const caller = { input: 'cli', room: '', user: 'root' };
  return (await run(found.command, shellArguments(words.slice(found.words)), caller, saying)).join('\n');
}

async function run(
  command: Command,
  args: Arguments,
  caller: { readonly input: string; readonly room: string; readonly user: string },
  { options = {}, id = randomUUID(), signal = new AbortController().signal }: Saying,
): Promise<readonly string[]> {
  const result = command.run({ id, args, options, caller, signal });
  if (!(Symbol.asyncIterator in result)) return [renderTerminal(await result)];
  const shown: string[] = [];
  for await (const document of result) shown.push(renderTerminal(document));
  return shown;
}
