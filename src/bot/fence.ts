import { isSpace } from './letters.ts';

const ticks = /`{3,}/y;

/** The rest of a fence's first line when it tells the language of what follows. */
const language = /[\w.+#-]*[ \t]*\r?\n/y;

/**
 * A fenced block that begins at `at`: what stands between two rows of three backticks or more, exactly so. The language behind the first
 * row and the line break before the second are not part of it. Undefined when none begins there, or when it has no end.
 */
export function readFence(text: string, at: number): { readonly value: string; readonly end: number } | undefined {
  ticks.lastIndex = at;
  const fence = ticks.exec(text)?.[0];
  if (fence === undefined) return undefined;
  language.lastIndex = at + fence.length;
  const start = language.test(text) ? language.lastIndex : at + fence.length;
  let found = text.indexOf(fence, start);
  while (found !== -1) {
    const end = found + fence.length;
    if (end === text.length || isSpace(text.charAt(end))) {
      return { value: text.slice(start, found).replace(/\r?\n$/, ''), end };
    }
    found = text.indexOf(fence, end);
  }
  return undefined;
}
