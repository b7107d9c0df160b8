import type { Command } from '../commands/command.ts';
import type { Effect } from '../commands/plan.ts';
import { commandOf, type KnownCommands, namesOf } from './known.ts';
import type { Freeze, Policy, Rule } from './policy.ts';

/** A rule that is about a command. */
export interface Relevant<T extends Rule> {
  readonly rule: T;
  /** It names the command, or a part of its name: a lone star is about everything and means nothing in particular. */
  readonly isNamed: boolean;
}

/** What the policy has about a command. */
export interface About {
  /** All that leads to it: a rule for one of them is a rule for the command. */
  readonly names: readonly string[];
  /** A sentence for each. */
  readonly effects: Readonly<Record<Effect, string>>;
  readonly denies: readonly Relevant<Rule>[];
  readonly needs: readonly Relevant<Rule & { readonly kind: 'needs' }>[];
  readonly grants: readonly Relevant<Rule>[];
  readonly freezes: readonly Freeze[];
}

interface Entry {
  /** Which of the sets of commands it was looked up in the last time. The set itself may be large, and is not kept alive. */
  turn: number;
  /** What led to it then. */
  readonly command: Command | undefined;
  readonly about: About;
}

/**
 * What each command was found to be about is kept: there are more rules than commands, and more questions than both. `commands`: those that
 * there are, for their other names; where nobody can tell, a command has only its own.
 */
export function relevance(policy: Policy, commands: (() => KnownCommands) | undefined): (command: string) => About {
  const entries = new Map<string, Entry>();
  /** Under its own name. Whoever calls what is behind a command asks about all of its names, which lead to the same. */
  const own = new WeakMap<Command, About>();
  const aboutOf = (name: string, command: Command | undefined): About => {
    if (command === undefined) return find(policy, [name]);
    const found = own.get(command) ?? find(policy, [...new Set(namesOf(command))]);
    own.set(command, found);
    if (command.name === name) return found;
    return found.names.includes(name) ? { ...found, effects: effectsOf(name) } : find(policy, [name, ...found.names]);
  };
  let last: KnownCommands | undefined;
  let turn = 0;
  return (name) => {
    const known = commands?.();
    if (known !== last) {
      last = known;
      turn += 1;
    }
    const before = entries.get(name);
    if (before?.turn === turn) return before.about;
    const command = commandFor(name, known, before?.command);
    if (before !== undefined && before.command === command) {
      before.turn = turn;
      return before.about;
    }
    // Names come from services, which come and go.
    if (entries.size >= maxKept) entries.clear();
    const about = aboutOf(name, command);
    entries.set(name, { turn, command, about });
    return about;
  };
}

const maxKept = 20_000;

/**
 * One whose service is gone for a moment keeps its names: another that has its name for an alias is not the one that is asked about. To call
 * what is behind a command is asked about under all of its names.
 */
function commandFor(name: string, known: KnownCommands | undefined, before: Command | undefined): Command | undefined {
  const command = known === undefined ? undefined : commandOf(known, name);
  if (command?.name === name) return command;
  return before?.name === name ? before : (command ?? before);
}

const effectsOf = (command: string): About['effects'] => ({
  change: `${command} changes something`,
  read: `${command} only reads`,
});

/** `names`: all that leads to one command, the one that is asked about first. */
function find(policy: Policy, names: readonly string[]): About {
  const relevant = policy.rules.flatMap((rule) => {
    const fitting = rule.commands.filter((each) => names.some((name) => each.fits(name)));
    return fitting.length === 0 ? [] : [{ rule, isNamed: fitting.some((each) => !each.isAll) }];
  });
  return {
    names,
    effects: effectsOf(names[0] ?? ''),
    denies: relevant.filter(({ rule }) => rule.kind === 'deny'),
    needs: relevant.flatMap(({ rule, isNamed }) => (rule.kind === 'needs' ? [{ rule, isNamed }] : [])),
    grants: relevant.filter(({ rule }) => rule.kind === 'grant'),
    freezes: policy.freezes.filter(({ commands }) => names.some((name) => commands.some((each) => each.fits(name)))),
  };
}
