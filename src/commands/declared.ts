import type { Metadata } from '../discovery/registry.ts';
import { oneLine } from '../document/harmless.ts';
import { parseDuration } from '../runtime/duration.ts';
import { listOf, readRules, type Rules } from './rules.ts';

/** A command as an endpoint's metadata declares it. */
export interface Declared {
  readonly name: string;
  /** Absent: made from the parameters. */
  readonly usage: string | undefined;
  readonly description: string;
  readonly examples: readonly string[];
  /** With those of its slash commands. */
  readonly aliases: readonly string[];
  /** Without the `/`. */
  readonly slash: readonly string[];
  readonly hidden: boolean;
  readonly timeoutMs: number | undefined;
  /** JSON, not yet read. */
  readonly parameters: string | undefined;
  readonly rules: Rules;
}

const names = /^[a-z0-9_-]+(?: [a-z0-9_-]+)*$/;
const maxNameLength = 64;
/** Each is looked up wherever rules are. */
export const maxAliases = 100;
const maxTextLength = 300;
const maxTimeoutMs = 24 * 3600 * 1000;

/** Reads the metadata of an endpoint that has the key `command`. Throws an `Error` that says what is wrong with it. */
export function readDeclared(metadata: Metadata): Declared {
  const list = (key: string): readonly string[] => listOf(metadata[key] ?? '');
  const line = (key: string): string | undefined => {
    const text = shorten(metadata[key] ?? '');
    return text === '' ? undefined : text;
  };
  const example = line('example');
  const slash = list('slash').map((name) => checkName('slash', name.replace(/^\//, '')));
  const aliases = [...list('aliases').map((name) => checkName('aliases', name)), ...slash];
  if (aliases.length > maxAliases) {
    throw new Error(`aliases: ${aliases.length} with those of slash are too many: at most ${maxAliases}`);
  }
  return {
    name: checkName('command', metadata['command'] ?? ''),
    usage: line('usage'),
    description: line('description') ?? '',
    examples: example === undefined ? [] : [example],
    aliases,
    slash,
    hidden: metadata['hidden'] === 'true',
    timeoutMs: readTimeout(metadata['timeout'] ?? ''),
    parameters: line('parameters') === undefined ? undefined : metadata['parameters'],
    rules: readRules(metadata),
  };
}

/** A service's words for people: one line, and not too long for a list of commands. */
export function shorten(text: string): string {
  const line = oneLine(text).trim();
  return line.length > maxTextLength ? `${line.slice(0, maxTextLength - 1)}…` : line;
}

function checkName(key: string, name: string): string {
  if (names.test(name) && name.length <= maxNameLength) return name;
  throw new Error(
    `${key}: ${JSON.stringify(shorten(name))} is no name of a command: lower case letters, digits, - and _`,
  );
}

function readTimeout(text: string): number | undefined {
  if (text === '') return undefined;
  const timeoutMs = parseDuration(text);
  if (timeoutMs !== undefined && timeoutMs > 0 && timeoutMs <= maxTimeoutMs) return timeoutMs;
  throw new Error(`timeout: ${JSON.stringify(shorten(text))} is no duration up to a day, such as 30s`);
}
