import type { Question } from './access.ts';
import type { Condition, Rule } from './policy.ts';

/**
 * Whether a rule that restricts is about these parameters. One value of several is enough. What was not given could be anything, so
 * it counts, but for a rule about everything and a command that only reads, and for a draft, which is still to become anything. Nothing is not given,
 * too: to most services it is the same.
 */
export function mayBeAbout({ effect, conditions }: Rule, question: Question, isNamed: boolean): boolean {
  if (effect !== undefined && effect !== question.effect) return false;
  return conditions.every((condition) => {
    const values = valuesOf(condition, question);
    if (values === undefined && question.isDraft === true) return false;
    const fitsNothing = condition.isOptional || isNamed || question.effect === 'change';
    return values?.some((value) => (value === '' ? fitsNothing : condition.fits(value))) ?? fitsNothing;
  });
}

/** Whether a rule that opens is about these parameters: every value of each fits, and was given, or can be. */
export function isSurelyAbout({ effect, conditions }: Rule, question: Question): boolean {
  if (effect !== undefined && effect !== question.effect) return false;
  return conditions.every((condition) => {
    const values = valuesOf(condition, question);
    if (values === undefined) return condition.isOptional || question.isDraft === true;
    return values.every((value) => (value === '' ? condition.isOptional : condition.fits(value)));
  });
}

function valuesOf({ parameter }: Condition, { parameters }: Question): readonly string[] | undefined {
  const values = parameters.get(parameter);
  return values?.some((value) => value !== '') === true ? values : undefined;
}
