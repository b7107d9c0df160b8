import type { Metadata } from '../discovery/registry.ts';
import { oneLine } from '../document/harmless.ts';
import { mistakes } from './mistakes.ts';
import type { Effect, Guard } from './plan.ts';

/** What whoever wrote a command says of running it. */
export interface Rules {
  readonly effect: Effect;
  readonly guard: Guard;
  /** As `Command.lock`. */
  readonly lock: readonly string[] | undefined;
  /** As `Plan.secretFields`. */
  readonly secretFields: readonly string[];
}

/** The metadata keys that rules are read from. */
export const ruleKeys = ['effect', 'scopes', 'confirm', 'approvals', 'lock', 'secret'] as const;

const maxApprovals = 100;

/**
 * Reads the rules of an endpoint's metadata. Throws an `Error` for a value that is none, and for a command's key that is the misspelt one of a
 * rule: a condition that nobody understands must not count as none.
 */
export function readRules(metadata: Metadata): Rules {
  // What is no command may have keys of anybody.
  if (metadata['command'] !== undefined) Object.keys(metadata).forEach(checkSpelling);
  return {
    effect: readEffect(valueOf(metadata, 'effect')),
    guard: {
      scopes: readScopes(valueOf(metadata, 'scopes')),
      confirm: readConfirm(valueOf(metadata, 'confirm')),
      approvals: readApprovals(valueOf(metadata, 'approvals')),
    },
    lock: readLock(valueOf(metadata, 'lock')),
    secretFields: listOf(valueOf(metadata, 'secret')),
  };
}

/** The rules of something that may be any of these: the strictest of each. */
export function strictest(all: readonly Rules[]): Rules {
  const locks = all.flatMap(({ lock }) => (lock === undefined ? [] : [lock]));
  return {
    effect: all.every(({ effect }) => effect === 'read') ? 'read' : 'change',
    guard: {
      scopes: unique(all.flatMap(({ guard }) => guard.scopes)),
      confirm: all.some(({ guard }) => guard.confirm),
      approvals: Math.max(0, ...all.map(({ guard }) => guard.approvals)),
    },
    // The fewer names a lock has, the more runs it keeps apart.
    lock: locks.length === 0 ? undefined : locks.reduce((one, other) => one.filter((name) => other.includes(name))),
    secretFields: unique(all.flatMap(({ secretFields }) => secretFields)),
  };
}

/** The parts of a list that are separated by commas. */
export const listOf = (text: string): readonly string[] =>
  unique(
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );

const valueOf = (metadata: Metadata, key: (typeof ruleKeys)[number]): string => (metadata[key] ?? '').trim();

const unique = (words: readonly string[]): readonly string[] => [...new Set(words)];

/** Words such as `config` and `block` are a team's own: a mistyped key begins with the right letter, and one mistake is in it. */
function checkSpelling(key: string): void {
  const word = key.toLowerCase();
  const meant = ruleKeys.find((each) => word[0] === each[0] && mistakes(word, each, 1) <= 1);
  if (meant === undefined || meant === key) return;
  throw new Error(`${oneLine(key)}: there is no such key, did you mean ${meant}?`);
}

const wrong = (key: string, value: string, expected: string): Error =>
  new Error(`${key}: ${JSON.stringify(oneLine(value))} is not ${expected}`);

function readEffect(value: string): Effect {
  if (value === 'read') return 'read';
  if (value === 'change' || value === '') return 'change';
  throw wrong('effect', value, 'read or change');
}

/** Commas alone are what is left of names that somebody forgot to fill in. */
function readScopes(value: string): readonly string[] {
  const scopes = listOf(value);
  if (scopes.length === 0 && value !== '') throw wrong('scopes', value, 'a list of roles');
  return scopes;
}

function readConfirm(value: string): boolean {
  if (value === 'true') return true;
  if (value === 'false' || value === '') return false;
  throw wrong('confirm', value, 'true or false');
}

function readApprovals(value: string): number {
  if (value === '') return 0;
  if (/^\d{1,3}$/.test(value) && Number(value) <= maxApprovals) return Number(value);
  throw wrong('approvals', value, `a whole number up to ${maxApprovals}`);
}

function readLock(value: string): readonly string[] | undefined {
  if (value === 'false' || value === '') return undefined;
  return value === 'true' ? [] : listOf(value);
}
