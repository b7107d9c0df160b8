import { type Document, text } from '../../document/document.ts';
import { indentJsonInSteps } from '../../document/json.ts';
import { mapInSteps, type Steps } from '../../document/steps.ts';
import type { Arguments, Command } from '../command.ts';
import { shorten } from '../declared.ts';
import { filterCommand, wrong } from './filter.ts';
import { type JsonNode, readableJson, readJson } from './json-tree.ts';
import { readPath, type Step } from './json-path.ts';
import { type Selected, select } from './json-select.ts';
import { answerRows, leavesOf, withNotes } from './leaves.ts';
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
  *apply(document, path) {
    const values = yield* jsonOf(document);
    const found: Selected[] = [];
    for (const value of values) found.push(yield* select(value, path));
    const [first] = found;
    if (first === undefined) {
      const rows = yield* answerRows(leavesOf(document));
      if (rows.every((own) => own === undefined || own.count === 0)) return undefined;
      throw wrong(usage, 'there is no JSON in the answer before it');
    }
    if (first.kind === 'nothing' && found.every(({ kind }) => kind === 'nothing')) throw wrong(usage, first.why);
    const answers: Document[] = [];
    for (const each of found) if (each.kind === 'values') answers.push(...(yield* answerOf(each.values, each.isMany)));
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

function* answerOf(values: readonly JsonNode[], isMany: boolean): Steps<readonly Document[]> {
  const [value] = values;
  if (value === undefined) return [];
  const isText = values.every(({ kind }) => kind === 'scalar');
  if (!isMany)
    return [isText ? text(yield* readableJson(value)) : { kind: 'json', text: yield* indentJsonInSteps(value.text) }];
  if (!isText) return [yield* jsonArray(values)];
  const items: string[] = [];
  for (const [index, each] of values.entries()) {
    if (index % together === together - 1) yield;
    items.push(yield* readableJson(each));
  }
  return [{ kind: 'list', items }];
}

/** So many values are one step. */
const together = 64;

/** The answer as JSON: its JSON when there is some, otherwise what has rows or fields, otherwise text that is JSON. */
function* jsonOf(document: Document): Steps<readonly string[]> {
  const leaves = leavesOf(document);
  for (const read of [ofJson, ofData, ofText]) {
    const values: string[] = [];
    for (const leaf of leaves) values.push(...(yield* read(leaf)));
    if (values.length > 0) return values;
  }
  return [];
}

function* ofJson(leaf: Leaf): Steps<readonly string[]> {
  return leaf.kind === 'json' && (yield* isJson(leaf.text)) ? [leaf.text] : [];
}

function* ofText(leaf: Leaf): Steps<readonly string[]> {
  return (leaf.kind === 'text' || leaf.kind === 'code') && (yield* isJson(leaf.text)) ? [leaf.text] : [];
}

function* ofData(leaf: Leaf): Steps<readonly string[]> {
  if (leaf.kind !== 'list' && leaf.kind !== 'fields' && leaf.kind !== 'table') return [];
  const { count } = yield* rowsOf(leaf);
  if (count === 0) return [];
  if (leaf.kind === 'list') return [listed(yield* mapInSteps(leaf.items, (item) => JSON.stringify(item)))];
  if (leaf.kind === 'fields') return [object(leaf.fields.map(({ name, value }) => [name, value]))];
  const titles = leaf.columns.map(({ title }) => title);
  const rows = yield* mapInSteps(leaf.rows, (cells) =>
    object(titles.map((title, index) => [title, cells[index] ?? ''])),
  );
  return [listed(rows)];
}

const listed = (values: readonly string[]): string => `[${values.join(',')}]`;

/** Written by hand: an object of JavaScript puts names that are numbers first. */
const object = (members: readonly (readonly [name: string, value: string])[]): string =>
  `{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;

function* isJson(value: string): Steps<boolean> {
  try {
    yield* readJson(value);
    return true;
  } catch {
    return false;
  }
}
