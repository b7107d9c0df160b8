import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonCodec } from '../../../src/runtime/codec/json.ts';
import { loadProto } from '../../../src/runtime/codec/proto-file.ts';
import { protobufCodec } from '../../../src/runtime/codec/protobuf.ts';
import { shape } from '../../../src/runtime/schema.ts';
import { bobBytes, everything } from '../../fixtures/wire-proto.ts';

const file = await loadProto(everything);
const schema = file.schema('go.micro.test.Everything');

const full = {
  first_name: 'hé→',
  small: -5,
  large: '-9223372036854775808',
  larger: '18446744073709551615',
  ratio: 0.5,
  ready: true,
  data: Buffer.from([0, 255, 254]),
  level: 'HIGH',
  inner: { deep: { leaf: 'x' }, count: '1' },
  tags: ['a', 'b'],
  items: [{ deep: null, count: '2' }],
  counts: { a: '9007199254740993' },
  nested: { on: true },
  at: { seconds: '1600000000', nanos: 120_000_000 },
  took: { seconds: '-1', nanos: -500_000_000 },
  note: { value: 'n' },
  text: 'chosen',
  port: 4_294_967_295,
};

const read = (json: unknown): Record<string, unknown> =>
  jsonCodec.decode(Buffer.from(JSON.stringify(json)), schema) as Record<string, unknown>;
const write = (value: unknown): unknown => JSON.parse(jsonCodec.encode(value, schema).toString());

describe('application/protobuf', () => {
  test("reads and writes go-micro's bytes", async () => {
    const greetings = await loadProto('syntax = "proto3"; message Greeting { string value = 1; }');
    const bytes = protobufCodec.encode({ value: 'bob' }, greetings.schema('Greeting'));
    expect(Buffer.from(bytes as Uint8Array).toString('hex')).toBe(bobBytes);
    expect(protobufCodec.decode(Buffer.from(bobBytes, 'hex'), greetings.schema('Greeting'))).toEqual({ value: 'bob' });
  });

  test('an empty message is no bytes, and none are an empty message', () => {
    expect(protobufCodec.encode(undefined, schema)).toHaveLength(0);
    expect(protobufCodec.decode(Buffer.alloc(0), schema)).toMatchObject({
      first_name: '',
      large: '0',
      tags: [],
      inner: null,
      level: 'LOW',
    });
  });

  test('keeps every field, and every digit', () => {
    expect(protobufCodec.decode(Buffer.from(protobufCodec.encode(full, schema)), schema)).toEqual(full);
  });

  test('says what is missing when there is no protobuf type', () => {
    expect(() => protobufCodec.encode({}, shape('Request', {}))).toThrow(/no protobuf type is known for Request/);
    expect(() => protobufCodec.decode(Buffer.alloc(0), undefined)).toThrow(/no protobuf type is known for the message/);
  });

  test.each(['0a05626f62', 'ff', '0b'])('refuses the broken bytes %s', (hex) => {
    expect(() => protobufCodec.decode(Buffer.from(hex, 'hex'), schema)).toThrow(Error);
  });
});

