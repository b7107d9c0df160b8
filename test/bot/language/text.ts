import * as fc from 'fast-check';

/** What the language gives a meaning to, in any mixture. */
const meaningful = [
  '|',
  '>',
  '--plan',
  '—plan',
  '--',
  '{',
  '}',
  '[',
  ']',
  '```',
  '`',
  '"',
  "'",
  '“',
  '”',
  '‘',
  '\\',
  '=',
  ' ',
  '\n',
  '\r\n',
  '\u00a0',
  '-x',
  '@',
  '#',
  '$1',
  '$(id)',
  ';',
  '&&',
  '*',
  '\ufeff',
  '\u2028',
  '\u2003',
  '\u3000',
  '\u0000',
  '\u0085',
  // Joiners, marks that go with the letter before, and what turns lines around.
  '\u200b',
  '\u200d',
  '\ufe0f',
  '\u0301',
  '\u202e',
  '\u2066',
  '\u200f',
  '‑‑x',
  '$$1',
  '${1:-x}',
];

/** Halves of characters: no text, but a program may be given them. */
const halves = ['\ud83d', '\udc4d'];

/** Any Unicode text and more, that which is hard to read before all. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc
    .array(fc.oneof(fc.constantFrom(...meaningful, ...halves), fc.string({ unit: 'grapheme', maxLength: 3 })), {
      maxLength: 8,
    })
    .map((parts) => parts.join('')),
);

/** What a message may hold: no control characters and no halves of any, which are refused as a whole. */
export const sayable: fc.Arbitrary<string> = anyText.map((text) =>
  text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\p{Surrogate}/gu, '·'),
);
