import type { Capture } from './captures.ts';

/** One HTTP message of a capture; header names and values as they were written, the body one character a byte. */
export interface Part {
  readonly start: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Cuts a text of HTTP messages, one character a byte, into the messages. A chunked one has no body: that is all Go uses it for. */
export function parts(text: string): readonly Part[] {
  const found: Part[] = [];
  for (let rest = text; rest !== ''; ) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) throw new Error(`half a message: ${rest}`);
    const [start = '', ...lines] = rest.slice(0, end).split('\r\n');
    const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/s)));
    const chunked = 'Transfer-Encoding' in headers;
    const length = chunked ? 0 : Number(headers['Content-Length']);
    const from = end + 4;
    if (rest.length < from + length) throw new Error(`half a body: ${rest}`);
    found.push({ start, headers, body: rest.slice(from, from + length) });
    rest = rest.slice(from + length + (chunked ? '0\r\n\r\n'.length : 0));
  }
  return found;
}

export const requests = ({ request }: Capture): readonly Part[] => parts(request);
export const responses = ({ response }: Capture): readonly Part[] => parts(response);

/** What is text in it, read as UTF-8. */
export const utf8 = (text: string): string => Buffer.from(text, 'latin1').toString();
