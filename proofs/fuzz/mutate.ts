import type { Random } from './random.ts';

/** What readers of text and of binary framing stumble over. */
const words: readonly string[] = [
  '\r\n',
  '\n',
  '\r',
  '\r\n\r\n',
  '\0',
  ' ',
  '\t',
  ':',
  ';',
  ',',
  '"',
  '{',
  '}',
  '[',
  ']',
  '\\',
  '0',
  '-1',
  '+1',
  '0x1',
  '1e9',
  '99999999999999999999',
  'NaN',
  'é',
  '\u2028',
  '\ufeff',
  '%00',
  '__proto__',
  'constructor',
  'EOS',
  'chunked',
  'Content-Length: 5\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Connection: close\r\n',
  'HTTP/1.0',
  'HTTP/2.0',
  'Expect: 100-continue\r\n',
  'Micro-Stream: 1\r\n',
  'GET http://x/ HTTP/1.1\r\n\r\n',
];
const numbers: readonly (readonly number[])[] = [
  [0],
  [1],
  [0x7f],
  [0x80],
  [0xff],
  [0, 0, 0, 0],
  [0, 0, 0, 5],
  [0x7f, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0xff],
];
const telling: readonly Uint8Array[] = [
  ...words.map((text) => Buffer.from(text)),
  ...numbers.map((bytes) => Uint8Array.from(bytes)),
];

/** One to five changes: bytes flipped, put in, left out, repeated, exchanged with a piece of another sample, or the end cut off. */
export function mutate(sample: Buffer, others: readonly Buffer[], random: Random): Buffer {
  let bytes = sample;
  for (let changes = 1 + random.below(5); changes > 0; changes -= 1) bytes = change(bytes, others, random);
  return bytes;
}

function change(bytes: Buffer, others: readonly Buffer[], random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  const head = bytes.subarray(0, at);
  const tail = bytes.subarray(at);
  const length = 1 + random.below(random.chance(0.2) ? 200 : 8);
  switch (random.below(7)) {
    case 0: {
      const flipped = Buffer.from(bytes);
      if (at < flipped.length) flipped[at] = (flipped[at] ?? 0) ^ (1 << random.below(8));
      return flipped;
    }
    case 1:
      return Buffer.concat([head, random.pick(telling), tail]);
    case 2:
      return Buffer.concat([head, tail.subarray(length)]);
    case 3:
      return Buffer.concat([head, tail.subarray(0, length), tail]);
    case 4: {
      const other = random.pick(others);
      const from = random.below(other.length + 1);
      return Buffer.concat([head, other.subarray(from, from + length), tail.subarray(length)]);
    }
    case 5:
      return Buffer.concat([head, Uint8Array.of(random.below(256)), tail.subarray(1)]);
    default:
      return random.chance(0.3) ? head : Buffer.concat([head, random.pick(telling), tail.subarray(length)]);
  }
}
