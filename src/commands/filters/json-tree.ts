import { scanJsonInSteps } from '../../document/json-scan.ts';
import { readJsonString } from '../../document/json-string.ts';
import { Pieces } from '../../document/pieces.ts';
import type { Steps } from '../../document/steps.ts';
import { membersInSteps } from '../members.ts';

/** One value in a JSON text. */
export interface JsonNode {
  readonly kind: 'array' | 'object' | 'scalar';
  /** As it is written. */
  readonly text: string;
}

export interface JsonMember {
  readonly name: string;
  readonly value: JsonNode;
}

/** Reads a text. Throws a `JsonError` for what is no JSON. */
export function* readJson(text: string): Steps<JsonNode> {
  let [from, to] = [text.length, 0];
  yield* scanJsonInSteps(text, (_token, start, end) => {
    if (start < from) from = start;
    to = end;
  });
  return nodeOf(text.slice(from, to));
}

/** Of an array; of anything else, none. */
export function* elementsOf(node: JsonNode): Steps<readonly JsonNode[]> {
  return node.kind === 'array' ? (yield* childrenOf(node)).map(({ value }) => value) : [];
}

/** Of an object; of anything else, none. */
export function* membersOf(node: JsonNode): Steps<readonly JsonMember[]> {
  return node.kind === 'object' ? yield* childrenOf(node) : [];
}

/** Elements have no names. To look deeper, a value is read in turn. */
const childrenOf = ({ text }: JsonNode): Steps<readonly JsonMember[]> =>
  membersInSteps(text, (name, json) => ({ name, value: nodeOf(json) }));

function nodeOf(text: string): JsonNode {
  const first = text.charAt(0);
  return { kind: first === '[' ? 'array' : first === '{' ? 'object' : 'scalar', text };
}

/** The member that counts: of several with one name the last does, and another case will do where only one fits. */
export function memberOf(members: readonly JsonMember[], name: string): JsonNode | undefined {
  const exact = members.findLast((member) => member.name === name);
  if (exact !== undefined) return exact.value;
  const folded = name.toLowerCase();
  const similar = members.filter((member) => member.name.toLowerCase() === folded);
  return similar.length === 1 ? similar[0]?.value : undefined;
}

/** A value as a person reads it: a string is what it says, and within other values strings stand in place of their escapes. */
export function* readableJson({ kind, text }: JsonNode): Steps<string> {
  if (kind === 'scalar') return text.startsWith('"') ? readJsonString(text) : text;
  if (!text.includes('\\')) return text;
  const pieces = new Pieces();
  let before = 0;
  yield* scanJsonInSteps(text, (token, start, end) => {
    if (token !== 'string' && token !== 'key') return;
    pieces.add(text.slice(before, start));
    pieces.add(`"${readJsonString(text.slice(start, end))}"`);
    before = end;
  });
  pieces.add(text.slice(before));
  return pieces.text;
}
