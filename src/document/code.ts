/** Part of what somebody typed. Each kind but `text` stood between marks that say: exactly so. */
export type Typed =
  | { readonly kind: 'text'; readonly text: string }
  /** Within a line. */
  | { readonly kind: 'code'; readonly text: string }
  /** A fence around it. */
  | { readonly kind: 'block'; readonly text: string };

/** In what somebody typed in a chat: a fence (1), or a word or more between backticks, the first of which stands where a word begins (2). */
export const codeMarks: RegExp = /```([\s\S]*?)```|(?<=^|[\s=])`([^`\n]+)`(?!`)/g;
/** Spaces that an editor, a telephone or a web page put where somebody pressed the space bar. */
export const fixedSpaces: RegExp = /[\u00a0\u2007\u202f]/g;

const space = /^[ \t\n\r\p{Z}]$/u;
const tame = /^[\p{L}\p{N}_.,:/@#%+-]*$/u;

/**
 * As one text, in which code is marked as commands are read: between backticks, or rows of more of them than are in it. It comes out of
 * that exactly as it is here. Code within a word, where backticks are letters, is not marked when it has none but plain ones.
 */
export function markCode(parts: readonly Typed[]): string {
  const written: string[] = [];
  const present = parts.filter(({ kind, text }) => kind === 'block' || text !== '');
  for (const [index, part] of present.entries()) {
    const before = written.at(-1)?.slice(-1) ?? '';
    const after = present[index + 1]?.text.charAt(0) ?? '';
    written.push(part.kind === 'text' ? part.text : marked(part, before, after));
  }
  return written.join('');
}

function marked({ kind, text }: Typed, before: string, after: string): string {
  const opens = before === '' || before === '=' || space.test(before);
  const closes = after === '' || space.test(after);
  if (kind === 'code' && !opens) return tame.test(text) ? text : `\`${text}\``;
  if (kind === 'code' && after !== '`' && /^(?!\s)[^`\r\n]+(?<!\s)$/.test(text)) return `\`${text}\``;
  // Beside other letters a row of backticks is one of letters.
  return `${opens ? '' : ' '}${fence(text)}${closes ? '' : ' '}`;
}

function fence(text: string): string {
  const rows = text.match(/`{3,}/g) ?? [];
  const row = '`'.repeat(rows.reduce((longest, { length }) => Math.max(longest, length + 1), 3));
  if (text !== '' && !/\n|^`|`$/.test(text)) return row + text + row;
  // A line end of Windows before the last row would be taken for one.
  return `${row}\n${text}${text.endsWith('\r') ? '\r' : ''}\n${row}`;
}
