/** Part of what somebody typed. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  /** Between marks that say: exactly so. */
  | { readonly kind: 'code'; readonly text: string }
  /** A person or a bot, called by its id. */
  | { readonly kind: 'user'; readonly id: string };

export const typed = (text: string): Piece => ({ kind: 'text', text });

/** Spaces that Slack's editor, a telephone or a web page put where somebody pressed the space bar. */
const fixedSpaces = /[\u00a0\u2007\u202f]/g;
const lineEnds = /\r\n?|[\u2028\u2029]/g;

/** As one text. A user is `@U…`: names change and can be taken by others. */
export const plain = (pieces: readonly Piece[]): string => pieces.map(plainPiece).join('');

/** The same with every space as it came. */
export const verbatim = (pieces: readonly Piece[]): string => pieces.map(exactly).join('');

const plainPiece = (piece: Piece): string =>
  piece.kind === 'text' ? piece.text.replace(lineEnds, '\n').replace(fixedSpaces, ' ') : exactly(piece);

const exactly = (piece: Piece): string => (piece.kind === 'user' ? `@${piece.id}` : piece.text);
