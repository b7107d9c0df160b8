import * as fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import { readMessage, writeMessage } from '../../../src/runtime/transport/message.ts';
import { TransportError } from '../../../src/runtime/transport/transport.ts';

const { root } = protobuf.parse(
  'syntax = "proto3"; message Message { map<string, string> header = 1; bytes body = 2; }',
);
const theirs = root.lookupType('Message');

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const encode = (message: object): Buffer => Buffer.from(theirs.encode(message).finish());

test('is written as protobuf writes it', () => {
  expect(writeMessage({ 'micro-id': '7' }, 'hi')).toEqual(bytes('0a 0d 0a 08 4d6963726f2d4964 12 01 37 12 02 6869'));
  expect(writeMessage({ Empty: '' }, '')).toEqual(bytes('0a 09 0a 05 456d707479 12 00'));
  expect(writeMessage({}, new Uint8Array(0))).toEqual(Buffer.alloc(0));
});

test('another library reads what we write, and we what it writes', () => {
  const value = fc.string({ unit: 'binary', maxLength: 300 }).filter((text) => !/[\0\r\n]/.test(text));
  const headers = fc.dictionary(fc.stringMatching(/^X-[A-Z][a-z]{0,200}$/), value, { maxKeys: 20 });
  fc.assert(
    fc.property(headers, fc.uint8Array({ maxLength: 20_000 }), (header, body) => {
      const read = theirs.toObject(theirs.decode(writeMessage(header, body)), { defaults: true, bytes: Array });
      expect(read).toEqual({ header: { ...header }, body: [...body] });
      const message = readMessage(encode({ header, body }));
      expect(message.headers).toEqual({ ...header });
      expect([...message.body]).toEqual([...body]);
    }),
  );
});

test('lengths of every size', () => {
  for (const length of [0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 3_000_000]) {
    const text = 'é'.repeat(length);
    const { headers, body } = readMessage(writeMessage({ Long: text }, text));
    expect([headers['Long'] === text, body.toString() === text]).toEqual([true, true]);
  }
});

describe('what peers may send', () => {
  const headersOf = (header: Record<string, string>): Record<string, string> => ({
    ...readMessage(encode({ header })).headers,
  });

  test('names in any spelling, the first of two that mean the same', () => {
    expect(headersOf({ 'micro-ID': '1', 'Micro-Id': '2', foo_bar: 'x' })).toEqual({ 'Micro-Id': '1', Foo_bar: 'x' });
  });

  test('names that are none, and those about framing, are left out', () => {
    expect(
      headersOf({ '': 'a', 'a b': 'b', é: 'c', ':status': '500', 'Content-Length': '9', Host: 'x', Fine: 'y' }),
    ).toEqual({ Fine: 'y' });
    expect(headersOf({ ['__proto__']: 'x', constructor: 'y' })).toEqual({ Constructor: 'y' });
  });

  test('line breaks and NULs become blanks: they would be headers of their own elsewhere', () => {
    expect(headersOf({ A: 'x\r\nEvil: 1\0' })).toEqual({ A: 'x  Evil: 1 ' });
  });

  test('fields nobody knows', () => {
    // Numbers 3 to 6 as varint, 64 bits, bytes and 32 bits; also inside of a header.
    const unknown = '18 ff01 21 0102030405060708 2a 02 0102 35 01020304';
    const entry = `0a 01 41 12 01 78 ${unknown}`;
    const message = readMessage(bytes(`${unknown} 0a ${(bytes(entry).length).toString(16)} ${entry} 12 01 79`));
    expect([{ ...message.headers }, message.body.toString()]).toEqual([{ A: 'x' }, 'y']);
  });

  test('fields in another order, and the last of two bodies', () => {
    const message = readMessage(bytes('12 01 61 0a 06 12 01 78 0a 01 41 12 01 62'));
    expect([{ ...message.headers }, message.body.toString()]).toEqual([{ A: 'x' }, 'b']);
  });
});

describe('refuses', () => {
  test.each([
    ['a body that is cut', '12 05 61'],
    ['a header that is cut', '0a 05 0a 01 41'],
    ['a key longer than its header', '0a 03 0a 05 41 12 00 00 00'],
    ['a length that is cut', '12 80'],
    ['a length that does not end', '12 ffffffffffffffffffffff01'],
    ['an absurd length', '12 ffffffffffffff7f'],
    ['a group', '1b 1c'],
    ['an unknown wire type', '0e 00'],
    ['the field number zero', '02 00'],
    ['64 bits that are cut', '21 0102'],
  ])('%s', (_what, hex) => {
    expect(() => readMessage(bytes(hex))).toThrow(expect.objectContaining({ name: 'TransportError', code: 'invalid' }));
  });

  test('more headers than anybody needs', () => {
    const many = Buffer.concat(Array.from({ length: 257 }, () => bytes('0a 06 0a 01 41 12 01 78')));
    expect(() => readMessage(many)).toThrow(expect.objectContaining({ code: 'too_large' }));
  });

  test('anything, without another error than its own', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        try {
          readMessage(Buffer.from(noise));
        } catch (error) {
          expect(error).toBeInstanceOf(TransportError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
