import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { AccessError } from './error.ts';

/** A path of keys and places in lists. */
export type Path = readonly PropertyKey[];

/** What a YAML or JSON text holds, and where. */
export interface Source {
  readonly value: unknown;
  /** The line of what is there, or of the nearest that is. From 1. */
  lineOf(path: Path): number;
}

const maxBytes = 1_048_576;
/** Nobody writes that deep, and a parser that follows runs out of stack. */
const maxDepth = 32;
const maxAliases = 100;

/** Throws an `AccessError` (`invalid`) for what is no YAML, too large or too deep. */
export function readYaml(text: string): Source {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) throw new AccessError('invalid', `the file has ${bytes} bytes, at most ${maxBytes} are read`);
  if (depthOf(text) > maxDepth) throw tooDeep();
  const lines = new LineCounter();
  const read = guarded(() => parse(text, lines));
  const lineOf = (path: Path): number => {
    let node: unknown = read.contents;
    let offset = 0;
    for (const step of path) {
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
        if (isNode(pair?.key)) offset = startOf(pair.key, offset);
        node = pair?.value;
      } else if (isSeq(node) && typeof step === 'number') {
        node = node.items[step];
        if (isNode(node)) offset = startOf(node, offset);
      } else break;
    }
    return lines.linePos(offset).line;
  };
  return { value: valueOf(read, lines), lineOf };
}

/** Throws an `AccessError` for aliases that hold too much, at the line of the first. */
function valueOf(read: ReturnType<typeof parseDocument>, lines: LineCounter): unknown {
  try {
    return guarded(() => read.toJS({ maxAliasCount: maxAliases }));
  } catch (error) {
    let line = 1;
    visit(read, {
      Alias(_, node) {
        line = lines.linePos(startOf(node, 0)).line;
        return visit.BREAK;
      },
    });
    throw new AccessError('invalid', `line ${line}: the aliases that begin here hold more than anybody writes`, {
      cause: error,
    });
  }
}

/** Of brackets. Those in quotes count, too: an access file has no use for so many. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    most = Math.max(most, depth);
  }
  return most;
}

/** The parser's own errors, and that of a stack which ran out. */
function guarded<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof AccessError) throw error;
    if (error instanceof RangeError) throw tooDeep();
    throw new AccessError('invalid', error instanceof Error ? error.message : 'no YAML', { cause: error });
  }
}

const startOf = (node: Node, otherwise: number): number => node.range?.[0] ?? otherwise;

function parse(text: string, lines: LineCounter): ReturnType<typeof parseDocument> {
  // The parser's own look for keys that are there twice takes a time that grows with their square.
  const read = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, version: '1.2' });
  const mistakes = [...read.errors, ...read.warnings].map(
    ({ pos, message }) => `line ${lines.linePos(pos[0]).line}: ${message}`,
  );
  const complain = (node: Node, message: string): void => {
    mistakes.push(`line ${lines.linePos(startOf(node, 0)).line}: ${message}`);
  };
  let aliases = 0;
  const anchors = new Set<string>();
  visit(read, (_, node, path) => {
    if (path.length > 2 * maxDepth) throw tooDeep();
    if (isAlias(node)) {
      aliases += 1;
      if (!anchors.has(node.source)) complain(node, `there is no anchor &${node.source} before it`);
    }
    if (isNode(node) && !isAlias(node) && node.anchor !== undefined) anchors.add(node.anchor);
    if (!isMap(node)) return;
    const seen = new Set<string>();
    for (const { key } of node.items) {
      if (!isScalar(key)) {
        if (isNode(key)) complain(key, 'a key must be a word');
        continue;
      }
      const name = String(key.value);
      if (seen.has(name)) complain(key, `${name} is there twice`);
      if (name === '__proto__') complain(key, '__proto__ is no name');
      seen.add(name);
    }
  });
  if (aliases > maxAliases) mistakes.push(`${aliases} aliases are too many: at most ${maxAliases}`);
  if (mistakes.length > 0) throw new AccessError('invalid', tell(mistakes));
  return read;
}

const tooDeep = (): AccessError => new AccessError('invalid', `the file is nested deeper than ${maxDepth} levels`);

/** More mistakes are counted, not told. */
export const maxTold = 50;

/** All of them, as far as somebody will read on. */
export function tell(mistakes: readonly string[], untold = 0): string {
  const rest = Math.max(0, mistakes.length - maxTold) + untold;
  return [...mistakes.slice(0, maxTold), ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n');
}
