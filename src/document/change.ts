import { mapInSteps, type Steps } from './steps.ts';

/** What comes of each entry; the list itself where each of them stayed what it was. */
export function* each<T>(list: readonly T[], change: (entry: T, index: number) => T): Steps<readonly T[]> {
  return sameOr(list, yield* mapInSteps(list, change));
}

/** The same for a few. */
export const eachNow = <T>(list: readonly T[], change: (entry: T, index: number) => T): readonly T[] =>
  sameOr(list, list.map(change));

const sameOr = <T>(before: readonly T[], after: readonly T[]): readonly T[] =>
  before.every((entry, index) => entry === after[index]) ? before : after;

/** With other values; the thing itself where they are no other ones. */
export function changed<T extends object>(before: T, values: Partial<T>): T {
  const keys = Object.keys(values) as (keyof T)[];
  return keys.every((key) => before[key] === values[key]) ? before : { ...before, ...values };
}
