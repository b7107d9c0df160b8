import type { Effect } from '../commands/plan.ts';
import type { Freeze, Policy, Rule } from './policy.ts';

/** A rule that is about a command. */
export interface Relevant<T extends Rule> {
  readonly rule: T;
  /** It names the command, or a part of its name: a lone star is about everything and means nothing in particular. */
  readonly isNamed: boolean;
}

/** What the policy has about a command. */
export interface About {
  /** A sentence for each. */
  readonly effects: Readonly<Record<Effect, string>>;
  readonly denies: readonly Relevant<Rule>[];
  readonly needs: readonly Relevant<Rule & { readonly kind: 'needs' }>[];
  readonly grants: readonly Relevant<Rule>[];
  readonly freezes: readonly Freeze[];
}

/** What each command was found to be about is kept: there are more rules than commands, and more questions than both. */
export function relevance(policy: Policy): (command: string) => About {
  const known = new Map<string, About>();
  return (command) => {
    const before = known.get(command);
    if (before !== undefined) return before;
    // Names come from services, which come and go.
    if (known.size >= maxKept) known.clear();
    const found = find(policy, command);
    known.set(command, found);
    return found;
  };
}

const maxKept = 20_000;

function find(policy: Policy, command: string): About {
  const relevant = policy.rules.flatMap((rule) => {
    const fitting = rule.commands.filter((each) => each.fits(command));
    return fitting.length === 0 ? [] : [{ rule, isNamed: fitting.some((each) => !each.isAll) }];
  });
  return {
    effects: { change: `${command} changes something`, read: `${command} only reads` },
    denies: relevant.filter(({ rule }) => rule.kind === 'deny'),
    needs: relevant.flatMap(({ rule, isNamed }) => (rule.kind === 'needs' ? [{ rule, isNamed }] : [])),
    grants: relevant.filter(({ rule }) => rule.kind === 'grant'),
    freezes: policy.freezes.filter(({ commands }) => commands.some((each) => each.fits(command))),
  };
}
