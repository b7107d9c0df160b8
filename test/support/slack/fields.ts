/** What JSON calls an object. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Absent where it is no text or an empty one. */
export const someText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** A form has only text: there the words are true and 1. */
export const truth = (value: unknown): boolean | undefined => {
  if (value === true || value === 'true' || value === '1' || value === 1) return true;
  if (value === false || value === 'false' || value === '0' || value === 0) return false;
  return undefined;
};

/** The value of a JSON text; undefined where it is none. */
export const json = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** A list of objects, itself or, as in a form, its JSON text. Undefined where it is neither. */
export const listOf = (value: unknown): readonly Fields[] | undefined => {
  const list = typeof value === 'string' ? json(value) : value;
  return Array.isArray(list) && list.every(isFields) ? list : undefined;
};

/** An object, itself or its JSON text. */
export const objectOf = (value: unknown): Fields | undefined => {
  const object = typeof value === 'string' ? json(value) : value;
  return isFields(object) ? object : undefined;
};
