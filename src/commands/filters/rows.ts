import type { Actions, Document, Fields, Group, Link, List, Table } from '../../document/document.ts';
import { indentJson } from '../../document/json.ts';
import { type JsonNode, memberOf, readableJson, readJson } from './json-tree.ts';

/** Anything but a group, whose parts are looked at one by one. */
export type Leaf = Exclude<Document, Group>;

/** A document as the rows that a filter keeps, leaves out, puts in order and counts. */
export interface Rows {
  /**
   * `data`: what the answer is about, such as the rows of a table. `lines`: what else there is to read. `whole`: lines of one thing, which
   * have one order and are one when it is counted.
   */
  readonly kind: 'data' | 'lines' | 'whole';
  /** Each as a person reads it. */
  readonly texts: readonly string[];
  /** Names by which rows can be sorted. */
  columns(): readonly string[];
  /** What a row has in a column; undefined when it has nothing there. */
  cell(row: number, column: string): string | undefined;
  /** These rows alone, in this order; undefined for none. */
  take(rows: readonly number[]): Document | undefined;
}

type Plain = Pick<Rows, 'kind' | 'texts'> & { readonly make: (rows: readonly number[]) => Document };

const plainRows = ({ kind, texts, make }: Plain): Rows => ({
  kind,
  texts,
  columns: () => [],
  cell: () => undefined,
  take: (rows) => (rows.length === 0 ? undefined : make(rows)),
});

export function rowsOf(leaf: Leaf): Rows {
  switch (leaf.kind) {
    case 'text':
    case 'code': {
      const lines = leaf.text === '' ? [] : leaf.text.split('\n');
      return plainRows({
        kind: 'lines',
        texts: lines,
        make: (rows) => ({ ...leaf, text: pick(lines, rows).join('\n') }),
      });
    }
    case 'json':
      return jsonRows(leaf.text);
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

const listRows = ({ items }: List): Rows =>
  plainRows({ kind: 'data', texts: items, make: (rows) => ({ kind: 'list', items: pick(items, rows) }) });

const fieldRows = ({ fields }: Fields): Rows =>
  plainRows({
    kind: 'lines',
    texts: fields.map(({ name, value }) => `${name}: ${value}`),
    make: (rows) => ({ kind: 'fields', fields: pick(fields, rows) }),
  });

const linkRows = (link: Link): Rows =>
  plainRows({ kind: 'lines', texts: [`${link.label} ${link.url}`], make: () => link });

const noRows = (actions: Actions): Rows => plainRows({ kind: 'lines', texts: [], make: () => actions });

function tableRows(table: Table): Rows {
  const columns = table.columns.map(({ title }) => title);
  return {
    ...plainRows({
      kind: 'data',
      texts: table.rows.map((cells) => cells.join(' ')),
      make: (rows) => ({ ...table, rows: pick(table.rows, rows) }),
    }),
    columns: () => columns,
    cell: (row, column) => table.rows[row]?.[columns.indexOf(column)],
  };
}

function jsonRows(text: string): Rows {
  const elements = elementsOf(text);
  if (elements === undefined) {
    const lines = text.split('\n');
    return plainRows({
      kind: 'whole',
      texts: lines,
      make: (rows) => ({ kind: 'code', language: 'json', text: pick(lines, rows).join('\n') }),
    });
  }
  return {
    ...plainRows({
      kind: 'data',
      texts: elements.map(readableJson),
      make: (rows) => jsonArray(pick(elements, rows).map((element) => element.text)),
    }),
    columns: () => [...new Set(elements.flatMap((element) => element.members().map(({ name }) => name)))],
    cell(row, column) {
      const value = memberOf(elements[row]?.members() ?? [], column);
      return value === undefined ? undefined : readableJson(value);
    },
  };
}

/** An array's elements. Services answer with objects: where a list is all that one has, that list is meant. */
function elementsOf(text: string): readonly JsonNode[] | undefined {
  try {
    const root = readJson(text);
    const [only, ...others] = root.members();
    const list = only === undefined || others.length > 0 ? root : only.value;
    return list.kind === 'array' ? list.elements() : undefined;
  } catch {
    return undefined;
  }
}

export const jsonArray = (elements: readonly string[]): Document => ({
  kind: 'json',
  text: indentJson(`[${elements.join(',')}]`),
});

const pick = <T>(all: readonly T[], indexes: readonly number[]): readonly T[] =>
  indexes.flatMap((index) => all.slice(index, index + 1));
