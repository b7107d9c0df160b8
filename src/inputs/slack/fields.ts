/** An object as Slack sends them. */
export type Fields = Readonly<Record<string, unknown>>;

const nothing: Fields = {};

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is not there, or is something else, has no fields. */
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : nothing);

export const isArray = (value: unknown): value is readonly unknown[] => Array.isArray(value);

export const listOf = (value: unknown): readonly unknown[] => (isArray(value) ? value : []);

/** A text, and not an empty one. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
