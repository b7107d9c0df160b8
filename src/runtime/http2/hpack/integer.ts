/** What the largest integer needs at most. */
export const maxIntegerBytes = 6;

/**
 * Writes an integer (RFC 7541, section 5.1) behind `flags`, which leave it the bits of `mask` in the first byte. Returns the end.
 */
export function writeInteger(target: Buffer, at: number, flags: number, mask: number, value: number): number {
  if (value < mask) {
    target[at] = flags | value;
    return at + 1;
  }
  target[at++] = flags | mask;
  let rest = value - mask;
  while (rest > 0x7f) {
    target[at++] = 0x80 | (rest & 0x7f);
    rest >>>= 7;
  }
  target[at++] = rest;
  return at;
}
