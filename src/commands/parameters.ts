import { CommandError } from './command.ts';
import { convert, elementType, isList, isScalar } from './convert.ts';
import type { Parameter } from './parameter.ts';
import { nearest } from './suggest.ts';

/** What was given to each parameter, in order. */
type Given = ReadonlyMap<Parameter, readonly string[]>;

const named = /^([A-Za-z_][\w.-]*)=([\s\S]*)$/;
const option = /^--([^=]*)(?:=([\s\S]*))?$/;

/**
 * Fills a request from words and writes it as JSON text. Words fill the positional parameters in order; any parameter can be named:
 * `--name value`, `--name=value`, `name=value`, and `--name` alone for a `bool`. After `--` every word is positional. Lists take
 * several words, repeated names, and commas. Throws a `CommandError` (`usage`) that names the word and shows `usage`.
 */
export function fillRequest(parameters: readonly Parameter[], words: readonly string[], usage: string): string {
  const fail = (message: string): never => {
    throw new CommandError('usage', `${message}\nusage: ${usage}`);
  };
  const given = collect(parameters, words, fail);
  const members = parameters.flatMap((parameter) => {
    const { name, fallback, isRequired } = parameter;
    const values = given.get(parameter) ?? (fallback === undefined ? undefined : [fallback]);
    if (values === undefined) return isRequired ? fail(`${name} is missing`) : [];
    return [`${JSON.stringify(name)}:${writeValue(parameter, values, fail)}`];
  });
  return `{${members.join(',')}}`;
}

function collect(parameters: readonly Parameter[], words: readonly string[], fail: (message: string) => never): Given {
  const given = new Map<Parameter, string[]>();
  const positional = parameters.filter(({ isPositional }) => isPositional);
  const queue = words.values();
  let isLiteral = false;

  const give = (parameter: Parameter, value: string): void => {
    const values = given.get(parameter);
    if (values === undefined) given.set(parameter, [value]);
    else if (isList(parameter.type)) values.push(value);
    else fail(`${parameter.name} is given twice`);
  };
  const byName = (name: string): Parameter => {
    const parameter =
      parameters.find((each) => each.name === name) ?? parameters.find((each) => plain(each.name) === plain(name));
    if (parameter !== undefined) return parameter;
    const meant = nearest(
      parameters.map((each) => ({ name: each.name.toLowerCase(), meant: each.name })),
      name,
    );
    return fail(`unknown parameter ${name}${meant === undefined ? '' : `, did you mean ${meant}?`}`);
  };
  const giveNext = (word: string): void => {
    const parameter = positional.find((each) => !given.has(each)) ?? positional.findLast(({ type }) => isList(type));
    if (parameter === undefined) fail(`one word too many: ${word}`);
    else give(parameter, word);
  };

  for (const word of queue) {
    const [isNamed, name = '', value = ''] = isLiteral ? [] : (named.exec(word) ?? []);
    const [isOption, optionName = '', optionValue] = isLiteral ? [] : (option.exec(word) ?? []);
    if (word === '--' && !isLiteral) isLiteral = true;
    else if (isOption !== undefined) {
      const parameter = byName(optionName);
      give(parameter, optionValue ?? (parameter.type === 'bool' ? 'true' : nextValue(queue, optionName, fail)));
    } else if (isNamed !== undefined) give(byName(name), value);
    else if (!isLiteral && /^-[A-Za-z]/.test(word)) fail(`unknown option ${word}: names are written --name`);
    else giveNext(word);
  }
  return given;
}

function nextValue(queue: Iterator<string, undefined>, name: string, fail: (message: string) => never): string {
  const next = queue.next();
  if (next.done === true || next.value.startsWith('--')) return fail(`--${name} has no value`);
  return next.value;
}

function writeValue(parameter: Parameter, values: readonly string[], fail: (message: string) => never): string {
  const { name, type, choices, isSecret } = parameter;
  const write = (word: string, wordType: string): string => {
    const shown = isSecret ? 'the value' : JSON.stringify(word);
    if (choices !== undefined && !choices.includes(word))
      return fail(`${name}: ${shown} is none of ${choices.join(', ')}`);
    const converted = convert(word, wordType);
    return 'json' in converted ? converted.json : fail(`${name}: ${shown} is not ${converted.expected}`);
  };
  if (!isList(type)) return values.map((word) => write(word, type)).join('');
  const element = elementType(type);
  const words = isScalar(element) ? values.flatMap((word) => word.split(',')) : values;
  return `[${words.map((word) => write(word, element)).join(',')}]`;
}

/** `dryRun`, `dry_run` and `dry-run` are one name to a person. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_]/g, '');
