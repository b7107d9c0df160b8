/** What comes of each entry; the list itself where each of them stayed what it was. */
export function each<T>(list: readonly T[], change: (entry: T, index: number) => T): readonly T[] {
  const after = list.map(change);
  return list.every((entry, index) => entry === after[index]) ? list : after;
}

/** With other values; the thing itself where they are no other ones. */
export function changed<T extends object>(before: T, values: Partial<T>): T {
  const keys = Object.keys(values) as (keyof T)[];
  return keys.every((key) => before[key] === values[key]) ? before : { ...before, ...values };
}
