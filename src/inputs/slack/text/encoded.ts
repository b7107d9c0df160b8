import { codeMarks } from '../../../document/code.ts';
import { fenced } from './code.ts';
import { type Piece, typed, verbatim } from './piece.ts';
import { tokenPiece, unescaped } from './token.ts';

const token = /<([^<>\n]+)>/g;
const quotation = '&gt;';

/**
 * Reads Slack's text format: markup in angle brackets, three entities, marks around code. Marks around words (`*`, `_`, `~`) are left:
 * nobody can tell them from what somebody meant. Takes time in proportion to its length.
 */
export function readEncoded(text: string): readonly Piece[] {
  const parts: (readonly Piece[])[] = [];
  let end = 0;
  for (const found of text.matchAll(codeMarks)) {
    const [whole, block, inline = ''] = found;
    const inside = verbatim(readTokens(block ?? inline));
    const code: Piece = block === undefined ? { kind: 'code', text: inside } : fenced(inside);
    parts.push(readLines(text.slice(end, found.index)), [code]);
    end = found.index + whole.length;
  }
  parts.push(readLines(text.slice(end)));
  return parts.flat();
}

/** Whom a quotation calls was not called by the person who quotes. */
function readLines(text: string): readonly Piece[] {
  if (!text.includes(quotation)) return readTokens(text);
  return text.split('\n').flatMap((line, index) => {
    const pieces = readTokens(index === 0 ? line : `\n${line}`);
    return line.startsWith(quotation) ? [typed(verbatim(pieces))] : pieces;
  });
}

function readTokens(text: string): readonly Piece[] {
  if (!text.includes('<')) return text === '' ? [] : [typed(unescaped(text))];
  const pieces: Piece[] = [];
  let end = 0;
  for (const { 0: whole, 1: inside = '', index } of text.matchAll(token)) {
    if (index > end) pieces.push(typed(unescaped(text.slice(end, index))));
    pieces.push(tokenPiece(inside));
    end = index + whole.length;
  }
  if (end < text.length) pieces.push(typed(unescaped(text.slice(end))));
  return pieces;
}
