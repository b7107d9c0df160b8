import { readConfig } from '../config/config.ts';
import { ConfigError } from '../config/error.ts';
import type { Flag } from '../config/flag.ts';
import { globalFlags, helpFlag, versionFlag } from '../config/flags.ts';
import { type CommandLine, parseCommandLine } from '../config/parse.ts';
import type { Cli } from './cli.ts';
import { helpText } from './help.ts';
import { type Place, resolve } from './resolve.ts';
import { type Entry, type Group, type Leaf, tree } from './tree.ts';

/** Runs one command line and resolves with the exit code. Errors are written to standard error, each by its message alone. */
export async function runCli(cli: Cli): Promise<number> {
  let reached = resolve(tree, []);
  const flagsOf = async (words: readonly string[]): Promise<readonly Flag[]> => {
    reached = resolve(tree, words);
    return knownFlags(reached);
  };
  try {
    const line = await parseCommandLine(cli.argv, flagsOf);
    return await runLine(cli, line);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof ConfigError && error.code === 'usage') {
      cli.stderr.write(`Incorrect Usage: ${message}\n\n${await helpOf(cli, reached)}`);
    } else {
      const { harmless } = await import('../document/harmless.ts');
      cli.stderr.write(`${harmless(message)}\n`);
    }
    return 1;
  }
}

async function runLine(cli: Cli, { words, given }: CommandLine): Promise<number> {
  const place = resolve(tree, words);
  if (given.has(versionFlag.name)) {
    cli.stdout.write(`micro version ${cli.version()}\n`);
    return 0;
  }
  if (place.kind === 'unknown') return unknownWord(cli, place);
  if (given.has(helpFlag.name) || place.kind === 'help' || (place.kind === 'group' && place.group !== tree)) {
    cli.stdout.write(await helpOf(cli, place));
    return 0;
  }
  if (place.kind === 'group') {
    cli.stderr.write("No command provided to micro. Please refer to 'micro --help'\n");
    return 1;
  }
  const config = readConfig(given, cli.env);
  const { run } = place.leaf;
  switch (run.kind) {
    case 'bot':
      return await cli.bot(config);
    case 'command': {
      const { runCommand } = await import('./command.ts');
      return await runCommand(cli, config, { name: run.command, words: place.rest, given });
    }
    default:
      return run satisfies never;
  }
}

async function unknownWord(cli: Cli, { group, word, asked }: Place & { readonly kind: 'unknown' }): Promise<number> {
  const { harmless } = await import('../document/harmless.ts');
  if (group !== tree || asked) {
    cli.stderr.write(`No help topic for '${harmless(word)}'\n`);
    return 3;
  }
  const { nearest } = await import('../commands/suggest.ts');
  const guess = nearest(candidates(group), word);
  const hint = guess === undefined ? '' : `\nDid you mean ${guess}?`;
  cli.stderr.write(`Unrecognized micro command: ${harmless(word)}. Please refer to 'micro --help'${hint}\n`);
  return 1;
}

const candidates = (group: Group): readonly { readonly name: string; readonly meant: string }[] =>
  group.entries.filter(({ hidden }) => hidden !== true).map(({ name }) => ({ name, meant: name }));

async function helpOf(cli: Cli, place: Place): Promise<string> {
  const entry = entryOf(place);
  const own = entry === tree ? globalFlags : entry.kind === 'leaf' ? await leafFlags(entry) : [];
  const flags = [...own, helpFlag, ...(entry === tree ? [versionFlag] : [])];
  return helpText({ path: place.path, entry, flags, version: cli.version() });
}

function entryOf(place: Place): Entry {
  switch (place.kind) {
    case 'leaf':
      return place.leaf;
    case 'help':
      return place.entry;
    case 'group':
    case 'unknown':
      return place.group;
    default:
      return place satisfies never;
  }
}

async function knownFlags(place: Place): Promise<readonly Flag[]> {
  const own = place.kind === 'leaf' ? await leafFlags(place.leaf) : [];
  return [...own, ...globalFlags, helpFlag, versionFlag];
}

async function leafFlags({ run }: Leaf): Promise<readonly Flag[]> {
  return run.kind === 'bot' ? run.flags : ((await run.options?.()) ?? []);
}
