import { type JsonToken, scanJson } from './json-scan.ts';

/** What a JSON text holds. */
export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

/** Deeper levels are indented no further: a few hostile bytes must not become megabytes of tabs. */
const maxIndent = 64;

/** Says what the text holds. Throws a `JsonError` that shows the place when it is no JSON. */
export function checkJson(text: string): JsonKind {
  let kind: JsonKind | undefined;
  scanJson(text, (token, start) => {
    kind ??= kindOf(token, text.charAt(start));
  });
  return kind ?? 'null';
}

/**
 * The same JSON with one TAB a level and one member a line. Digits, escapes and the order of members stay as they are; `{}` and `[]`
 * stay on one line. Throws a `JsonError`.
 */
export function indentJson(text: string): string {
  const pieces: string[] = [];
  let depth = 0;
  let previous: JsonToken | undefined;
  const line = (): void => {
    pieces.push('\n', '\t'.repeat(Math.min(depth, maxIndent)));
  };
  scanJson(text, (token, start, end) => {
    const isEmpty = previous === '{' || previous === '[';
    if (token === '}' || token === ']') {
      depth -= 1;
      if (!isEmpty) line();
    } else if (isEmpty || previous === ',') line();
    pieces.push(text.slice(start, end));
    if (token === ':') pieces.push(' ');
    if (token === '{' || token === '[') depth += 1;
    previous = token;
  });
  return pieces.join('');
}

function kindOf(token: JsonToken, first: string): JsonKind {
  if (token === '{') return 'object';
  if (token === '[') return 'array';
  if (token === 'string') return 'string';
  if (token === 'number') return 'number';
  return first === 'n' ? 'null' : 'boolean';
}
