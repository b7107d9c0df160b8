/** A text as `grpc-message` carries it: printable ASCII as it is, `%` and everything else as the escaped bytes of its UTF-8. */
export const encodeMessage = (text: string): string =>
  // No header may begin or end with a space.
  (plain.test(text) ? text : escapeBytes(text)).replace(/^ | $/g, '%20');

function escapeBytes(text: string): string {
  let encoded = '';
  for (const byte of Buffer.from(text)) {
    encoded +=
      byte >= 0x20 && byte <= 0x7e && byte !== percent
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

/** Reads it back. What is no escape stays as it was, and so do bytes that some peers send bare. */
export function decodeMessage(text: string): string {
  if (!text.includes('%') && plain.test(text)) return text;
  const bytes = text.replace(escaped, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

const percent = 0x25;
const plain = /^[\x20-\x24\x26-\x7e]*$/;
const escaped = /%([0-9A-Fa-f]{2})/g;
