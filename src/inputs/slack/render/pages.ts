import type { Block } from '../rendered.ts';
import { fit, weigh } from './fit.ts';

/** A piece of rich text. Its text is data: whatever it holds, Slack shows it. */
export type Element =
  | { readonly type: 'text'; readonly text: string; readonly style?: { readonly bold: true } }
  | { readonly type: 'link'; readonly url: string; readonly text: string }
  | { readonly type: 'user'; readonly user_id: string };

export type Container = 'rich_text_section' | 'rich_text_preformatted';

export interface Page {
  readonly blocks: readonly Block[];
  /** The beginning of what a person reads there. */
  readonly plain: string;
}

export interface Limits {
  readonly pages: number;
  readonly blocks: number;
  /** Characters of JSON on one page. */
  readonly weight: number;
}

/** Puts what comes into one page after the other, until there are as many as allowed. */
export interface Pages {
  /** There was more than fits: all that comes now is left out. */
  readonly isFull: boolean;
  /** More characters than all pages can hold: of what is longer, nobody needs the rest. */
  readonly capacity: number;
  /** What comes now does not go on with what is there; after a `paragraph` there is some space between. */
  apart(how: 'line' | 'paragraph'): void;
  /** As many line ends before what comes now, unless that begins a page. */
  breaks(count: number): void;
  /** Goes on where the text before ended. A page ends at a line's end where it can, and the next one goes on with the same container. */
  write(container: Container, text: string, bold?: boolean): void;
  /** One element that isn't cut, of at most some 4,000 characters. */
  add(element: Exclude<Element, { readonly type: 'text' }>): void;
  /** One point of a list; it isn't cut either. */
  item(text: string): void;
  /** A block of its own, of which `plain` can be read. It fits into a page. */
  block(block: Block, weight: number, plain: string): void;
  /** Goes on with the next page unless this one has as much room. */
  keep(weight: number): void;
  end(): readonly [Page, ...Page[]];
}

/** What Slack seems to count for a block, whatever is in it, and what JSON takes around the text of the smaller ones. */
export const weights = { block: 150, container: 60, element: 60 } as const;

/** Slack takes a longer text in rich text, but no page says how long. */
const longestElement = 3_000;
const enoughPlain = 600;

interface Section {
  readonly type: 'rich_text_section';
  readonly elements: readonly Element[];
}

interface Open {
  readonly type: 'rich_text_list' | Container;
  readonly elements: (Element | Section)[];
}

export function createPages(limits: Limits): Pages {
  const pages: Page[] = [];
  let blocks: Block[] = [];
  let weight = 0;
  let plain = '';
  let isFull = false;
  let breaks = 0;
  // The block and the container that may still grow.
  let rich: unknown[] | undefined;
  let open: Open | undefined;

  const turn = (): void => {
    if (pages.length + 1 >= limits.pages) {
      isFull = true;
      return;
    }
    pages.push({ blocks, plain });
    blocks = [];
    weight = 0;
    plain = '';
    breaks = 0;
    rich = undefined;
    open = undefined;
  };
  const note = (text: string): void => {
    if (plain.length < enoughPlain) plain += text.slice(0, enoughPlain);
  };
  const frame = (type: Open['type']): number =>
    (rich === undefined ? weights.block : 0) + (rich !== undefined && open?.type === type ? 0 : weights.container);
  const hasRoom = (type: Open['type'], needed: number): boolean =>
    weight + frame(type) + needed <= limits.weight && (rich !== undefined || blocks.length < limits.blocks);
  const begin = (type: Open['type']): Open => {
    weight += frame(type);
    if (rich === undefined) {
      rich = [];
      blocks.push({ type: 'rich_text', elements: rich });
      open = undefined;
    }
    if (open?.type === type) return open;
    if (plain !== '') note('\n');
    open = { type, elements: [] };
    rich.push(type === 'rich_text_list' ? { type, style: 'bullet', elements: open.elements } : open);
    breaks = 0;
    return open;
  };
  const append = (into: Open, text: string, bold: boolean): void => {
    const last = into.elements.at(-1);
    const goesOn =
      last?.type === 'text' && (last.style !== undefined) === bold && last.text.length + text.length <= longestElement;
    if (goesOn) into.elements[into.elements.length - 1] = { ...last, text: last.text + text };
    else into.elements.push({ type: 'text', text, ...(bold ? { style: { bold: true } as const } : {}) });
    weight += weigh(text) + (goesOn ? 0 : weights.element);
    note(text);
  };
  /** In elements that aren't too long. */
  const fill = (into: Open, text: string, bold: boolean): void => {
    for (let from = 0; from < text.length; ) {
      const to = Math.max(fit(text, from, longestElement, true) ?? 0, from + 1);
      append(into, text.slice(from, to), bold);
      from = to;
    }
  };

  return {
    get isFull() {
      return isFull;
    },
    capacity: 2 * limits.pages * limits.weight,
    apart(how) {
      open = undefined;
      breaks = 0;
      if (how === 'paragraph') rich = undefined;
    },
    breaks(count) {
      breaks = count;
    },
    write(type, text, bold = false) {
      let at = 0;
      while (at < text.length) {
        if (isFull) return;
        // A long line may be cut only where the next page would not have more room for it.
        const room = hasRoom(type, 0) ? limits.weight - weight - frame(type) - weights.element - 2 * breaks : 0;
        const end = room > 0 ? fit(text, at, room, weight < limits.weight / 8) : undefined;
        if (end === undefined) {
          turn();
          continue;
        }
        if (end > at) {
          const into = begin(type);
          const before = '\n'.repeat(breaks);
          breaks = 0;
          fill(into, before + text.slice(at, end), bold);
        }
        at = text.charCodeAt(end) === 10 ? end + 1 : end;
        if (at < text.length) turn();
      }
    },
    add(element) {
      const length = element.type === 'link' ? element.url.length + weigh(element.text) : 0;
      if (!hasRoom('rich_text_section', weights.element + length)) turn();
      if (isFull) return;
      const into = begin('rich_text_section');
      if (breaks > 0) fill(into, '\n'.repeat(breaks), false);
      breaks = 0;
      into.elements.push(element);
      weight += weights.element + length;
      if (element.type === 'link') note(element.text);
    },
    item(text) {
      const needed = weights.element * 2 + weigh(text);
      if (!hasRoom('rich_text_list', needed)) turn();
      if (isFull) return;
      begin('rich_text_list').elements.push({ type: 'rich_text_section', elements: [{ type: 'text', text }] });
      weight += needed;
      note(`${text}\n`);
    },
    block(block, size, text) {
      if (weight + size + weights.block > limits.weight || blocks.length >= limits.blocks) turn();
      if (isFull) return;
      rich = undefined;
      open = undefined;
      blocks.push(block);
      weight += size + weights.block;
      if (plain !== '') note('\n');
      note(text);
    },
    keep(needed) {
      if (weight + needed > limits.weight && needed < limits.weight) turn();
    },
    end() {
      const last = { blocks, plain };
      const [first, ...others] = pages;
      return first === undefined ? [last] : [first, ...others, last];
    },
  };
}
