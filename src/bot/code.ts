import { readFence } from './fence.ts';
import { isSpace } from './letters.ts';

/** What stands between marks that say "exactly so", and where it ends. */
export interface Code {
  readonly value: string;
  readonly end: number;
}

/** One backtick before and behind, on one line, with no space just inside. */
const inline = /`(?!`)([^`\n]+)`(?!`)/y;

/**
 * Code that begins at `at`: a fenced block, or what stands between single backticks. In it everything is a letter. Undefined when none
 * begins there, or when it has no end.
 */
export function readCode(text: string, at: number): Code | undefined {
  if (text.startsWith('```', at)) return readFence(text, at);
  inline.lastIndex = at;
  const [whole, value = ''] = inline.exec(text) ?? [];
  if (whole === undefined || /^\s|\s$/.test(value)) return undefined;
  return { value, end: at + whole.length };
}

/**
 * The text without the marks around code that it begins with. Where a command is expected, code is that command: somebody copied it, or wants to
 * be exact. Anywhere else it is a word.
 */
export function withoutFirstMarks(text: string): string {
  // Every message passes here, and nearly all begin with a letter.
  if (isLetter(text.charCodeAt(0))) return text;
  let start = 0;
  while (start < text.length && isSpace(text.charAt(start))) start += 1;
  if (text.charAt(start) !== '`') return text;
  const code = readCode(text, start);
  if (code === undefined || !(code.end === text.length || isSpace(text.charAt(code.end)))) return text;
  return code.value + text.slice(code.end);
}

const isLetter = (code: number): boolean => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;

/** What stands in code that is the whole text; undefined for any other text. */
export function onlyCode(text: string): string | undefined {
  const code = text[0] === '`' ? readCode(text, 0) : undefined;
  return code?.end === text.length ? code.value : undefined;
}
