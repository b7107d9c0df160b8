const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/**
 * The text without the name at its front by which a bot is called, in any case: `@Micro ping`, `micro: ping`. Undefined where it is
 * not called.
 */
export function withoutMention(text: string, name: string): string | undefined {
  const called = new RegExp(`^\\s*@?${escapeRegExp(name)}(?:[:,]\\s*|\\s+|$)`, 'iu').exec(text);
  return called === null ? undefined : text.slice(called[0].length).trimStart();
}

/** Between `@` and a name: it can't be seen, and nobody is called by it. */
const joiner = '\u2060';

/** The same text to read, but nobody is called by what stands in it: `@all`, `@here`, `@Somebody`. */
export const callingNobody = (text: string): string =>
  text.replace(/(?<![\p{L}\p{N}_])@(?=[\p{L}\p{N}_"'])/gu, `@${joiner}`);
