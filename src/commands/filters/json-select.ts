import type { Steps } from '../../document/steps.ts';
import { shorten } from '../declared.ts';
import { firstOf } from '../section.ts';
import { elementsOf, type JsonNode, memberOf, membersOf, readJson } from './json-tree.ts';
import { type Step, writePath } from './json-path.ts';

export type Selected =
  /** `isMany` when the path goes through all elements of something. */
  | { readonly kind: 'values'; readonly values: readonly JsonNode[]; readonly isMany: boolean }
  /** A sentence: the path leads nowhere. */
  | { readonly kind: 'nothing'; readonly why: string };

/** So many values are one step. */
const together = 64;

type Next = { readonly values: readonly JsonNode[] } | { readonly why: string };

/**
 * What stands in `json` where the path leads. Of many, those that don't have what is asked for are left out, unless none has it. Throws a
 * `JsonError`.
 */
export function* select(json: string, path: readonly Step[]): Steps<Selected> {
  let values: readonly JsonNode[] = [yield* readJson(json)];
  let isMany = false;
  for (const [at, step] of path.entries()) {
    const before = path.slice(0, at);
    const where = writePath(before);
    const found: JsonNode[] = [];
    let missing: string | undefined;
    let isThere = false;
    for (const [index, value] of values.entries()) {
      if (index % together === together - 1) yield;
      const next = yield* take(value, step, before, where);
      if ('why' in next) {
        missing ??= next.why;
        continue;
      }
      isThere = true;
      for (const each of next.values) found.push(each);
    }
    if (!isThere && missing !== undefined) return { kind: 'nothing', why: missing };
    values = found;
    isMany ||= step.kind === 'each';
  }
  return { kind: 'values', values, isMany };
}

function* take(value: JsonNode, step: Step, before: readonly Step[], where: string): Steps<Next> {
  switch (step.kind) {
    case 'member': {
      if (value.kind === 'array')
        return { why: `${where} is an array: ${writePath([...before, { kind: 'each' }, step])}` };
      if (value.kind === 'scalar') return { why: `${where} has no members` };
      const members = yield* membersOf(value);
      const found = memberOf(members, step.name);
      if (found !== undefined) return { values: [found] };
      const names = firstOf(members.map(({ name }) => name)).join(', ');
      return { why: `${where} has no ${step.name}${names === '' ? '' : `, only ${shorten(names)}`}` };
    }
    case 'element': {
      if (value.kind !== 'array') return { why: `${where} is no array` };
      const elements = yield* elementsOf(value);
      const found = elements.at(step.index);
      return found === undefined ? { why: `${where} has ${elements.length} elements` } : { values: [found] };
    }
    case 'each':
      if (value.kind === 'scalar') return { why: `${where} is no array` };
      return { values: [...(yield* elementsOf(value)), ...(yield* membersOf(value)).map((member) => member.value)] };
    default:
      return step satisfies never;
  }
}
