import type { Document } from '../../document/document.ts';
import type { Steps } from '../../document/steps.ts';
import { type Leaf, type Rows, rowsOf } from './rows.ts';

/** What a filter looks at: everything but notes, which stay, and buttons, which may be about what is left out. */
export function leavesOf(document: Document): readonly Leaf[] {
  if (document.kind === 'group') return document.parts.flatMap(leavesOf);
  return document.kind === 'actions' || isNote(document) ? [] : [document];
}

/**
 * The rows of each leaf. Where there is data, that is what a filter takes for the rows of the answer; the others are undefined then: titles,
 * and what is said around.
 */
export function* answerRows(leaves: readonly Leaf[]): Steps<readonly (Rows | undefined)[]> {
  const rows: Rows[] = [];
  for (const leaf of leaves) rows.push(yield* rowsOf(leaf));
  const hasData = rows.some(({ kind }) => kind === 'data');
  return rows.map((each) => (hasData && each.kind !== 'data' ? undefined : each));
}

/**
 * The document with each of its leaves replaced by what `change` makes of it; `index` is its place in `leavesOf`. What has nothing left is left
 * out: undefined when that is all there was.
 */
export function* changeLeaves(
  document: Document,
  change: (leaf: Leaf, index: number) => Steps<Document | undefined>,
): Steps<Document | undefined> {
  const visit: Visit = { change, index: -1, isEmpty: true };
  const changed = yield* changeWithin(document, visit);
  return visit.isEmpty ? undefined : changed;
}

interface Visit {
  readonly change: (leaf: Leaf, index: number) => Steps<Document | undefined>;
  /** Of the last leaf. */
  index: number;
  /** Nothing is left of any leaf so far. */
  isEmpty: boolean;
}

function* changeWithin(part: Document, visit: Visit): Steps<Document | undefined> {
  if (part.kind === 'group') {
    const parts: Document[] = [];
    for (const each of part.parts) {
      const left = yield* changeWithin(each, visit);
      if (left !== undefined) parts.push(left);
    }
    return parts.length === 0 ? undefined : { ...part, parts };
  }
  if (part.kind === 'actions') return undefined;
  if (isNote(part)) return part;
  visit.index += 1;
  const changed = yield* visit.change(part, visit.index);
  if (changed !== undefined) visit.isEmpty = false;
  return changed;
}

/** `answer` with the notes that stand in `document`. */
export function withNotes(answer: Document, document: Document): Document {
  const notes = notesOf(document);
  return notes.length === 0 ? answer : { kind: 'group', parts: [answer, ...notes] };
}

const notesOf = (document: Document): readonly Document[] =>
  document.kind === 'group' ? document.parts.flatMap(notesOf) : isNote(document) ? [document] : [];

const isNote = (document: Document): boolean => document.kind === 'text' && document.isNote === true;
