import type { Readable } from 'node:stream';

/** An object of the cluster is at most 1.5 MiB: what is longer is something else. */
const maxLine = 16 * 1024 * 1024;
const lineFeed = 0x0a;

/** The JSON values of a stream with one a line. Throws a `SyntaxError` for a line that is none; a line that was cut off is left out. */
export async function* frames(stream: Readable): AsyncGenerator<unknown, void, void> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let begin = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, begin)) {
      const line = Buffer.concat([...parts, chunk.subarray(begin, end)]).toString('utf8');
      parts = [];
      size = 0;
      begin = end + 1;
      if (line.trim() !== '') yield JSON.parse(line);
    }
    parts.push(chunk.subarray(begin));
    size += chunk.length - begin;
    if (size > maxLine) throw new SyntaxError(`a line of more than ${maxLine} bytes`);
  }
}
