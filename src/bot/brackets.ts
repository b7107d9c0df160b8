import { mendJson } from './json-quotes.ts';
import { doubles } from './letters.ts';

/**
 * A value in brackets, `{…}` or `[…]`, that begins at `at`: as JSON is written, strings and all, with the quotes that JSON knows. Undefined when
 * it has no end.
 */
export function readBrackets(text: string, at: number): { readonly value: string; readonly end: number } | undefined {
  let depth = 0;
  /** What closes the string that is open. */
  let closing = '';
  for (let index = at; index < text.length; index += 1) {
    const char = text.charAt(index);
    if (closing !== '') {
      if (char === '\\') index += 1;
      else if (closing.includes(char)) closing = '';
    } else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) return { value: mendJson(text.slice(at, index + 1)), end: index + 1 };
    } else if (doubles.includes(char)) closing = char === '"' ? char : doubles;
  }
  return undefined;
}
