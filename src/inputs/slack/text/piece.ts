import { fixedSpaces, markCode, type Typed } from '../../../document/code.ts';

/** Part of what somebody typed. */
export type Piece =
  | Typed
  /** A person or a bot, called by its id. */
  | { readonly kind: 'user'; readonly id: string };

export const typed = (text: string): Piece => ({ kind: 'text', text });

const lineEnds = /\r\n?|[\u2028\u2029]/g;

/** As one text, code marked as commands have it. A user is `@U…`: names change and can be taken by others. */
export const plain = (pieces: readonly Piece[]): string => markCode(pieces.map(plainPiece));

/** The same without marks, and with every space as it came. */
export const verbatim = (pieces: readonly Piece[]): string => pieces.map((piece) => asTyped(piece).text).join('');

function plainPiece(piece: Piece): Typed {
  if (piece.kind !== 'text') return asTyped(piece);
  return { kind: 'text', text: piece.text.replace(lineEnds, '\n').replace(fixedSpaces, ' ') };
}

const asTyped = (piece: Piece): Typed => (piece.kind === 'user' ? { kind: 'text', text: `@${piece.id}` } : piece);