describe('JSON of protobuf messages', () => {
  test('is written so that every Go reader takes it', () => {
    expect(write(full)).toEqual({
      ...full,
      data: 'AP/+',
      items: [{ count: '2' }],
      at: '2020-09-13T12:26:40.120Z',
      took: '-1.500s',
      note: 'n',
    });
  });

  test('has no members the type does not have', () => {
    expect(write({ first_name: 'a', other: 1, inner: { other: 2 } })).toEqual({ first_name: 'a', inner: {} });
  });

  test.each([
    [
      'plain Go structs',
      {
        first_name: 'a',
        large: 12,
        level: 7,
        data: 'AP/+',
        at: { seconds: 1_600_000_000, nanos: 1 },
        note: { value: 'n' },
      },
    ],
    [
      'jsonpb and protojson',
      {
        firstName: 'a',
        large: '12',
        level: 'HIGH',
        data: 'AP_-',
        at: '2020-09-13T14:26:40.000000001+02:00',
        note: 'n',
      },
    ],
  ])('reads what %s write', (_who, json) => {
    expect(read(json)).toMatchObject({
      first_name: 'a',
      large: '12',
      level: 'HIGH',
      data: Buffer.from([0, 255, 254]),
      at: { seconds: '1600000000', nanos: 1 },
      note: { value: 'n' },
    });
  });

  test('reads back what it wrote', () => {
    expect(read(write(full))).toEqual(full);
  });

  test('keeps the digits of long numbers that are no strings, and leaves digits in strings alone', () => {
    const json =
      '{"large":9007199254740993,"counts":{"a":-9007199254740995},"first_name":"\\"9007199254740993: 9007199254740993"}';
    expect(jsonCodec.decode(Buffer.from(json), schema)).toMatchObject({
      large: '9007199254740993',
      counts: { a: '-9007199254740995' },
      first_name: '"9007199254740993: 9007199254740993',
    });
  });

  test.each([
    '-0.0000010000000000000002',
    '1234567890123456.5',
    '1.2345678901234567e-7',
    '1e0000000000000000',
  ])('leaves the number %s whole', (number) => {
    expect(jsonCodec.decode(Buffer.from(`{"ratio":${number}}`), schema)).toMatchObject({ ratio: Number(number) });
  });

  test.each(['', '\\'])('refuses a long string that does not end without trying it from every quote: %j', (end) => {
    const text = `{"first_name":"1234567890123456${'\\"'.repeat(1_000_000)}${end}`;
    expect(() => jsonCodec.decode(Buffer.from(text), schema)).toThrow(new Error('unexpected EOF'));
  });

  test('takes null for absent and ignores members it does not know', () => {
    expect(read({ first_name: null, inner: null, tags: null, unknown: [1] })).toEqual(read({}));
  });

  test.each([
    [{ first_name: 1 }, 'Everything.first_name: 1 is no string'],
    [{ small: 'x' }, 'Everything.small: "x" is no int32'],
    [{ small: 2_147_483_648 }, 'Everything.small: 2147483648 is no int32'],
    [{ small: 1.5 }, 'Everything.small: 1.5 is no int32'],
    [{ port: -1 }, 'Everything.port: -1 is no uint32'],
    [{ large: '9223372036854775808' }, 'Everything.large: "9223372036854775808" is no int64'],
    [{ larger: -1 }, 'Everything.larger: -1 is no uint64'],
    [{ ratio: 'much' }, 'Everything.ratio: "much" is no double'],
    [{ ready: 'true' }, 'Everything.ready: "true" is no bool'],
    [{ data: '!' }, 'Everything.data: "!" is no bytes'],
    [{ level: 'MIDDLE' }, 'Everything.level: "MIDDLE" is no Level'],
    [{ inner: [] }, 'Everything.inner: [] is no Inner'],
    [{ inner: { deep: 'x' } }, 'Everything.inner.deep: "x" is no Deep'],
    [{ tags: 'a' }, 'Everything.tags: "a" is no []string'],
    [{ tags: ['a', 1] }, 'Everything.tags[1]: 1 is no string'],
    [{ counts: { a: {} } }, 'Everything.counts["a"]: {} is no int64'],
    [{ at: 'yesterday' }, 'Everything.at: "yesterday" is no RFC 3339 time'],
    [{ took: '5' }, 'Everything.took: "5" is no duration like "1.5s"'],
    ['text', 'Everything: "text" is no Everything'],
  ])('names the field that does not fit: %j', (json, message) => {
    expect(() => read(json)).toThrow(new Error(message));
    expect(() => schema.protobuf?.encode(json as Record<string, unknown>)).toThrow(new Error(message));
  });

  test('is the same message as its bytes, whatever the values', () => {
    const value = fc.record(
      {
        first_name: fc.string({ unit: 'grapheme' }),
        small: fc.integer(),
        large: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        larger: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        // JavaScript's JSON has no negative zero.
        ratio: fc.double().map((number) => (number === 0 ? 0 : number)),
        data: fc.uint8Array(),
        level: fc.constantFrom('LOW', 'HIGH', 0, 7),
        counts: fc.dictionary(fc.string(), fc.integer()),
        at: fc
          .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
          .map((date) => date.toISOString()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(value, (fields) => {
        const viaBytes = protobufCodec.decode(Buffer.from(protobufCodec.encode(fields, schema)), schema);
        expect(read(write(fields))).toEqual(viaBytes);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a schema', () => {
  test('is told to the registry in Go names, two levels deep', () => {
    const { values } = schema.value;
    const typeOf = (name: string): string | undefined => values.find((value) => value.name === name)?.type;
    expect(schema.value).toMatchObject({ name: 'Everything', type: 'Everything' });
    expect(['first_name', 'large', 'ratio', 'data', 'level', 'tags', 'items', 'counts', 'nested'].map(typeOf)).toEqual([
      'string',
      'int64',
      'float64',
      '[]uint8',
      'Level',
      '[]string',
      '[]Inner',
      '',
      'Everything_Nested',
    ]);
    expect(values.find(({ name }) => name === 'inner')?.values).toEqual([
      { name: 'deep', type: 'Deep', values: [] },
      { name: 'count', type: 'int64', values: [] },
    ]);
  });

  test('is not made from what is no .proto text', async () => {
    await expect(loadProto('syntax = "proto3"; message {')).rejects.toThrow(/line 1/);
    await expect(loadProto('syntax = "proto3"; import "mine.proto";')).rejects.toThrow(/cannot import "mine.proto"/);
    await expect(loadProto('syntax = "proto3"; message A { Missing b = 1; }')).rejects.toThrow(/Missing/);
    expect(() => file.schema('Missing')).toThrow(/Missing/);
  });
});
