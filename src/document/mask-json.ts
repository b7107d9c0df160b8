import { type JsonToken, scanJsonInSteps } from './json-scan.ts';
import { readJsonString } from './json-string.ts';
import { Pieces } from './pieces.ts';
import type { Steps } from './steps.ts';

/** Takes what is nobody's business out of a text. */
export type Mask = (text: string) => string;

/** What stands in the place of a secret. */
export const secretMark = '[secret]';

/** Whether the value of a member is a secret, given the names that lead to it, outermost first. */
export type IsSecret = (path: readonly string[]) => boolean;

interface Level {
  /** Of the member that is read; undefined in a list. */
  name: string | undefined;
}

/**
 * The same JSON with `mask` over each string, name and number, and without the values of members that `isSecret`. Untouched parts stay as they
 * are written, to the digit. Throws a `JsonError` for what is no JSON.
 */
export function* maskJson(text: string, mask: Mask, isSecret: IsSecret = () => false): Steps<string> {
  const pieces = new Pieces();
  const levels: Level[] = [];
  /** The names of all levels that have one: put together for each member, deep JSON would take ever longer. */
  const path: string[] = [];
  let copied = 0;
  /** How deep the value lies that is left out; undefined outside of one. */
  let hiddenAt: number | undefined;

  const put = (start: number, end: number, shown: string): void => {
    pieces.add(text.slice(copied, start));
    pieces.add(shown);
    copied = end;
  };
  const isHidden = (): boolean => {
    const top = levels.at(-1);
    return top?.name !== undefined && isSecret(path);
  };
  const scalar = (token: JsonToken, start: number, end: number): void => {
    const written = text.slice(start, end);
    const value = token === 'string' || token === 'key' ? readJsonString(written) : written;
    const shown = mask(value);
    if (shown !== value) put(start, end, JSON.stringify(shown));
  };

  yield* scanJsonInSteps(text, (token, start, end) => {
    switch (token) {
      case '{':
      case '[':
        if (hiddenAt === undefined && isHidden()) {
          hiddenAt = levels.length;
          put(start, end, JSON.stringify(secretMark));
        }
        levels.push({ name: undefined });
        return;
      case '}':
      case ']':
        if (levels.pop()?.name !== undefined) path.pop();
        if (hiddenAt === undefined) return;
        copied = end;
        if (levels.length === hiddenAt) hiddenAt = undefined;
        return;
      case 'key': {
        const top = levels.at(-1);
        if (top?.name !== undefined) path.pop();
        if (top !== undefined) path.push((top.name = readJsonString(text.slice(start, end))));
        if (hiddenAt === undefined) scalar(token, start, end);
        return;
      }
      case 'string':
      case 'number':
      case 'literal':
        if (hiddenAt !== undefined) return;
        if (isHidden()) put(start, end, JSON.stringify(secretMark));
        else scalar(token, start, end);
        return;
      case ':':
      case ',':
        return;
      default:
        token satisfies never;
    }
  });
  if (copied === 0) return text;
  pieces.add(text.slice(copied));
  return pieces.text;
}

/**
 * Reads names of members whose values are secret, as people and services spell them: `api_key` is `apiKey`, too; `auth.token` is a `token`
 * within an `auth`.
 */
export function secretMembers(fields: readonly string[]): IsSecret {
  const wanted = fields.map((field) => field.split('.').map(plain));
  return (path) =>
    wanted.some((names) => {
      const start = path.length - names.length;
      return start >= 0 && names.every((name, index) => plain(path[start + index] ?? '') === name);
    });
}

/**
 * JSON without the values of members of these names, at any depth. What is no JSON is left out as a whole: nobody can tell what in it is
 * whose value. Without names it is the same text.
 */
export function* maskFields(json: string, fields: readonly string[]): Steps<string> {
  if (fields.length === 0) return json;
  try {
    return yield* maskJson(json, (text) => text, secretMembers(fields));
  } catch {
    return JSON.stringify(secretMark);
  }
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_]/g, '');
