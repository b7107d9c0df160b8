import type { JsonToken } from '../document/json-scan.ts';
import { scanJson } from '../document/json-scan.ts';
import { CommandError } from './command.ts';

/** A text, number or truth value in JSON. */
export interface JsonScalar {
  /** The names that lead to it, outermost first; those of a list have the list's. */
  readonly path: readonly string[];
  readonly value: string;
  /** As it is written, without quotes. */
  readonly typed: string;
  readonly kind: 'string' | 'number' | 'boolean';
}

interface Level {
  name: string | undefined;
  readonly names: Set<string>;
}

/** Deeper ones count as what they are in. */
const maxDepth = 32;

/** The same for all names that some service takes for one and the same member: `dryRun`, `DRY_RUN`. */
export const foldName = (name: string): string =>
  name.normalize('NFKC').toUpperCase().toLowerCase().replaceAll(/[-_]/g, '');

/**
 * All scalars of a JSON text, `null` left out. Throws a `CommandError` (`usage`) for an object that has two members of one name, however they are
 * spelled: services differ in which of them counts. The text must be JSON.
 */
export function scalarsOf(json: string): readonly JsonScalar[] {
  const found: JsonScalar[] = [];
  const levels: Level[] = [];
  const add = (kind: JsonScalar['kind'], value: string, typed: string): void => {
    const path = levels.slice(0, maxDepth).flatMap(({ name }) => name ?? []);
    found.push({ path, value, typed, kind });
  };
  scanJson(json, (token: JsonToken, start, end) => {
    const written = json.slice(start, end);
    switch (token) {
      case '{':
      case '[':
        levels.push({ name: undefined, names: new Set() });
        return;
      case '}':
      case ']':
        levels.pop();
        return;
      case 'key': {
        const level = levels.at(-1);
        const name = JSON.parse(written) as string;
        if (level === undefined) return;
        if (level.names.has(foldName(name))) throw new CommandError('usage', `${name} is given twice in the request`);
        level.names.add(foldName(name));
        level.name = name;
        return;
      }
      case 'string':
        add('string', JSON.parse(written) as string, written.slice(1, -1));
        return;
      case 'number':
        add('number', written, written);
        return;
      case 'literal':
        if (written !== 'null') add('boolean', written, written);
        return;
      case ':':
      case ',':
        return;
      default:
        token satisfies never;
    }
  });
  return found;
}

/** A name among others with dots between. One with a dot of its own stands in quotes, as in JSON: it must not pass for two. */
export const segment = (name: string): string => (/[."]/.test(name) ? JSON.stringify(name) : name);

/**
 * Values by name, dotted where they lie deeper. `spell` gives the outermost name as rules have it. Names that some service takes for one and the same,
 * as those of two objects in a list may be, have the values of all of them.
 */
export function valuesOf(scalars: readonly JsonScalar[], spell: (name: string) => string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  const byFold = new Map<string, string[]>();
  for (const { path, value, kind } of scalars) {
    const [first, ...others] = path;
    if (first === undefined) continue;
    const name = [spell(first), ...others.map(segment)].join('.');
    const folded = foldName(name);
    const known = values.get(name) ?? byFold.get(folded) ?? [];
    values.set(name, known);
    byFold.set(folded, known);
    known.push(value);
    // A number can be written in many ways: rules know the usual one.
    const plain = kind === 'number' ? String(Number(value)) : value;
    if (plain !== value) known.push(plain);
  }
  return values;
}
