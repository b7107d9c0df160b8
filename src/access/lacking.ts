import type { Command } from '../commands/command.ts';
import type { ParameterFacts } from '../commands/plan.ts';
import { oneLine } from '../document/harmless.ts';
import type { Glob } from './glob.ts';
import type { Condition, Rule } from './policy.ts';
import type { UnknownName } from './unknown-name.ts';

/** More are counted. Services choose them, and how many there are. */
const mostListed = 20;
const mostLetters = 300;

/**
 * Parameters that no command of a rule has, and values that they cannot have. None, as long as one of its commands may have any, or is not there.
 * `commandsOf`: those that there are.
 */
export function lacking(rule: Rule, commandsOf: (wanted: Glob) => readonly Command[]): readonly UnknownName[] {
  const { label, commands, conditions } = rule;
  if (conditions.length === 0) return [];
  const parameters = parametersOf(commands, commandsOf);
  if (parameters === undefined) return [];
  const of = `of ${commands.map(({ text }) => text).join(', ')}`;
  return conditions.flatMap((condition) => {
    const there = parameters.filter((each) => isAbout(condition, each));
    if (there.length > 0) {
      return impossible(condition, there).map(({ text, choices }) => ({
        label,
        name: `${condition.parameter}=${text} ${of}`,
        why: `at the moment it is one of ${listed(choices)}`,
      }));
    }
    const names = new Set(parameters.map(({ name }) => name));
    const others = names.size === 0 ? '' : `, only ${listed(names)}`;
    return [{ label, name: `the parameter ${condition.parameter} ${of}`, why: `there is none at the moment${others}` }];
  });
}

/** Of all of them, in all their versions. Undefined where nobody can tell. */
function parametersOf(
  wanted: readonly Glob[],
  commandsOf: (wanted: Glob) => readonly Command[],
): readonly ParameterFacts[] | undefined {
  const all: ParameterFacts[] = [];
  for (const each of wanted) {
    const commands = each.isAll ? [] : commandsOf(each);
    if (commands.length === 0) return undefined;
    for (const version of commands.flatMap((command) => [command, ...(command.versions ?? []).map(commandOf)])) {
      const known = version.parameters ?? (version.plan === undefined ? [] : undefined);
      if (known === undefined) return undefined;
      all.push(...known);
    }
  }
  return all;
}

const commandOf = ({ command }: { readonly command: Command }): Command => command;

const isAbout = ({ parameter }: Condition, { name, isDeep }: ParameterFacts): boolean =>
  parameter === name || (isDeep && parameter.startsWith(`${name}.`));

/** The values among those that are wanted which none of these can have. */
function impossible(
  { parameter, wanted }: Condition,
  there: readonly ParameterFacts[],
): readonly { readonly text: string; readonly choices: ReadonlySet<string> }[] {
  const choices = new Set<string>();
  for (const { name, choices: own } of there) {
    if (own === undefined || name !== parameter) return [];
    for (const choice of own) choices.add(choice);
  }
  return wanted
    .filter(({ text, fits }) => text !== '' && ![...choices].some((choice) => fits(choice)))
    .map(({ text }) => ({ text, choices }));
}

function listed(names: ReadonlySet<string>): string {
  const some = oneLine([...names].slice(0, mostListed).join(', '));
  const shown = some.length > mostLetters ? `${some.slice(0, mostLetters)}…` : some;
  return names.size > mostListed ? `${shown} and ${names.size - mostListed} more` : shown;
}
