import { type JsonToken, scanJson, scanJsonInSteps } from './json-scan.ts';
import { Pieces } from './pieces.ts';
import { finish, type Steps } from './steps.ts';

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
export const indentJson = (text: string): string => finish(indentJsonInSteps(text));

export function* indentJsonInSteps(text: string): Steps<string> {
  const pieces = new Pieces();
  let depth = 0;
  let previous: JsonToken | undefined;
  /** What stands between these is kept as it is. */
  let [from, to] = [0, 0];
  const put = (space: string, at: number): void => {
    if (to > from) pieces.add(text.slice(from, to));
    if (space !== '') pieces.add(space);
    from = at;
  };
  yield* scanJsonInSteps(text, (token, start, end) => {
    const isEmpty = previous === '{' || previous === '[';
    const isClosing = token === '}' || token === ']';
    if (isClosing) depth -= 1;
    if (isClosing ? !isEmpty : isEmpty || previous === ',') put(indents[Math.min(depth, maxIndent)] ?? '', start);
    else if (previous === ':') put(' ', start);
    else if (start !== to) put('', start);
    to = end;
    if (token === '{' || token === '[') depth += 1;
    previous = token;
  });
  put('', to);
  return pieces.text;
}

const indents = Array.from({ length: maxIndent + 1 }, (_, depth) => `\n${'\t'.repeat(depth)}`);

function kindOf(token: JsonToken, first: string): JsonKind {
  if (token === '{') return 'object';
  if (token === '[') return 'array';
  if (token === 'string') return 'string';
  if (token === 'number') return 'number';
  return first === 'n' ? 'null' : 'boolean';
}
