import { scalarsOf, valuesOf } from './json-scalars.ts';

/** What lies deeper in a parameter's JSON. */
export interface Nested {
  /** By the names that lead there, with dots between: `target.env`. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** Every text and number in it, as it means and as it is written. */
  readonly texts: readonly string[];
}

const nothing: Nested = { values: new Map(), texts: [] };

/** Reads what a parameter is sent, so that rules can be made for it. Throws a `CommandError` (`usage`) for a name that is given twice. */
export function nestedIn(name: string, json: string): Nested {
  if (!/[{[]/.test(json)) return nothing;
  const scalars = scalarsOf(`{${JSON.stringify(name)}:${json}}`);
  const values = valuesOf(
    scalars.filter(({ path }) => path.length > 1),
    (first) => first,
  );
  return { values, texts: scalars.flatMap(({ value, typed }) => [value, typed]) };
}
