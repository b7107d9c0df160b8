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
];

/** Any Unicode text, that which is hard to read before all. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc
    .array(fc.oneof(fc.constantFrom(...meaningful), fc.string({ unit: 'grapheme', maxLength: 3 })), { maxLength: 8 })
    .map((parts) => parts.join('')),
);

/** What a message may hold: no control characters, which are refused as a whole. */
export const sayable: fc.Arbitrary<string> = anyText.map((text) =>
  text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '·'),
);
