import { elementType, isBoolean, isScalar } from './convert.ts';
import { convertAs } from './meaning.ts';
import type { Parameter } from './parameter.ts';
import type { ParameterFacts } from './plan.ts';

/** Undefined where a request tells none of its fields: then it may have any. */
export const parameterFacts = (parameters: readonly Parameter[]): readonly ParameterFacts[] | undefined =>
  parameters.length === 0 ? undefined : parameters.map(factsOf);

function factsOf({ name, type, meaning, choices }: Parameter): ParameterFacts {
  const element = elementType(type);
  // In the spelling in which a plan has them.
  const valueOf = (choice: string): readonly string[] => {
    const converted = convertAs(meaning, choice, element);
    return 'value' in converted ? [converted.value] : [];
  };
  return {
    name,
    choices: choices?.flatMap(valueOf) ?? (isBoolean(element) ? ['true', 'false'] : undefined),
    isDeep: !isScalar(element),
  };
}
