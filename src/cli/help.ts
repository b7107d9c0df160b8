import type { Flag } from '../config/flag.ts';
import type { Entry } from './tree.ts';

export interface HelpOptions {
  /** The words that lead to the entry, from `micro` on. */
  readonly path: readonly string[];
  readonly entry: Entry;
  readonly flags: readonly Flag[];
  /** Shown at the root only. */
  readonly version: string;
}

/** Help in go-micro's layout, with the line break at its end. */
export function helpText({ path, entry, flags, version }: HelpOptions): string {
  const name = path.join(' ');
  const root = path.length === 1;
  const sections = [
    section('NAME', [`   ${name} - ${entry.description}`]),
    section('USAGE', [`   ${name} ${usageOf(entry, root)}`]),
    ...(root ? [section('VERSION', [`   ${version}`])] : []),
    ...(entry.entries === undefined ? [] : [section('COMMANDS', columns('     ', commandRows(entry.entries)))]),
    section(root ? 'GLOBAL OPTIONS' : 'OPTIONS', columns('   ', flags.map(flagRow))),
  ];
  return sections.join('\n');
}

const section = (title: string, lines: readonly string[]): string => `${title}:\n${lines.join('\n')}\n`;

function usageOf(entry: Entry, root: boolean): string {
  const tail = '[command options] [arguments...]';
  if (entry.kind === 'leaf') return tail;
  return root ? `[global options] command ${tail}` : `command ${tail}`;
}

type Row = readonly [string, string];

const commandRows = (entries: readonly Entry[]): readonly Row[] => [
  ...entries
    .filter(({ hidden }) => hidden !== true)
    .map(({ name, aliases = [], description }): Row => [[name, ...aliases].join(', '), description]),
  ['help, h', 'Shows a list of commands or help for one command'],
];

function flagRow({ name, alias, kind, usage, default: preset, env }: Flag): Row {
  const value = kind === 'boolean' ? '' : ' value';
  const names = [`--${name}${value}`, ...(alias === undefined ? [] : [`-${alias}${value}`])];
  const notes = [
    ...(preset === undefined ? [] : [`(default: ${preset})`]),
    ...(env === undefined ? [] : [`[$${env}]`]),
  ];
  return [names.join(', '), [usage, ...notes].join(' ')];
}

function columns(indent: string, rows: readonly Row[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `${indent}${left.padEnd(width)}${right}`);
}
