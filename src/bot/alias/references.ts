/** A place in a line that is filled with words. */
export type Reference =
  /** `$1`, or `${1:-otherwise}`. */
  | { readonly kind: 'word'; readonly index: number; readonly otherwise: string | undefined }
  /** `$*` and `$@`. */
  | { readonly kind: 'all'; readonly isVerbatim: boolean };

/** A text in pieces: what stays as it is, and what is filled in. */
export type Piece = string | Reference;

/** `$$1` is `$1` itself. Any other `$` is a letter. */
const reference = /\$(?:\$(?=[1-9*@{])|([1-9])|([*@])|\{([1-9])(?::-([^{}]*))?\})/g;

export function readReferences(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  for (const match of text.matchAll(reference)) {
    const [whole, digit, all, braced, otherwise] = match;
    pieces.push(text.slice(done, match.index));
    done = match.index + whole.length;
    if (all !== undefined) pieces.push({ kind: 'all', isVerbatim: all === '*' });
    else if (digit === undefined && braced === undefined) pieces.push('$');
    else pieces.push({ kind: 'word', index: Number(digit ?? braced) - 1, otherwise });
  }
  pieces.push(text.slice(done));
  return pieces.filter((piece) => piece !== '');
}

/** It is nothing but what will be filled in, and has no value of its own. */
export const isFilledIn = (text: string): boolean => {
  const pieces = readReferences(text);
  const isBare = (piece: Piece): boolean =>
    typeof piece !== 'string' && (piece.kind === 'all' || piece.otherwise === undefined);
  return pieces.length > 0 && pieces.every(isBare);
};
