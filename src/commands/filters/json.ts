import { type Document, text } from '../../document/document.ts';
import { checkJson, indentJson } from '../../document/json.ts';
import type { Arguments, Command } from '../command.ts';
import { shorten } from '../declared.ts';
import { filterCommand, wrong } from './filter.ts';
import { type JsonNode, readableJson } from './json-tree.ts';
import { readPath, type Step } from './json-path.ts';
import { select } from './json-select.ts';
import { leavesOf, withNotes } from './leaves.ts';
import { jsonArray, type Leaf, rowsOf } from './rows.ts';

const usage = 'json [path]';

export const json: Command = filterCommand<readonly Step[]>({
  name: 'json',
  usage,
  description: 'Shows what stands at a [path] in JSON, or all of it as JSON',
  examples: ['call greeter Say.Hello {"name": "John"} | json .msg', 'list nodes | json [].Address'],
  details: ['path - .name, .items[0].name, .items[].name for each, ."a name" with spaces; . is all of it, as is none'],
  read(args) {
    const typed = pathText(args) || '.';
    const path = readPath(typed);
    if (path === undefined) throw wrong(usage, `${shorten(typed)} is no path, such as .items[].name`);
    return path;
  },
  apply(document, path) {
    const found = jsonOf(document).map((value) => select(value, path));
    const [first] = found;
    if (first === undefined) {
      if (leavesOf(document).every((leaf) => rowsOf(leaf).texts.length === 0)) return undefined;
      throw wrong(usage, 'there is no JSON in the answer before it');
    }
    if (first.kind === 'nothing' && found.every(({ kind }) => kind === 'nothing')) throw wrong(usage, first.why);
    const answers = found.flatMap((each) => (each.kind === 'nothing' ? [] : answerOf(each.values, each.isMany)));
    const [only, ...others] = answers;
    if (only === undefined) return undefined;
    return withNotes(others.length === 0 ? only : { kind: 'group', parts: answers }, document);
  },
});

/** As typed: a path may hold quotes of its own. One that is quoted as a whole, as a shell wants it, is what stands in the quotes. */
function pathText(args: Arguments): string {
  const typed = args.after(0);
  return /^["'“”‘’]/.test(typed) && args.words.length === 1 ? (args.word(0) ?? typed) : typed;
}

function answerOf(values: readonly JsonNode[], isMany: boolean): readonly Document[] {
  const [value] = values;
  if (value === undefined) return [];
  const isText = values.every(({ kind }) => kind === 'scalar');
  if (isMany) {
    return [isText ? { kind: 'list', items: values.map(readableJson) } : jsonArray(values.map((each) => each.text))];
  }
  return [isText ? text(readableJson(value)) : { kind: 'json', text: indentJson(value.text) }];
}

/** The answer as JSON: its JSON when there is some, otherwise what has rows or fields, otherwise text that is JSON. */
function jsonOf(document: Document): readonly string[] {
  const leaves = leavesOf(document);
  for (const read of [ofJson, ofData, ofText]) {
    const values = leaves.flatMap(read);
    if (values.length > 0) return values;
  }
  return [];
}

const ofJson = (leaf: Leaf): readonly string[] => (leaf.kind === 'json' && isJson(leaf.text) ? [leaf.text] : []);

const ofText = (leaf: Leaf): readonly string[] =>
  (leaf.kind === 'text' || leaf.kind === 'code') && isJson(leaf.text) ? [leaf.text] : [];

function ofData(leaf: Leaf): readonly string[] {
  if (rowsOf(leaf).texts.length === 0) return [];
  if (leaf.kind === 'list') return [JSON.stringify(leaf.items)];
  if (leaf.kind === 'fields') return [object(leaf.fields.map(({ name, value }) => [name, value]))];
  if (leaf.kind !== 'table') return [];
  const titles = leaf.columns.map(({ title }) => title);
  const rows = leaf.rows.map((cells) => object(titles.map((title, index) => [title, cells[index] ?? ''])));
  return [`[${rows.join(',')}]`];
}

/** Written by hand: an object of JavaScript puts names that are numbers first. */
const object = (members: readonly (readonly [name: string, value: string])[]): string =>
  `{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;

function isJson(value: string): boolean {
  try {
    checkJson(value);
    return true;
  } catch {
    return false;
  }
}
