import { requestText } from './call.ts';
import { CommandError } from './command.ts';
import { complaint, type Written } from './complaint.ts';
import { elementType, isInteger, isList, textOf } from './convert.ts';
import { formatNanoseconds } from './duration.ts';
import { parameterFacts } from './endpoint-parameters.ts';
import { segment } from './json-scalars.ts';
import { convertAs } from './meaning.ts';
import { type Member, membersOf } from './members.ts';
import { nestedIn } from './nested.ts';
import { findParameter, type Parameter, plainName } from './parameter.ts';
import type { Filled } from './parameters.ts';

/** A request that is given whole, as one JSON object. */
export const isWhole = (typed: string): boolean => /^\{\s*["}]/.test(typed);

/**
 * Takes a whole request as it was typed, and reads from it what it says of the parameters: whatever it calls them, the rules for them must hold.
 * Members that are no parameters are told under their own names. Throws a `CommandError` (`usage`).
 */
export function readWhole(parameters: readonly Parameter[], typed: string, about: Omit<Written, 'words'>): Filled {
  const fail = (message: string): never => {
    throw complaint(message, { ...about, words: [] }, undefined, () => undefined);
  };
  const body = checked(parameters, typed);
  const values = new Map<string, readonly string[]>();
  const secrets: string[] = [];
  const seen = new Set<string>();
  for (const { key, json } of membersOf(body)) {
    // Go takes a field in any case and the last of two: nobody could tell which one counts.
    if (seen.has(plainName(key))) fail(`${key} is given twice`);
    seen.add(plainName(key));
    if (json === 'null') continue;
    const parameter = findParameter(parameters, key);
    const given = parameter === undefined ? [textOf(json)] : valuesOf(parameter, json);
    const name = parameter?.name ?? segment(key);
    values.set(name, given);
    const nested = nestedIn(name, json);
    for (const [path, inner] of nested.values) values.set(path, inner);
    if (parameter?.isSecret === true) secrets.push(json, json.replace(/^"|"$/g, ''), ...given, ...nested.texts);
    const wrong = given.find((value) => parameter?.choices?.includes(value) === false);
    if (parameter !== undefined && wrong !== undefined) {
      const shown = parameter.isSecret ? 'the value' : JSON.stringify(wrong);
      fail(`${parameter.name}: ${shown} is none of ${parameter.choices?.join(', ') ?? ''}`);
    }
  }
  const missing = parameters.find(
    ({ name, isRequired, fallback }) => isRequired && fallback === undefined && !values.has(name),
  );
  if (missing !== undefined) fail(`${missing.name} is missing`);
  return { body, values, secrets: secrets.filter((secret) => secret !== '') };
}

/**
 * What a request that is sent as it was typed says of the parameters, in the spelling of `Filled.values`. A value that a parameter cannot have stands
 * for what only the service knows, and is empty.
 */
export function meantBy(
  parameters: readonly Parameter[],
  members: readonly Member[],
): ReadonlyMap<string, readonly string[]> {
  const facts = new Map(parameterFacts(parameters)?.map((each) => [each.name, each]));
  const known = (name: string, value: string): string =>
    facts.get(name)?.choices?.includes(value) === false ? '' : value;
  return new Map(
    members.flatMap(({ key, json }) => {
      const parameter = findParameter(parameters, key);
      if (parameter === undefined || json === 'null') return [];
      const { name } = parameter;
      return [[name, valuesOf(parameter, json).map((value) => known(name, value))]];
    }),
  );
}

/** The place where JSON is wrong is shown with what stands around it, which must be no secret. */
function checked(parameters: readonly Parameter[], typed: string): string {
  try {
    return requestText(typed);
  } catch (error) {
    const isOpen = !parameters.some(({ isSecret }) => isSecret);
    if (isOpen || !(error instanceof CommandError)) throw error;
    throw new CommandError('usage', error.message.split('\n', 1).join(''));
  }
}

const valuesOf = (parameter: Parameter, json: string): readonly string[] =>
  isList(parameter.type) && json.startsWith('[')
    ? membersOf(json).map((element: Member) => valueOf(parameter, element.json))
    : [valueOf(parameter, json)];

/** In the spelling of `Filled.values`. */
function valueOf({ type, meaning }: Parameter, json: string): string {
  const text = textOf(json);
  const element = elementType(type);
  if (meaning === 'nanoseconds' && /^-?\d{1,20}$/.test(text)) return formatNanoseconds(BigInt(text));
  // Other programs write whole numbers as 1.0 or 1e3.
  if (isInteger(element) && text !== '' && Number.isSafeInteger(Number(text))) return String(Number(text));
  const converted = convertAs(meaning, text, element);
  return 'value' in converted ? converted.value : text;
}
