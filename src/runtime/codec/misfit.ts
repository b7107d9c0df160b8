/** A value that does not fit its place. The path to it is put together on the way out. */
class Misfit extends Error {
  path = '';

  within(step: string): this {
    this.path = `${step}${this.path}`;
    return this;
  }
}

export const unfit = (value: unknown, type: string): Misfit => new Misfit(`${describe(value)} is no ${type}`);

/** Runs `read` and, when something does not fit, throws an `Error` that says where, from `name` on. */
export function located<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Misfit) throw new Error(`${name}${error.path}: ${error.message}`, { cause: error });
    throw error;
  }
}

export function stepped(error: unknown, step: string): unknown {
  return error instanceof Misfit ? error.within(step) : error;
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Date) return 'a date';
  if (value instanceof Uint8Array) return 'a value of bytes';
  const isEmpty = Object.keys(value).length === 0;
  if (Array.isArray(value)) return isEmpty ? '[]' : '[…]';
  return isEmpty ? '{}' : '{…}';
}
