import { detached } from './detached.ts';
import { XmlError } from './error.ts';
import { readTag, type Tag } from './tag.ts';
import { decodeText, maxReferenceChars } from './text.ts';

/** What a scanner finds, in order. */
export interface Found {
  tag(tag: Tag): void;
  /** Never empty; a long text comes in several pieces. */
  text(text: string): void;
}

export interface Scanner {
  /** Reads on. Throws an `XmlError`, and is of no use afterwards. */
  write(text: string): void;
  /** Reads nothing any more, not even the rest of what it is at. */
  stop(): void;
}

/** The most characters of one tag. */
const maxTagChars = 65_536;
const declaration = /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.\d"|'1\.\d')([^?]*)\?>$/;
const cdata = '<![CDATA[';

/**
 * Takes XML apart as it comes, a stream that never ends. What RFC 6120 bans is an error (11.1): document types, entities, comments,
 * processing instructions. It holds no more than one tag.
 */
export function createScanner(found: Found): Scanner {
  let rest = '';
  let state: 'text' | 'tag' | 'cdata' = 'text';
  /** Where to go on looking for the end of the tag in `rest`, and the quote that is open there. */
  let seen = 0;
  let quote = '';
  let isFirst = true;
  let stopped = false;

  /** How much of `rest` is read for good; 0 when more has to come first. */
  const step = (): number => {
    switch (state) {
      case 'text':
        return text();
      case 'tag':
        return tag();
      case 'cdata':
        return characters();
      default:
        state satisfies never;
        return 0;
    }
  };

  const say = (raw: string, isMarked: boolean): void => {
    const plain = detached(raw).replace(/\r\n?/g, '\n');
    if (plain !== '') found.text(isMarked ? decodeText(plain) : checked(plain));
  };

  const text = (): number => {
    const end = rest.indexOf('<');
    if (end === 0) {
      state = 'tag';
      seen = 1;
      quote = '';
      return 0;
    }
    let length = end === -1 ? rest.length : end;
    if (end === -1) {
      // A reference or a line end may go on in what comes next.
      const last = rest.lastIndexOf('&');
      if (last !== -1 && rest.length - last <= maxReferenceChars && !rest.includes(';', last)) length = last;
      else if (rest.endsWith('\r')) length -= 1;
    }
    if (length > 0) isFirst = false;
    say(rest.slice(0, length), true);
    return length;
  };

  const characters = (): number => {
    const end = rest.indexOf(']]>');
    // Perhaps the beginning of the end, and a line end that may go on.
    const length = end === -1 ? Math.max(0, rest.length - 3) : end;
    say(rest.slice(0, length), false);
    if (end === -1) return length;
    state = 'text';
    return end + 3;
  };

  const tag = (): number => {
    if (rest.startsWith('<!')) {
      if (rest.length < cdata.length && cdata.startsWith(rest)) return 0;
      if (!rest.startsWith(cdata)) throw new XmlError('restricted-xml', 'a comment or a document type');
      state = 'cdata';
      return cdata.length;
    }
    const end = tagEnd();
    if (end === -1) {
      if (rest.length > maxTagChars) throw new XmlError('policy-violation', 'a tag that is too long');
      return 0;
    }
    const whole = detached(rest.slice(0, end));
    state = 'text';
    if (whole.startsWith('<?')) declare(whole);
    else found.tag(readTag(whole));
    isFirst = false;
    return end;
  };

  const tagEnd = (): number => {
    const mark = /["'>]/g;
    mark.lastIndex = seen;
    for (let hit = mark.exec(rest); hit !== null; hit = mark.exec(rest)) {
      if (quote !== '') {
        if (hit[0] === quote) quote = '';
      } else if (hit[0] === '>') return mark.lastIndex;
      else quote = hit[0];
    }
    seen = rest.length;
    return -1;
  };

  const declare = (whole: string): void => {
    const parts = isFirst ? declaration.exec(whole) : null;
    if (parts === null) throw new XmlError('restricted-xml', 'a processing instruction');
    const encoding = /encoding[ \t\r\n]*=[ \t\r\n]*["']([^"']*)["']/.exec(parts[1] ?? '');
    if (encoding !== null && encoding[1]?.toLowerCase() !== 'utf-8') {
      throw new XmlError('unsupported-encoding', 'another encoding than UTF-8');
    }
  };

  return {
    write(more) {
      if (stopped) return;
      rest += more;
      for (;;) {
        const before = state;
        const length = step();
        if (stopped) return;
        if (length > 0) rest = rest.slice(length);
        if (length === 0 && state === before) return;
      }
    },
    stop() {
      stopped = true;
      rest = '';
    },
  };
}

function checked(text: string): string {
  decodeText(text.replaceAll('&', ''));
  return text;
}
