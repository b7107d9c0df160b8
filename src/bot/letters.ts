/** What telephones and word processors type instead of `"` and `'`; the plain one first. */
export const doubles = '"“”„‟';
export const singles = "'‘’‚‛";

/** Spaces, also those that don't break, are wide or thin, and line breaks of documents: chat programs and copying put them in by themselves. */
const spaces =
  ' \t\n\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000';

export const isSpace = (char: string): boolean => spaces.includes(char);

export const isQuote = (char: string): boolean => doubles.includes(char) || singles.includes(char);

/** A backslash before what stands at `at` makes it plain. */
export function mayEscape(text: string, at: number): boolean {
  const char = text.charAt(at);
  return char !== '' && (char === '\\' || isQuote(char) || isSpace(char));
}

/** Whether a space behind the text would be a letter: a backslash stands before it, and none before that, or two. */
export function endsInEscape(text: string): boolean {
  let start = text.length;
  while (start > 0 && text.charAt(start - 1) === '\\') start -= 1;
  return (text.length - start) % 2 === 1;
}

/** A text behind which a space is to follow: a backslash at its end would make a letter of that. */
export const beforeSpace = (text: string): string => (endsInEscape(text) ? `${text}\\` : text);

/** The text without the spaces that words are separated by, and no others. */
export function trimSpaces(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charAt(start))) start += 1;
  while (end > start && isSpace(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
