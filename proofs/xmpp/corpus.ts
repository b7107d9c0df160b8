import type { Random } from '../fuzz/random.ts';

/** What a server sends that means harm. */
export interface Attack {
  readonly name: string;
  readonly bytes: string | Buffer;
  /** The stream error that it has to be answered with; without one the enemy ends the connection after it, and anything may have come of it. */
  readonly condition?: string;
}

const message = `<message type='chat' from='ada@enemy.test/x' id='m'><body>who is on call? &amp; why</body></message>`;
const names = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, at) => make(at)).join('');
const billion = names(9, (at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`);

/** Each of these has to end the stream, with the right word. */
export const attacks: readonly Attack[] = [
  {
    name: 'entities',
    condition: 'restricted-xml',
    bytes: `<!DOCTYPE l [<!ENTITY l0 "l">${billion}]><message><body>&l9;</body></message>`,
  },
  { name: 'entities', condition: 'restricted-xml', bytes: `<!DOCTYPE m SYSTEM "file:///etc/passwd">` },
  { name: 'entities', condition: 'restricted-xml', bytes: `<message><body>&secret;</body></message>` },
  { name: 'instructions', condition: 'restricted-xml', bytes: `<?php x?>` },
  { name: 'comments', condition: 'restricted-xml', bytes: `<message><!-- x --></message>` },
  { name: 'depth', condition: 'policy-violation', bytes: '<a>'.repeat(5_000) },
  { name: 'size', condition: 'policy-violation', bytes: `<message><body>${'x'.repeat(3_000_000)}` },
  { name: 'size', condition: 'policy-violation', bytes: `<message to='${'x'.repeat(200_000)}` },
  { name: 'size', condition: 'policy-violation', bytes: `<message>${'<a/>'.repeat(50_000)}` },
  { name: 'size', condition: 'policy-violation', bytes: `<message ${names(2_000, (at) => ` a${at}='x'`)}/>` },
  { name: 'encodings', condition: 'not-well-formed', bytes: Buffer.from(message, 'utf16le') },
  { name: 'encodings', condition: 'unsupported-encoding', bytes: Buffer.from(`\ufeff${message}`, 'utf16le') },
  {
    name: 'encodings',
    condition: 'unsupported-encoding',
    bytes: Buffer.from('<message><body>caf\xe9</body></message>', 'latin1'),
  },
  { name: 'encodings', condition: 'unsupported-encoding', bytes: Buffer.from([0x3c, 0x61, 0x3e, 0xc0, 0xbc]) },
  { name: 'encodings', condition: 'unsupported-encoding', bytes: Buffer.from([0x3c, 0x61, 0x3e, 0xed, 0xa0, 0x80]) },
];

/** A stanza of which only a part comes. */
export const truncated = (random: Random): Attack => ({
  name: 'truncated',
  bytes: message.slice(0, 1 + random.below(message.length - 1)),
});

/** A few bytes of stanzas changed, left out, put in or said again. */
export function mutated(random: Random): Attack {
  const bytes = [...Buffer.from(message.repeat(1 + random.below(3)))];
  for (let times = 1 + random.below(8); times > 0; times -= 1) {
    const at = random.below(bytes.length);
    const piece = bytes.slice(at, at + 1 + random.below(20));
    const noise = Array.from({ length: 1 + random.below(4) }, () => random.below(256));
    const put = random.pick([noise, [], [...piece, ...piece], [...Buffer.from(random.pick(pieces))]]);
    bytes.splice(at, random.below(4), ...put);
  }
  return { name: 'mutated', bytes: Buffer.from(bytes) };
}

const pieces = [
  '<',
  '>',
  '</',
  '/>',
  '&',
  ';',
  `'`,
  '"',
  '=',
  ':',
  '<![CDATA[',
  ']]>',
  '<!',
  '<?',
  '\u0000',
  '\ufeff',
  '&#0;',
  '&#x110000;',
  '</stream:stream>',
  '<stream:error/>',
];
