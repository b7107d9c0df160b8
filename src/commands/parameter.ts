import type { Value } from '../discovery/registry.ts';
import { oneLine } from '../document/harmless.ts';
import { isList, isScalar } from './convert.ts';
import { type Meaning, meaningOf, nameOf } from './meaning.ts';

/** One field of a service command's request, as a person fills it. */
export interface Parameter {
  /** As the request spells it. */
  readonly name: string;
  /** `v` for `-v`. */
  readonly short?: string | undefined;
  /** A Go-like type name, of the field where the request tells it. */
  readonly type: string;
  /** Of the word, or of each word of a list. */
  readonly meaning?: Meaning | undefined;
  /** Filled by words in order, not only by its name. */
  readonly isPositional: boolean;
  readonly isRequired: boolean;
  /** Used when nothing is given. */
  readonly fallback?: string | undefined;
  /** All values that are allowed. */
  readonly choices?: readonly string[] | undefined;
  /** Its value is never repeated in a message. */
  readonly isSecret: boolean;
  readonly description: string;
}

/** What the metadata key `parameters` says of one field. */
export interface Declaration {
  readonly type?: string | undefined;
  readonly short?: string | undefined;
  readonly positional?: boolean | undefined;
  readonly required?: boolean | undefined;
  readonly default?: string | undefined;
  readonly enum?: readonly string[] | undefined;
  readonly secret?: boolean | undefined;
  readonly description?: string | undefined;
}

/** Types that a declaration may call by other names. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['text', 'string'],
  ['enum', 'string'],
  ['duration', 'string'],
  ['user', 'string'],
  ['room', 'string'],
  ['boolean', 'bool'],
  ['integer', 'int64'],
  ['number', 'float64'],
  ['list', '[]string'],
  ['json', ''],
]);

/**
 * The parameters of a request. Fields that are declared come first, in the order of their declaration, and are positional unless
 * that says otherwise. When nothing is declared, text and numbers are positional in the order of the shape, and so is a list at its end.
 */
export function parametersOf(
  request: Value | undefined,
  declared: ReadonlyMap<string, Declaration> | undefined,
): readonly Parameter[] {
  const fields = request?.values ?? [];
  const byName = new Map(fields.map((field) => [field.name, field]));
  const isDerived = declared === undefined;
  return [
    ...[...(declared ?? [])].map(([name, declaration]) => declaredParameter(name, byName.get(name), declaration)),
    ...fields
      .filter(({ name }) => declared?.has(name) !== true)
      .map((field, index): Parameter => {
        const { name, type } = field;
        const isPositional = isDerived && isPositionalByNature(type, index === fields.length - 1);
        const meaning = meaningOf(undefined, field);
        return { name, type, meaning, isPositional, isRequired: false, isSecret: false, description: '' };
      }),
  ];
}

const declaredParameter = (name: string, field: Value | undefined, declaration: Declaration): Parameter => ({
  name,
  short: declaration.short,
  type: field?.type ?? wireType(declaration.type ?? 'string'),
  meaning: meaningOf(declaration.type, field),
  isPositional: declaration.positional ?? true,
  isRequired: declaration.required ?? false,
  fallback: declaration.default,
  choices: declaration.enum,
  isSecret: declaration.secret ?? false,
  description: declaration.description ?? '',
});

function wireType(declared: string): string {
  const element = declared.startsWith('[]') ? declared.slice(2) : declared;
  const known = otherNames.get(element);
  return known === undefined ? declared : `${declared.slice(0, declared.length - element.length)}${known}`;
}

const isPositionalByNature = (type: string, isLast: boolean): boolean =>
  isList(type) ? isLast : isScalar(type) && type !== 'bool';

/** `dryRun`, `dry_run` and `dry-run` are one name to a person. To Go's JSON so is `ſervice`: its large letters are those of `service`. */
export const plainName = (name: string): string => name.toUpperCase().toLowerCase().replaceAll(/[-_]/g, '');

/** By the name as it is, and by its plain name; of two the first. A whole request may have thousands of names. */
const named = new WeakMap<
  readonly Parameter[],
  readonly [ReadonlyMap<string, Parameter>, ReadonlyMap<string, Parameter>]
>();

/** The parameter that goes by this name, in any spelling. */
export function findParameter(parameters: readonly Parameter[], name: string): Parameter | undefined {
  let known = named.get(parameters);
  if (known === undefined) {
    const first = parameters.toReversed();
    known = [
      new Map(first.map((each) => [each.name, each])),
      new Map(first.map((each) => [plainName(each.name), each])),
    ];
    named.set(parameters, known);
  }
  const [exact, plain] = known;
  return exact.get(name) ?? plain.get(plainName(name));
}

/** `deploy [service] [--force]` */
export const usageOf = (command: string, parameters: readonly Parameter[]): string =>
  [
    command,
    ...parameters
      .filter(({ isPositional }) => isPositional)
      .map(({ name, type }) => `[${name}${isList(type) ? '...' : ''}]`),
    ...parameters
      .filter(({ isPositional }) => !isPositional)
      .map((parameter) =>
        parameter.type === 'bool' ? `[--${parameter.name}]` : `[--${parameter.name} ${shownType(parameter)}]`,
      ),
  ].join(' ');

/** One line of help for each parameter. */
export const detailsOf = (parameters: readonly Parameter[]): readonly string[] =>
  parameters.map((parameter) => {
    const { name, short, isPositional, isRequired, fallback, choices, isSecret, description } = parameter;
    const facts = [
      shownType(parameter),
      ...(isRequired ? ['required'] : []),
      ...(fallback === undefined || isSecret ? [] : [`default ${fallback}`]),
      ...(choices === undefined ? [] : [`one of ${choices.join(', ')}`]),
      ...(isSecret ? ['secret'] : []),
    ];
    const names = `${isPositional ? '' : '--'}${name}${short === undefined ? '' : `, -${short}`}`;
    return oneLine(`${names} (${facts.join(', ')})${description === '' ? '' : ` - ${description}`}`);
  });

const shownType = ({ type, meaning }: Parameter): string => {
  if (meaning !== undefined) return `${isList(type) ? '[]' : ''}${nameOf(meaning)}`;
  return type === '' ? 'json' : type;
};
