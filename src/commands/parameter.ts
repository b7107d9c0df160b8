import type { Value } from '../discovery/registry.ts';
import { oneLine } from '../document/harmless.ts';
import { isList, isScalar } from './convert.ts';

/** One field of a service command's request, as a person fills it. */
export interface Parameter {
  /** As the request spells it. */
  readonly name: string;
  /** A Go-like type name. */
  readonly type: string;
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
  readonly positional?: boolean | undefined;
  readonly required?: boolean | undefined;
  readonly default?: string | undefined;
  readonly enum?: readonly string[] | undefined;
  readonly secret?: boolean | undefined;
  readonly description?: string | undefined;
}

/**
 * The parameters of a request. Fields that are declared come first, in the order of their declaration, and are positional unless
 * that says otherwise. When nothing is declared, text and numbers are positional in the order of the shape, and so is a list at its end.
 */
export function parametersOf(
  request: Value | undefined,
  declared: ReadonlyMap<string, Declaration> | undefined,
): readonly Parameter[] {
  const fields = request?.values ?? [];
  const types = new Map(fields.map(({ name, type }) => [name, type]));
  const isDerived = declared === undefined;
  return [
    ...[...(declared ?? [])].map(([name, declaration]) => declaredParameter(name, types.get(name), declaration)),
    ...fields
      .filter(({ name }) => declared?.has(name) !== true)
      .map(({ name, type }, index) => ({
        name,
        type,
        isPositional: isDerived && isPositionalByNature(type, index === fields.length - 1),
        isRequired: false,
        isSecret: false,
        description: '',
      })),
  ];
}

const declaredParameter = (name: string, type: string | undefined, declaration: Declaration): Parameter => ({
  name,
  type: type ?? declaration.type ?? 'string',
  isPositional: declaration.positional ?? true,
  isRequired: declaration.required ?? false,
  fallback: declaration.default,
  choices: declaration.enum,
  isSecret: declaration.secret ?? false,
  description: declaration.description ?? '',
});

const isPositionalByNature = (type: string, isLast: boolean): boolean =>
  isList(type) ? isLast : isScalar(type) && type !== 'bool';

/** `deploy [service] [--force]` */
export const usageOf = (command: string, parameters: readonly Parameter[]): string =>
  [
    command,
    ...parameters
      .filter(({ isPositional }) => isPositional)
      .map(({ name, type }) => `[${name}${isList(type) ? '...' : ''}]`),
    ...parameters
      .filter(({ isPositional }) => !isPositional)
      .map(({ name, type }) => (type === 'bool' ? `[--${name}]` : `[--${name} ${type === '' ? 'json' : type}]`)),
  ].join(' ');

/** One line of help for each parameter. */
export const detailsOf = (parameters: readonly Parameter[]): readonly string[] =>
  parameters.map(({ name, type, isPositional, isRequired, fallback, choices, isSecret, description }) => {
    const facts = [
      type === '' ? 'json' : type,
      ...(isRequired ? ['required'] : []),
      ...(fallback === undefined || isSecret ? [] : [`default ${fallback}`]),
      ...(choices === undefined ? [] : [`one of ${choices.join(', ')}`]),
      ...(isSecret ? ['secret'] : []),
    ];
    return oneLine(
      `${isPositional ? '' : '--'}${name} (${facts.join(', ')})${description === '' ? '' : ` - ${description}`}`,
    );
  });
