import type { Actions, Document, Fields, Group, Link, List, Table } from '../../document/document.ts';
import { indentJsonInSteps } from '../../document/json.ts';
import { Pieces } from '../../document/pieces.ts';
import { finish, mapInSteps, type Steps } from '../../document/steps.ts';
import { elementsOf, type JsonNode, memberOf, membersOf, readableJson, readJson } from './json-tree.ts';

/** Anything but a group, whose parts are looked at one by one. */
export type Leaf = Exclude<Document, Group>;

/** A document as the rows that a filter keeps, leaves out, puts in order and counts. */
export interface Rows {
  /**
   * `data`: what the answer is about, such as the rows of a table. `lines`: what else there is to read. `whole`: lines of one thing, which
   * have one order and are one when it is counted.
   */
  readonly kind: 'data' | 'lines' | 'whole';
  readonly count: number;
  /** A row as a person reads it. */
  text(row: number): string;
  /** Names by which rows can be sorted. */
  columns(): Steps<readonly string[]>;
  /** What a row has in a column; undefined when it has nothing there. */
  cell(row: number, column: string): string | undefined;
  /** These rows alone, in this order; undefined for none. */
  take(rows: readonly number[]): Steps<Document | undefined>;
}

interface Plain<Row> {
  readonly kind: Rows['kind'];
  readonly rows: readonly Row[];
  readonly read: (row: Row) => string;
  readonly make: (rows: readonly Row[]) => Document;
}

const plainRows = <Row>({ kind, rows, read, make }: Plain<Row>): Rows => ({
  kind,
  count: rows.length,
  text(row) {
    const own = rows[row];
    return own === undefined ? '' : read(own);
  },
  columns: () => given([]),
  cell: () => undefined,
  take: (wanted) => takeRows(rows, wanted, make),
});

// Each function that yields stands by itself: made anew for every document, it costs more than what it does.
function* takeRows<Row>(
  rows: readonly Row[],
  wanted: readonly number[],
  make: Plain<Row>['make'],
): Steps<Document | undefined> {
  return wanted.length === 0 ? undefined : make(yield* pick(rows, wanted));
}

export function* given<T>(value: T): Steps<T> {
  yield;
  return value;
}

export function* rowsOf(leaf: Leaf): Steps<Rows> {
  switch (leaf.kind) {
    case 'text':
    case 'code':
      return plainRows({
        kind: 'lines',
        rows: leaf.text === '' ? [] : yield* linesOf(leaf.text),
        read: asItIs,
        make: (lines) => ({ ...leaf, text: lines.join('\n') }),
      });
    case 'json':
      return yield* jsonRows(leaf.text);
    case 'table':
      return tableRows(leaf);
    case 'fields':
      return fieldRows(leaf);
    case 'list':
      return listRows(leaf);
    case 'link':
      return linkRows(leaf);
    case 'actions':
      return noRows(leaf);
    default:
      return leaf satisfies never;
  }
}

const asItIs = (text: string): string => text;

/** So many lines are one step. */
const together = 4_096;

function* linesOf(text: string): Steps<readonly string[]> {
  const lines: string[] = [];
  let from = 0;
  for (let to = text.indexOf('\n'); to !== -1; to = text.indexOf('\n', from)) {
    lines.push(text.slice(from, to));
    from = to + 1;
    if (lines.length % together === 0) yield;
  }
  lines.push(text.slice(from));
  return lines;
}

const listRows = ({ items }: List): Rows =>
  plainRows({ kind: 'data', rows: items, read: asItIs, make: (rows) => ({ kind: 'list', items: rows }) });

const fieldRows = ({ fields }: Fields): Rows =>
  plainRows({
    kind: 'lines',
    rows: fields,
    read: ({ name, value }) => `${name}: ${value}`,
    make: (rows) => ({ kind: 'fields', fields: rows }),
  });

const linkRows = (link: Link): Rows =>
  plainRows({ kind: 'lines', rows: [link], read: ({ label, url }) => `${label} ${url}`, make: () => link });

const noRows = (actions: Actions): Rows => plainRows({ kind: 'lines', rows: [], read: asItIs, make: () => actions });

function tableRows(table: Table): Rows {
  const columns = table.columns.map(({ title }) => title);
  return {
    ...plainRows({
      kind: 'data',
      rows: table.rows,
      read: (cells) => cells.join(' '),
      make: (rows) => ({ ...table, rows }),
    }),
    columns: () => given(columns),
    cell: (row, column) => table.rows[row]?.[columns.indexOf(column)],
  };
}

function* jsonRows(text: string): Steps<Rows> {
  const elements = yield* listIn(text);
  if (elements === undefined) {
    return plainRows({
      kind: 'whole',
      rows: yield* linesOf(text),
      read: asItIs,
      make: (lines) => ({ kind: 'code', language: 'json', text: lines.join('\n') }),
    });
  }
  return {
    kind: 'data',
    count: elements.length,
    text(row) {
      const element = elements[row];
      return element === undefined ? '' : finish(readableJson(element));
    },
    columns: () => namesIn(elements),
    cell(row, column) {
      const element = elements[row];
      if (element === undefined) return undefined;
      const value = memberOf(finish(membersOf(element)), column);
      return value === undefined ? undefined : finish(readableJson(value));
    },
    take: (wanted) => takeElements(elements, wanted),
  };
}

function* namesIn(elements: readonly JsonNode[]): Steps<readonly string[]> {
  const names = new Set<string>();
  for (const element of elements) {
    yield;
    for (const { name } of yield* membersOf(element)) names.add(name);
  }
  return [...names];
}

function* takeElements(elements: readonly JsonNode[], wanted: readonly number[]): Steps<Document | undefined> {
  return wanted.length === 0 ? undefined : yield* jsonArray(yield* pick(elements, wanted));
}

/** An array's elements. Services answer with objects: where a list is all that one has, that list is meant. */
function* listIn(text: string): Steps<readonly JsonNode[] | undefined> {
  try {
    const root = yield* readJson(text);
    const [only, ...others] = yield* membersOf(root);
    const list = only === undefined || others.length > 0 ? root : only.value;
    return list.kind === 'array' ? yield* elementsOf(list) : undefined;
  } catch {
    return undefined;
  }
}

export function* jsonArray(elements: readonly JsonNode[]): Steps<Document> {
  const pieces = new Pieces();
  pieces.add('[');
  yield* mapInSteps(elements, ({ text }, index) => pieces.add(index === 0 ? text : `,${text}`));
  pieces.add(']');
  return { kind: 'json', text: yield* indentJsonInSteps(pieces.text) };
}

function* pick<T>(all: readonly T[], wanted: readonly number[]): Steps<readonly T[]> {
  const picked: T[] = [];
  for (const index of wanted) {
    picked.push(...all.slice(index, index + 1));
    if (picked.length % together === 0) yield;
  }
  return picked;
}
