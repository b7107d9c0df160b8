import { shorten } from '../declared.ts';
import { firstOf } from '../section.ts';
import { type JsonNode, memberOf, readJson } from './json-tree.ts';
import { type Step, writePath } from './json-path.ts';

export type Selected =
  /** `isMany` when the path goes through all elements of something. */
  | { readonly kind: 'values'; readonly values: readonly JsonNode[]; readonly isMany: boolean }
  /** A sentence: the path leads nowhere. */
  | { readonly kind: 'nothing'; readonly why: string };

type Next = { readonly values: readonly JsonNode[] } | { readonly why: string };

/**
 * What stands in `json` where the path leads. Of many, those that don't have what is asked for are left out, unless none has it. Throws a
 * `JsonError`.
 */
export function select(json: string, path: readonly Step[]): Selected {
  let values: readonly JsonNode[] = [readJson(json)];
  let isMany = false;
  for (const [at, step] of path.entries()) {
    const next = values.map((value) => take(value, step, path.slice(0, at)));
    const found = next.flatMap((each) => ('values' in each ? each.values : []));
    const missing = next.find((each) => 'why' in each);
    if (missing !== undefined && next.every((each) => 'why' in each)) return { kind: 'nothing', why: missing.why };
    values = found;
    isMany ||= step.kind === 'each';
  }
  return { kind: 'values', values, isMany };
}

function take(value: JsonNode, step: Step, before: readonly Step[]): Next {
  const where = writePath(before);
  switch (step.kind) {
    case 'member': {
      if (value.kind === 'array')
        return { why: `${where} is an array: ${writePath([...before, { kind: 'each' }, step])}` };
      if (value.kind === 'scalar') return { why: `${where} has no members` };
      const members = value.members();
      const found = memberOf(members, step.name);
      if (found !== undefined) return { values: [found] };
      const names = firstOf(members.map(({ name }) => name)).join(', ');
      return { why: `${where} has no ${step.name}${names === '' ? '' : `, only ${shorten(names)}`}` };
    }
    case 'element': {
      if (value.kind !== 'array') return { why: `${where} is no array` };
      const elements = value.elements();
      const found = elements.at(step.index);
      return found === undefined ? { why: `${where} has ${elements.length} elements` } : { values: [found] };
    }
    case 'each':
      if (value.kind === 'scalar') return { why: `${where} is no array` };
      return { values: [...value.elements(), ...value.members().map((member) => member.value)] };
    default:
      return step satisfies never;
  }
}
