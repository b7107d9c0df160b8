/** A line that was typed, or why it is not passed on. */
export type Line =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'too long'; readonly bytes: number }
  | { readonly kind: 'not text' };

const newline = 0x0a;
const carriageReturn = 0x0d;

/** Cuts bytes into lines, however they come. Of a line beyond the limit only the length is kept. */
export interface LineSplitter {
  /** The lines that end in this chunk. */
  push(chunk: Uint8Array): readonly Line[];
  /** What stands after the last line end. */
  end(): readonly Line[];
}

export function lineSplitter(maxBytes: number): LineSplitter {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let parts: Uint8Array[] = [];
  let bytes = 0;

  const add = (part: Uint8Array): void => {
    bytes += part.length;
    // One more than the limit: a carriage return at the end does not count.
    if (bytes > maxBytes + 1) parts = [];
    // The chunk's memory belongs to the stream, and is larger than the part.
    else if (part.length > 0) parts.push(part.slice());
  };

  const take = (): Line => {
    const whole = Buffer.concat(parts);
    const length = whole[whole.length - 1] === carriageReturn ? bytes - 1 : bytes;
    parts = [];
    bytes = 0;
    if (length > maxBytes) return { kind: 'too long', bytes: length };
    try {
      return { kind: 'line', text: decoder.decode(whole.subarray(0, length)) };
    } catch {
      return { kind: 'not text' };
    }
  };

  return {
    push(chunk) {
      const lines: Line[] = [];
      let start = 0;
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
        add(chunk.subarray(start, end));
        lines.push(take());
        start = end + 1;
      }
      add(chunk.subarray(start));
      return lines;
    },
    end: () => (bytes === 0 ? [] : [take()]),
  };
}
