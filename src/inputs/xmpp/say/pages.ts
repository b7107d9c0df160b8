import { cut, type Room, sizeOf } from './cut.ts';

/** Puts lines into one message after the other. */
export interface Pages {
  /** `fenced` lines that follow each other are in one fence, which is closed at the end of a message and opened again in the next. */
  line(text: string, isFenced: boolean): void;
  /** A blank line, unless it would be the first or the last one of a message. */
  blank(): void;
  /** Fenced lines that come now are in a fence of their own. */
  apart(): void;
  end(): readonly [string, ...string[]];
}

export interface PagesOptions extends Room {
  /** What the first message begins with. */
  readonly before: string;
  /** How many messages there are at most; what does not fit into them is left out. */
  readonly most: number;
  /** What the others begin with, unless that is a fence. */
  readonly again: string;
}

const fence = '```';
const closing: Room = { characters: fence.length + 1, bytes: fence.length + 1 };

export function createPages({ characters, bytes, most, before, again }: PagesOptions): Pages {
  const pages: string[] = [];
  let page = before;
  let used = sizeOf(before);
  let isEmpty = true;
  let isOpen = false;
  let blanks = 0;

  const put = (text: string): void => {
    const size = sizeOf(text);
    page += text;
    used = { characters: used.characters + size.characters, bytes: used.bytes + size.bytes };
  };
  const close = (): void => {
    if (isOpen) put(`\n${fence}`);
    isOpen = false;
  };
  const turn = (): void => {
    close();
    pages.push(page);
    page = again;
    used = sizeOf(again);
    isEmpty = true;
    blanks = 0;
  };
  /** What stands before a line. */
  const lead = (isFenced: boolean): string => {
    const closed = isOpen && !isFenced ? `\n${fence}` : '';
    const opened = isFenced && !isOpen ? `${fence}\n` : '';
    // A fence begins with a line.
    const isFront = isEmpty && !(opened !== '' && page !== '' && page === before && pages.length === 0);
    const front = isFront ? '' : '\n'.repeat(1 + blanks);
    return `${closed}${front}${opened}`;
  };
  const roomAfter = (text: string, isFenced: boolean): Room => {
    const size = sizeOf(text);
    const kept = isFenced ? closing : none;
    return {
      characters: characters - used.characters - size.characters - kept.characters,
      bytes: bytes - used.bytes - size.bytes - kept.bytes,
    };
  };

  return {
    line(text, isFenced) {
      let rest = text;
      while (pages.length < most) {
        if (isEmpty && isFenced && pages.length > 0) {
          // The fence says already that this goes on.
          page = '';
          used = none;
        }
        const front = lead(isFenced);
        const room = roomAfter(front, isFenced);
        const fits = rest.length <= room.characters && sizeOf(rest).bytes <= room.bytes;
        // A long line is cut only where the next message would not have more room for it.
        if (!fits && !isEmpty) {
          turn();
          continue;
        }
        const end = fits ? rest.length : cut(rest, room);
        put(front + rest.slice(0, end));
        isOpen = isFenced;
        isEmpty = false;
        blanks = 0;
        rest = rest.slice(end);
        if (rest === '') return;
        turn();
      }
    },
    blank() {
      if (!isEmpty) blanks = 1;
    },
    apart() {
      close();
    },
    end() {
      close();
      const [first, ...others] = isEmpty && pages.length > 0 ? pages : [...pages, page];
      return [first ?? before, ...others];
    },
  };
}

const none: Room = { characters: 0, bytes: 0 };
