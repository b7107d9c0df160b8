import type { Piece } from './piece.ts';

/** A fence that tells the language of what follows, out of habit: Slack knows no languages. */
const language = /^json[ \t]*\n(?=\s*[[{])/i;

/** What was typed between the marks. Line breaks that only set it apart are not part of it. */
export const fenced = (text: string): Piece => ({
  kind: 'block',
  text: text.replace(/^\n/, '').replace(/\n$/, '').replace(language, ''),
});
