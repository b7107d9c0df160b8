// What no line may hold as it is: control characters move the cursor, the others hide or turn around what a terminal shows.
const control = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const controlInStack = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const codeOf = (char: string): string => short[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Writes control characters as their codes. Inside JSON the result is the same string to who reads the JSON. */
export const visible = (text: string): string => text.replace(control, codeOf);

/** The same for all strings of a value. Only a stack keeps its line breaks. */
export function visibleDeep(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return key === 'stack' ? value.replace(controlInStack, codeOf) : visible(value);
  if (Array.isArray(value)) return value.map((item) => visibleDeep(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [visible(name), visibleDeep(item, name)]));
}
