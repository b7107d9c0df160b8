import { maxMessageBytes, tooLong } from '../inputs/input.ts';

/** A character has at most this many bytes of UTF-8 for each unit of a string. */
const bytesPerUnit = 3;

/** Control characters other than tab and line breaks, and halves of characters that came without the other. */
const unwanted = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\p{Surrogate}/u;

/** Why a text is not read at all, as a sentence; undefined when it may be read. */
export function refusal(text: string): string | undefined {
  if (text.length * bytesPerUnit > maxMessageBytes) {
    const bytes = Buffer.byteLength(text);
    if (bytes > maxMessageBytes) return tooLong(bytes);
  }
  if (!unwanted.test(text)) return undefined;
  const at = text.search(unwanted);
  const column = Array.from(text.slice(0, at)).length + 1;
  const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  return `message refused: it has the control character U+${code} at column ${column}`;
}
