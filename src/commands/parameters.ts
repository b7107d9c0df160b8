import { CommandError, type Missing, type MissingKind } from './command.ts';
import { complaint, type Spot, type Written } from './complaint.ts';
import { convertStrictly, elementType, isBoolean, isInteger, isList, isNumber, isScalar } from './convert.ts';
import { type GivenWord, giveWords } from './given.ts';
import { scalarsOf } from './json-scalars.ts';
import { convertAs } from './meaning.ts';
import { nestedIn } from './nested.ts';
import type { Parameter } from './parameter.ts';
import type { ParameterValues } from './plan.ts';

/** A request that is filled. */
export interface Filled {
  /** As JSON text. */
  readonly body: string;
  /** What is sent for each parameter, defaults too, in one spelling for all that mean the same; what lies deeper as `target.env`. */
  readonly values: ParameterValues;
  /** Values of secret parameters, as they were typed and as they are sent. */
  readonly secrets: readonly string[];
}

/**
 * Fills a request from words. They fill the positional parameters in order; any parameter can be named: `--name value`, `--name=value`,
 * `name=value`, `-n value` where it has a letter, and `--name` or `--no-name` alone for a `bool`. After `--` every word is positional. Lists
 * take several words, repeated names, and commas. `name=value` with a name that nobody has is a word, unless it is near to one that is known. Throws a
 * `CommandError` (`usage`) that names the word and shows the usage; with `missing`, when that is all that is wrong.
 */
export function fillRequest(parameters: readonly Parameter[], written: Written): Filled {
  const hidden = new Map<number, number>();
  const failAt = (message: string, spot: Spot | undefined): never => {
    throw complaint(message, written, spot, (index) => hidden.get(index));
  };
  const { words, isLiteral } = giveWords(parameters, written.words, failAt, (index, at) => hidden.set(index, at));
  const members: string[] = [];
  const values = new Map<string, readonly string[]>();
  const secrets: string[] = [];
  const missing: Parameter[] = [];

  for (const parameter of parameters) {
    const { name, fallback, isRequired, isSecret } = parameter;
    const given = words.get(parameter);
    if (given === undefined && fallback === undefined) {
      if (isRequired) missing.push(parameter);
      continue;
    }
    const sent = write(parameter, given ?? [{ text: fallback ?? '' }], failAt);
    members.push(`${JSON.stringify(name)}:${sent.json}`);
    values.set(name, sent.values);
    const nested = nestedIn(name, sent.json);
    for (const [path, inner] of nested.values) values.set(path, inner);
    if (isSecret) secrets.push(...(given ?? []).map(({ text }) => text), ...sent.values, ...nested.texts);
  }
  const [first, ...others] = missing;
  if (first !== undefined) {
    throw new CommandError('usage', `${first.name} is missing\nusage: ${written.usage}`, {
      ...(isLiteral ? {} : { missing: asked(first), alsoMissing: others.map(asked) }),
      secrets,
    });
  }
  return { body: `{${members.join(',')}}`, values, secrets: secrets.filter((secret) => secret !== '') };
}

/** Throws an `Error` for a default that cannot be sent. */
export function checkFallback(parameter: Parameter): void {
  if (parameter.fallback === undefined) return;
  write(parameter, [{ text: parameter.fallback }], (message) => {
    throw new Error(`parameters: the default of ${message}`);
  });
}

/** The words of a parameter as JSON, and what they mean. */
function write(
  parameter: Parameter,
  words: readonly (Pick<GivenWord, 'text'> & Partial<Spot>)[],
  fail: (message: string, spot: Spot | undefined) => never,
): { readonly json: string; readonly values: readonly string[] } {
  const { name, type, meaning, choices, isSecret } = parameter;
  const element = elementType(type);
  const splits = isList(type) && meaning !== 'json' && isScalar(element);
  const values: string[] = [];
  const json: string[] = [];
  for (const { text, index, offset } of words) {
    const spot = index === undefined || offset === undefined ? undefined : { index, offset };
    for (const word of splits ? wordsIn(text) : [text]) {
      const chosen = choose(choices, word);
      const shown = isSecret ? 'the value' : JSON.stringify(word);
      if (chosen === undefined) return fail(`${name}: ${shown} is none of ${choices?.join(', ') ?? ''}`, spot);
      const converted = convertAs(meaning, chosen, element);
      if ('expected' in converted) return fail(`${name}: ${shown} is not ${converted.expected}`, spot);
      values.push(converted.value);
      json.push(converted.json);
    }
  }
  return { json: isList(type) ? `[${json.join(',')}]` : json.join(''), values };
}

/** `a,b`, or `["a", "b"]` as JSON has it. */
function wordsIn(list: string): readonly string[] {
  if (!/^\s*\[/.test(list) || !('json' in convertStrictly(list))) return list.split(',');
  const scalars = scalarsOf(list);
  const isFlat = (JSON.parse(list) as readonly unknown[]).every((each) => each !== null && typeof each !== 'object');
  return isFlat ? scalars.map(({ value }) => value) : list.split(',');
}

/** A telephone writes the first letter large: what is meant is clear. */
function choose(choices: readonly string[] | undefined, word: string): string | undefined {
  if (choices === undefined || choices.includes(word)) return word;
  const [only, ...more] = choices.filter((choice) => choice.toLowerCase() === word.toLowerCase());
  return more.length === 0 ? only : undefined;
}

const booleans: readonly string[] = ['true', 'false'];

/** What a person is asked for. */
function asked(parameter: Parameter): Missing {
  const { name, type, meaning, choices, isSecret, description } = parameter;
  // Nothing but text can be this: what it is not tells what it should be.
  const converted = convertAs(meaning, '{ ', elementType(type));
  const one = 'expected' in converted ? converted.expected : 'text';
  const expected = choices === undefined ? one : `one of ${choices.join(', ')}`;
  return {
    name,
    expected: isList(type) ? `${expected}, several with commas` : expected,
    choices: choices ?? (isBoolean(elementType(type)) ? booleans : undefined),
    isSecret,
    description,
    kind: kindOf(parameter),
    complaint(value) {
      try {
        write(parameter, [{ text: value }], (message) => {
          throw new CommandError('usage', message);
        });
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
  };
}

function kindOf({ type, meaning, choices }: Parameter): MissingKind {
  if (isList(type)) return meaning === 'json' ? 'json' : 'text';
  if (choices !== undefined) return 'choice';
  if (meaning !== undefined) return meaning === 'user' || meaning === 'json' ? meaning : 'text';
  if (isBoolean(type)) return 'yes or no';
  if (isInteger(type)) return 'whole number';
  if (isNumber(type)) return 'number';
  return isScalar(type) ? 'text' : 'json';
}
