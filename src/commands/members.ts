import { scanJson } from '../document/json-scan.ts';

/** A value in a JSON object or list, as it stands there. */
export interface Member {
  /** Of an object's member. */
  readonly key: string;
  readonly json: string;
}

/** What a JSON object or list holds, in order; nothing for any other value. Throws a `JsonError` for what is no JSON. */
export function membersOf(text: string): readonly Member[] {
  const members: Member[] = [];
  let depth = 0;
  let key = '';
  let from = 0;
  scanJson(text, (token, start, end) => {
    switch (token) {
      case '{':
      case '[':
        if (depth === 1) from = start;
        depth += 1;
        return;
      case '}':
      case ']':
        depth -= 1;
        if (depth === 1) members.push({ key, json: text.slice(from, end) });
        return;
      case 'key':
        if (depth === 1) key = String(JSON.parse(text.slice(start, end)));
        return;
      case 'string':
      case 'number':
      case 'literal':
        if (depth === 1) members.push({ key, json: text.slice(start, end) });
        return;
      case ':':
      case ',':
        return;
      default:
        token satisfies never;
    }
  });
  return members;
}
