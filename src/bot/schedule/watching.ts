import { type Document, text } from '../../document/document.ts';
import { changesBetween, linesOf } from './changes.ts';

/** What a watch gets to see. */
export interface Answer {
  readonly document: Document;
  readonly kind: 'answer' | 'error';
}

/** What has been seen so far. */
export class Watching {
  #lines: readonly string[] | undefined;
  #error: string | undefined;
  #changes = 0;

  /** How often something was different. */
  get changes(): number {
    return this.#changes;
  }

  /** What there is to show of the newest answer: all of the first, then what is different. Undefined: nothing is. */
  see({ document, kind }: Answer): Document | undefined {
    const lines = linesOf(document);
    if (kind === 'error') {
      const error = lines.join('\n');
      if (error === this.#error) return undefined;
      if (this.#error !== undefined || this.#lines !== undefined) this.#changes += 1;
      this.#error = error;
      return document;
    }
    const wasFailing = this.#error !== undefined;
    const before = this.#lines;
    this.#error = undefined;
    this.#lines = lines;
    if (before === undefined) return document;
    const changes = changesBetween(before, lines);
    if (changes.length > 0 || wasFailing) this.#changes += 1;
    if (changes.length > 0) return { kind: 'list', items: shorten(changes) };
    return wasFailing ? text('it answers again, as before') : undefined;
  }
}

/** Whoever wants to see more of it can run the line. */
const mostItems = 50;

const shorten = (changes: readonly string[]): readonly string[] =>
  changes.length <= mostItems
    ? changes
    : [...changes.slice(0, mostItems), `… and ${changes.length - mostItems} more lines that are different`];
