import { HpackError } from './hpack-error.ts';

/**
 * How many bits the code of each byte has, a character a byte, in base 36; the last is the end of the string (RFC 7541, appendix B).
 * The codes follow from it: they count up, the shorter ones first, those of one length in the order of the bytes.
 */
const lengths = [
  'dnsssssssoussussssssssusssssssss',
  '6aacd68baa8b8666555666666678f6ca',
  'd67777777777777777777777878djde6',
  'f56565666577666567655677777fbeds',
  'kmkkmmmnmnnnnnonoomnonnnnlmnmnno',
  'mlkmmnnlnmmolmnnllmlnmnnkmmmnmmn',
  'qqkjmnmpqqqrrqopjlqrrqrollqqsrrr',
  'koklmllnmmppooqnqrqqrrrrrsrrrrrq',
  'u',
].join('');

const end = 256;
const maxPaddingBits = 7;
const bitsAStep = 4;

/** What follows after so many bits of a code, for the next bits: the node, and what was complete on the way. */
const nodeMask = 0xff;
const symbolShift = 8;
const isSymbol: number = 1 << 16;
const isBroken: number = 1 << 17;

type Node = [zero: Node | number | undefined, one: Node | number | undefined];

/** The tree of all codes; a leaf is its byte. */
function tree(): Node {
  const root: Node = [undefined, undefined];
  const symbols = Array.from(lengths, (digit, symbol) => ({ symbol, bits: Number.parseInt(digit, 36) }));
  symbols.sort((a, b) => a.bits - b.bits || a.symbol - b.symbol);
  let code = 0;
  let before = 0;
  for (const { symbol, bits } of symbols) {
    code *= 2 ** (bits - before);
    before = bits;
    let node = root;
    for (let bit = bits - 1; bit > 0; bit -= 1) {
      const side = (code >>> bit) & 1;
      const next = node[side];
      if (typeof next === 'object') node = next;
      else node = node[side] = [undefined, undefined];
    }
    node[code & 1] = symbol;
    code += 1;
  }
  return root;
}

interface Machine {
  /** For each node and each four bits. */
  readonly steps: Uint32Array;
  /** Whether a string may end at the node: what came since the last byte is padding. */
  readonly mayEnd: Uint8Array;
}

function machine(): Machine {
  const root = tree();
  const nodes = [root];
  for (const node of nodes) for (const next of node) if (typeof next === 'object') nodes.push(next);
  const numbers = new Map(nodes.map((node, number) => [node, number]));
  const steps = new Uint32Array(nodes.length << bitsAStep);
  nodes.forEach((start, number) => {
    for (let bits = 0; bits < 1 << bitsAStep; bits += 1) {
      let node = start;
      let step = 0;
      for (let bit = bitsAStep - 1; bit >= 0; bit -= 1) {
        const next = node[(bits >>> bit) & 1];
        if (typeof next === 'object') node = next;
        else {
          step |= next === undefined || next === end ? isBroken : isSymbol | (next << symbolShift);
          node = root;
        }
      }
      steps[(number << bitsAStep) | bits] = step | (numbers.get(node) ?? 0);
    }
  });
  const mayEnd = new Uint8Array(nodes.length);
  let padding: Node | number | undefined = root;
  for (let bits = 0; bits <= maxPaddingBits && typeof padding === 'object'; bits += 1) {
    mayEnd[numbers.get(padding) ?? 0] = 1;
    padding = padding[1];
  }
  return { steps, mayEnd };
}

const { steps, mayEnd } = machine();

/** The most bytes that so many of Huffman's become: no code is shorter than five bits. */
export const huffmanBytes = (bytes: number): number => Math.floor((bytes * 8) / 5);

/** Writes what `bytes` says between the two places to the start of `target` and returns its length. Throws an `HpackError`. */
export function readHuffman(bytes: Buffer, from: number, to: number, target: Buffer): number {
  let node = 0;
  let length = 0;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    const first = steps[(node << bitsAStep) | (byte >>> bitsAStep)] ?? isBroken;
    if (first & isSymbol) target[length++] = first >>> symbolShift;
    const second = steps[((first & nodeMask) << bitsAStep) | (byte & 0x0f)] ?? isBroken;
    if (second & isSymbol) target[length++] = second >>> symbolShift;
    if ((first | second) & isBroken) throw new HpackError('the end of a string within it');
    node = second & nodeMask;
  }
  if (mayEnd[node] !== 1) throw new HpackError('a string with wrong padding');
  return length;
}
