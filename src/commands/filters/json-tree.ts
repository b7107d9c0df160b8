import { type JsonToken, scanJson } from '../../document/json-scan.ts';

/** One value in a JSON text. It is read once; to look into a value costs no more than it has children. */
export interface JsonNode {
  readonly kind: 'array' | 'object' | 'scalar';
  /** As it is written. */
  readonly text: string;
  /** Of an array; of anything else, none. */
  elements(): readonly JsonNode[];
  /** Of an object; of anything else, none. */
  members(): readonly JsonMember[];
}

export interface JsonMember {
  readonly name: string;
  readonly value: JsonNode;
}

/** Reads a text. Throws a `JsonError` for what is no JSON. */
export function readJson(text: string): JsonNode {
  const tokens: JsonToken[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  /** The token behind the value that begins with this one. */
  const behind: number[] = [];
  const open: number[] = [];
  scanJson(text, (token, start, end) => {
    if (token === ':' || token === ',') return;
    const at = tokens.length;
    tokens.push(token);
    starts.push(start);
    ends.push(end);
    behind.push(at + 1);
    if (token === '{' || token === '[') open.push(at);
    if (token !== '}' && token !== ']') return;
    const opened = open.pop() ?? 0;
    ends[opened] = end;
    behind[opened] = at + 1;
  });

  const textOf = (at: number): string => text.slice(starts[at], ends[at]);
  const next = (at: number): number => behind[at] ?? tokens.length;
  const node = (at: number): JsonNode => {
    const kind = tokens[at] === '[' ? 'array' : tokens[at] === '{' ? 'object' : 'scalar';
    return {
      kind,
      get text() {
        return textOf(at);
      },
      elements() {
        const found: JsonNode[] = [];
        if (kind !== 'array') return found;
        const end = next(at) - 1;
        for (let index = at + 1; index < end; index = next(index)) found.push(node(index));
        return found;
      },
      members() {
        const found: JsonMember[] = [];
        if (kind !== 'object') return found;
        const end = next(at) - 1;
        for (let index = at + 1; index < end; index = next(index + 1)) {
          found.push({ name: jsonString(textOf(index)), value: node(index + 1) });
        }
        return found;
      },
    };
  };
  return node(0);
}

/** The member that counts: of several with one name the last does, and another case will do where only one fits. */
export function memberOf(members: readonly JsonMember[], name: string): JsonNode | undefined {
  const exact = members.findLast((member) => member.name === name);
  if (exact !== undefined) return exact.value;
  const similar = members.filter((member) => member.name.toLowerCase() === name.toLowerCase());
  return similar.length === 1 ? similar[0]?.value : undefined;
}

/** A value as a person reads it: a string is what it says, and within other values strings stand in place of their escapes. */
export function readableJson({ kind, text }: JsonNode): string {
  if (kind === 'scalar') return text.startsWith('"') ? jsonString(text) : text;
  if (!text.includes('\\')) return text;
  const pieces: string[] = [];
  let before = 0;
  scanJson(text, (token, start, end) => {
    const piece = text.slice(start, end);
    pieces.push(text.slice(before, start), token === 'string' || token === 'key' ? `"${jsonString(piece)}"` : piece);
    before = end;
  });
  return pieces.join('');
}

const jsonString = (token: string): string => String(JSON.parse(token));
