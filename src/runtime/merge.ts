/** Parts of options that are themselves options: what they do not name stays. */
const parts: readonly PropertyKey[] = ['client', 'metadata'];

/** Options with more said about them, frozen: values replace, lists are appended, `client` and `metadata` are merged. */
export function merge<T extends object>(options: T, more: Partial<T>): Readonly<T> {
  const merged = { ...options } as Record<string, unknown>;
  for (const [name, value] of Object.entries(more)) {
    if (value === undefined) continue;
    const before = merged[name];
    if (Array.isArray(value)) merged[name] = [...(Array.isArray(before) ? before : []), ...value];
    else if (parts.includes(name)) merged[name] = { ...(before as object | undefined), ...(value as object) };
    else merged[name] = value;
  }
  for (const [name, value] of Object.entries(merged))
    if (Array.isArray(value)) merged[name] = Object.freeze([...value]);
  return Object.freeze(merged) as Readonly<T>;
}
