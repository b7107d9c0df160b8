import { describe, expect, test } from 'vitest';
import { HpackDecoder } from '../../../../src/runtime/http2/hpack/decoder.ts';
import { HpackEncoder } from '../../../../src/runtime/http2/hpack/encoder.ts';
import type { Fields } from '../../../../src/runtime/http2/http2.ts';

/** An encoder whose blocks can be looked at and read. */
function pair(): {
  readonly encoder: HpackEncoder;
  readonly write: (constant: Fields, more?: Fields) => Buffer;
  readonly read: (block: Buffer) => string[];
} {
  const encoder = new HpackEncoder();
  const decoder = new HpackDecoder((fields) => fields, { maxHeadBytes: 1_000_000, maxFields: 1000 });
  return {
    encoder,
    write(constant, more) {
      const target = Buffer.alloc(encoder.measure(constant, more) + 1, '!');
      const end = encoder.write(target, 0, constant, more);
      // Nothing is written behind the end, and the measure was enough.
      expect(target.subarray(end).every((byte) => byte === 0x21)).toBe(true);
      expect(end).toBeLessThan(target.length);
      return target.subarray(0, end);
    },
    read: (block) => decoder.decode(block),
  };
}

const usual = [':method', 'POST', ':scheme', 'http', ':path', '/greeter.Say/Hello', 'te', 'trailers'] as const;

test('a constant list is a byte a field from its second time on', () => {
  const { write, read } = pair();
  expect(read(write(usual))).toEqual(usual);
  expect(write(usual)).toHaveLength(4);
  const again = write(usual);
  expect(again).toHaveLength(4);
  expect(read(again)).toEqual(usual);
});

test('what lists share is sent once', () => {
  const { write, read } = pair();
  read(write(usual));
  const other = [...usual.slice(0, 5), '/greeter.Say/Bye', 'te', 'trailers'];
  const block = write(other);
  expect(block.length).toBeLessThan(25);
  expect(read(block)).toEqual(other);
  expect(read(write(usual))).toEqual(usual);
});

test('further fields are in no table', () => {
  const { write, read } = pair();
  read(write(usual));
  const more = ['grpc-timeout', '5000m', 'user-agent', 'x'];
  const first = write(usual, more);
  expect(read(first)).toEqual([...usual, ...more]);
  expect(write(usual, more)).toEqual(first);
  expect(write(usual)).toHaveLength(4);
});

test('secrets are never indexed, whether they are constant or not', () => {
  for (const name of ['authorization', 'proxy-authorization', 'cookie', 'set-cookie']) {
    const { write, read } = pair();
    const fields = [name, 'a secret'];
    for (const block of [write(fields), write([], fields), write(fields)]) {
      expect((block[0] ?? 0) & 0xf0).toBe(0x10);
      expect(block.toString('latin1')).toContain('a secret');
      expect(read(block)).toEqual(fields);
    }
  }
});

describe('what is no field is refused, and nothing has changed', () => {
  test.each([
    ['an upper-case name', 'Name', 'value'],
    ['an empty name', '', 'value'],
    ['a colon in a name', 'na:me', 'value'],
    ['a space in a name', 'na me', 'value'],
    ['a name that is no ASCII', 'näme', 'value'],
    ['a line feed', 'name', 'a\nb'],
    ['a carriage return', 'name', 'a\rb'],
    ['a NUL', 'name', '\0'],
    ['a line feed in a long value', 'name', `${'x'.repeat(100)}\n`],
    ['a character that is no byte', 'name', 'Ā'],
    ['a character that is no byte in a long value', 'name', `${'x'.repeat(100)}€`],
  ])('%s', (_, name, value) => {
    const { encoder, write, read } = pair();
    const constant = [':path', '/some'];
    const target = Buffer.alloc(1000);
    const refused = expect.objectContaining({ name: 'TransportError', code: 'invalid' });
    encoder.limitTable(1000);
    expect(() => encoder.write(target, 0, constant, [name, value])).toThrow(refused);
    expect(() => encoder.write(target, 0, ['good', 'field', name, value], undefined)).toThrow(refused);
    const fields = ['good', 'field'];
    expect(read(write(constant))).toEqual(constant);
    expect(read(write(fields))).toEqual(fields);
    expect(() => encoder.write(target, 0, fields, [name, value])).toThrow(refused);
    expect(write(fields)).toHaveLength(1);
    expect(read(write(fields))).toEqual(fields);
  });
});

test('a byte that is no ASCII passes', () => {
  const { write, read } = pair();
  const fields = ['name', '\xff\xe9\t\x80', 'long', '\xff'.repeat(100)];
  expect(read(write([], fields))).toEqual(fields);
  expect(read(write(fields))).toEqual(fields);
});

describe('the size of the table', () => {
  test('the smallest and the last one are told', () => {
    const { encoder, write, read } = pair();
    read(write(usual));
    encoder.limitTable(2000);
    encoder.limitTable(0);
    encoder.limitTable(100);
    const block = write(usual);
    expect(block.subarray(0, 3).toString('hex')).toBe('203f45');
    expect(read(block)).toEqual(usual);
    expect(read(write(usual))).toEqual(usual);
  });

  test('what did not become smaller is told once', () => {
    const { encoder, write, read } = pair();
    encoder.limitTable(200);
    expect(write(['a', 'b']).subarray(0, 3).toString('hex')).toBe('3fa901');
    encoder.limitTable(200);
    expect((write(['a', 'b'])[0] ?? 0) & 0x80).toBe(0x80);
    encoder.limitTable(300);
    const block = write(['c', 'd']);
    expect(block.subarray(0, 3).toString('hex')).toBe('3f8d02');
    read(Buffer.from('3fa901', 'hex'));
    expect(read(block)).toEqual(['c', 'd']);
  });

  test('more than 4,096 is of no use', () => {
    const { encoder, write } = pair();
    encoder.limitTable(2 ** 32 - 1);
    expect(write(['a', 'b'])[0]).toBe(0x40);
  });

  test('none at all', () => {
    const { encoder, write, read } = pair();
    encoder.limitTable(0);
    expect(read(write(usual))).toEqual(usual);
    const block = write(usual);
    expect(read(block)).toEqual(usual);
    expect(block.length).toBeGreaterThan(20);
  });
});

test('a value longer than half of the table is not kept', () => {
  const { write, read } = pair();
  read(write(usual));
  const long = ['long', 'x'.repeat(2048)];
  expect(read(write(long))).toEqual(long);
  expect(read(write(long))).toEqual(long);
  expect(write(usual)).toHaveLength(4);
});

test('more lists than the table holds', () => {
  const { write, read } = pair();
  const lists = Array.from({ length: 700 }, (_, index) => [':path', `/a.quite.long.package.of.Service${index}/Method`]);
  for (let round = 0; round < 3; round += 1) for (const list of lists) expect(read(write(list))).toEqual(list);
  // One that is used again and again finds its place.
  const sizes = Array.from({ length: 300 }, () => {
    const block = write(usual);
    expect(read(block)).toEqual(usual);
    return block.length;
  });
  expect(sizes.at(-1)).toBe(4);
});
