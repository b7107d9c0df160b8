/*
 * The spellings of a field's name: `first_name`, `firstName` in JSON, `FirstName` in Go.
 */

export const camel = (name: string): string => name.replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase());
export const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What protoc-gen-go makes of a name. */
export const goName = (name: string): string => camel(`_${name}`).replace(/^_/, 'X');
