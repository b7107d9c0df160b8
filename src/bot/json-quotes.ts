import { doubles, isSpace } from './letters.ts';

const needsCare = /[“”„‟]|(?! )\p{Z}/u;

/**
 * JSON as a telephone or a word processor typed it, with the quotes and spaces that JSON knows. Only what stands for a JSON quote is
 * mended: inside a string that a plain quote opened, everything stays as it is.
 */
export function mendJson(text: string): string {
  if (!needsCare.test(text)) return text;
  let mended = '';
  let open: '' | 'plain' | 'smart' = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (open === '') {
      if (doubles.includes(char)) open = char === '"' ? 'plain' : 'smart';
      mended += open === '' ? (isOddSpace(char) ? ' ' : char) : '"';
    } else if (char === '\\') {
      at += 1;
      mended += char + text.charAt(at);
    } else if (char === '"' || (open === 'smart' && doubles.includes(char))) {
      open = '';
      mended += '"';
    } else {
      mended += char;
    }
  }
  return mended;
}

const isOddSpace = (char: string): boolean => char > '~' && isSpace(char);
