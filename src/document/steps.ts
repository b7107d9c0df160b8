/** Work that can be put down between its steps, so that others have their turn meanwhile. None of its steps takes long. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** All of it, now: for what is known to be small. */
export function finish<T>(steps: Steps<T>): T {
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

/** So many small things are one step. */
const together = 256;

/** What `change` makes of each, in order. */
export function* mapInSteps<From, To>(
  list: readonly From[],
  change: (entry: From, index: number) => To,
): Steps<readonly To[]> {
  const made: To[] = [];
  for (const [index, entry] of list.entries()) {
    made.push(change(entry, index));
    if (index % together === together - 1) yield;
  }
  return made;
}
