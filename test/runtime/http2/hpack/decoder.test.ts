import { describe, expect, test } from 'vitest';
import { HpackDecoder, HpackError } from '../../../../src/runtime/http2/hpack/decoder.ts';

const generous = { maxHeadBytes: 65_536, maxFields: 256 };
const decoder = (limits = generous): HpackDecoder<{ fields: string[]; isTooLarge: boolean }> =>
  new HpackDecoder((fields, isTooLarge) => ({ fields, isTooLarge }), limits);
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const kept = (name: string, value: string): Buffer =>
  Buffer.concat([Buffer.from([0x40, name.length]), Buffer.from(name), Buffer.from([value.length]), Buffer.from(value)]);

describe('a malformed block is an HpackError', () => {
  test.each([
    ['index 0', '80'],
    ['an index beyond the static table while the other is empty', 'be'],
    ['an index beyond both tables', '4001610162 bf'],
    ['a name beyond both tables', '7e 0161'],
    ['a name never indexed beyond both tables', '1f 2f 0161'],
    ['an integer of too many octets', 'ff 80 80 80 80 80 01'],
    ['an integer of endless zeros', `ff${'80'.repeat(50)}00`],
    ['an integer above 2^31', 'ff ff ff ff ff 7f'],
    ['an integer that is cut', 'ff'],
    ['an integer that is cut later', 'ff 80'],
    ['a field without a name', '40'],
    ['a name that is cut', '40 05 61 62'],
    ['a field without a value', '40 01 61'],
    ['a value that is cut', '40 01 61 03 62 63'],
    ['a value of 2 GiB', '40 01 61 7f 80 ff ff ff 07 62'],
    ['a table larger than we allow', '3f e2 1f'],
    ['a new size behind a field', '82 20'],
    ['a new size behind a field that is kept', '4001610162 20'],
    ['padding of zeros', '40 01 61 81 f8 00'],
    ['padding that is no padding', '40 01 61 81 00'],
    ['padding of a whole byte', '40 01 61 82 1f ff'],
    ['the end of the string within it', '40 01 61 84 ff ff ff ff'],
    ['the end of the string in a name', '40 84 3f ff ff ff 01 61'],
  ])('%s', (_, block) => {
    expect(() => decoder().decode(hex(block))).toThrow(HpackError);
  });
});

test('an empty block has no fields', () => {
  expect(decoder().decode(Buffer.alloc(0)).fields).toEqual([]);
});

test('strings may be empty, plain or in Huffman code', () => {
  expect(decoder().decode(hex('00 01 61 00  00 01 62 80')).fields).toEqual(['a', '', 'b', '']);
});

test('a character is a byte', () => {
  expect(decoder().decode(hex('00 01 61 03 c3 a9 ff')).fields).toEqual(['a', '\xc3\xa9\xff']);
});

test('the table may become smaller and larger before the first field', () => {
  const one = decoder();
  one.decode(kept('a', 'b'));
  expect(one.decode(hex('20 3f e1 1f 82')).fields).toEqual([':method', 'GET']);
  expect(() => one.decode(hex('be'))).toThrow(HpackError);
});

test('a block that changes the size of the table does so again when it comes again', () => {
  const one = decoder();
  const [large, small] = [hex('3f e1 1f 82'), hex('3f 05 82')] as const;
  for (let round = 0; round < 4; round += 1) {
    one.decode(large);
    one.decode(kept('name', 'value'));
    expect(one.decode(hex('be')).fields).toEqual(['name', 'value']);
    one.decode(small);
    expect(() => one.decode(hex('be'))).toThrow(HpackError);
  }
});

test('a size that was told before is taken when it is told again, with the same words', () => {
  const one = decoder();
  const small = hex('3f 45 82');
  for (const block of [small, small, hex('3f e1 1f 82'), small]) one.decode(block);
  for (const value of ['1', '2', '3']) one.decode(kept('a', value));
  expect(one.decode(hex('bf')).fields).toEqual(['a', '2']);
  expect(() => one.decode(hex('c0'))).toThrow(HpackError);
});

test('a field larger than the table empties it and is still read', () => {
  const one = decoder();
  one.decode(Buffer.concat([hex('3f 21'), kept('a', 'b')]));
  expect(one.decode(kept('c', 'v'.repeat(40))).fields).toEqual(['c', 'v'.repeat(40)]);
  expect(() => one.decode(hex('be'))).toThrow(HpackError);
});

test('a name may be that of an entry which goes to make room', () => {
  const one = decoder();
  one.decode(Buffer.concat([hex('3f 21'), kept('first', 'x'.repeat(20))]));
  expect(one.decode(hex(`7e 02 7979`)).fields).toEqual(['first', 'yy']);
  expect(one.decode(hex('be')).fields).toEqual(['first', 'yy']);
});

test('equal blocks may give one object, but only while the table is the same', () => {
  const one = decoder();
  one.decode(kept('a', '1'));
  for (let round = 0; round < 3; round += 1)
    expect(one.decode(hex('be 82')).fields).toEqual(['a', '1', ':method', 'GET']);
  expect(one.decode(hex('be 82'))).toBe(one.decode(hex('be 82')));
  one.decode(kept('a', '2'));
  expect(one.decode(hex('be 82')).fields).toEqual(['a', '2', ':method', 'GET']);
});

test('what is never to be kept is not', () => {
  const one = decoder();
  const block = hex('10 01 61 01 62');
  one.decode(block);
  one.decode(block);
  expect(one.decode(block)).not.toBe(one.decode(block));
});

describe('too large', () => {
  test('bytes beyond the limit are left out, and the table stays in step', () => {
    const one = decoder({ maxHeadBytes: 100, maxFields: 10 });
    const block = Buffer.concat([kept('one', '1'.repeat(30)), kept('two', '2'.repeat(30)), kept('six', '6')]);
    expect(one.decode(block)).toEqual({ fields: ['one', '1'.repeat(30)], isTooLarge: true });
    expect(one.decode(hex('be'))).toEqual({ fields: ['six', '6'], isTooLarge: false });
  });

  test('as many fields as are allowed, and one more', () => {
    const one = decoder({ maxHeadBytes: 65_536, maxFields: 3 });
    expect(one.decode(hex('82 84 86')).isTooLarge).toBe(false);
    expect(one.decode(hex('82 84 86 87'))).toMatchObject({ fields: { length: 6 }, isTooLarge: true });
  });

  test('a bomb, one large entry a hundred thousand times, is not kept', () => {
    const one = decoder();
    const value = 'x'.repeat(120);
    one.decode(kept('bomb', value));
    const { fields, isTooLarge } = one.decode(Buffer.alloc(100_000, 0xbe));
    expect(isTooLarge).toBe(true);
    expect(fields.length / 2).toBe(256);
  });

  test('a bomb of the largest entry there is', () => {
    const one = decoder();
    const name = 'n'.repeat(64);
    const length = 4096 - 32 - 64;
    one.decode(
      Buffer.concat([
        hex('40 40'),
        Buffer.from(name),
        hex('7f'),
        Buffer.from([((length - 127) & 0x7f) | 0x80, (length - 127) >> 7]),
        Buffer.alloc(length, 'v'),
      ]),
    );
    const { fields } = one.decode(Buffer.alloc(10_000, 0xbe));
    expect(fields.length / 2).toBe(16);
  });
});
