import { scanJsonInSteps } from '../document/json-scan.ts';
import { readJsonString } from '../document/json-string.ts';
import { finish, type Steps } from '../document/steps.ts';

/** A value in a JSON object or list, as it stands there. */
export interface Member {
  /** Of an object's member. */
  readonly key: string;
  readonly json: string;
}

/** What a JSON object or list holds, in order; nothing for any other value. Throws a `JsonError` for what is no JSON. */
export const membersOf = (text: string): readonly Member[] =>
  finish(membersInSteps(text, (key, json) => ({ key, json })));

/** The same, as `make` makes it. What stands in a member is not looked into. Elements have no keys. */
export function* membersInSteps<T>(text: string, make: (key: string, json: string) => T): Steps<readonly T[]> {
  const members: T[] = [];
  let depth = 0;
  let key = '';
  let from = 0;
  yield* scanJsonInSteps(text, (token, start, end) => {
    switch (token) {
      case '{':
      case '[':
        if (depth === 1) from = start;
        depth += 1;
        return;
      case '}':
      case ']':
        depth -= 1;
        if (depth === 1) members.push(make(key, text.slice(from, end)));
        return;
      case 'key':
        if (depth === 1) key = readJsonString(text.slice(start, end));
        return;
      case 'string':
      case 'number':
      case 'literal':
        if (depth === 1) members.push(make(key, text.slice(start, end)));
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
