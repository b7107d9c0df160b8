import { describe, expect, test } from 'vitest';
import { jsonCodec } from '../../../src/runtime/codec/json.ts';
import { loadProto } from '../../../src/runtime/codec/proto-file.ts';
import { protobufCodec } from '../../../src/runtime/codec/protobuf.ts';
import { dialects, dialectsBytes, dialectsProto } from '../../fixtures/proto-dialects.ts';

const file = await loadProto(dialectsProto, { name: 'dialects.proto' });
const schema = file.schema('Dialects');

const message = protobufCodec.decode(Buffer.from(dialectsBytes, 'hex'), schema) as Record<string, unknown>;
const read = (json: unknown): Record<string, unknown> =>
  jsonCodec.decode(Buffer.from(typeof json === 'string' ? json : JSON.stringify(json)), schema) as Record<
    string,
    unknown
  >;
const write = (value: unknown): Record<string, unknown> =>
  JSON.parse(jsonCodec.encode(value, schema).toString()) as Record<string, unknown>;

describe("JSON of Go's protobuf types", () => {
  test.each(Object.entries(dialects))('is read from %s', (writer, text) => {
    expect(read(text)).toEqual(writer === 'encoding/json' ? { ...message, by_flag: {} } : message);
  });

  test('is written as protojson writes it, under the own names of the fields', () => {
    const zeros = { not_a_number: 0, infinite: 0 };
    const parts = [{ part_name: 'two' }, { part_name: '' }];
    expect(write(message)).toEqual({ ...JSON.parse(dialects['protojson, own names'] ?? ''), ...zeros, parts });
  });

  test('is the same message again when it comes back as bytes', () => {
    for (const text of Object.values(dialects)) {
      const bytes = Buffer.from(protobufCodec.encode(read(text), schema));
      expect(protobufCodec.decode(bytes, schema)).toEqual(read(text));
    }
  });
});

describe('one field, one kind of JSON', () => {
  test.each<[string, unknown, Record<string, unknown>]>([
    ['own name', { first_name: 'a' }, { first_name: 'a' }],
    ['name in camel case', { firstName: 'a' }, { first_name: 'a' }],
    ['both: the own name counts', { firstName: 'b', first_name: 'a' }, { first_name: 'a' }],
    ['both, the other way round', { first_name: 'a', firstName: 'b' }, { first_name: 'a' }],
    ['64 bits as a number', { large: 5, larger: 6 }, { large: '5', larger: '6' }],
    ['64 bits as a string', { large: '-5', larger: '6' }, { large: '-5', larger: '6' }],
    ['64 bits as a long number', '{"larger":18446744073709551615}', { larger: '18446744073709551615' }],
    ['32 bits as a string', { small_number: '-5' }, { small_number: -5 }],
    ['whole numbers with an exponent', { small_number: '1e3', large: '2.0' }, { small_number: 1000, large: '2' }],
    ['enum by name', { level: 'HIGH' }, { level: 'HIGH' }],
    ['enum by number', { level: 7 }, { level: 'HIGH' }],
    ['enum nobody knows', { level: 9 }, { level: 9 }],
    ['bytes in base64', { data: '+/+/' }, { data: Buffer.from([251, 255, 191]) }],
    ['bytes in base64 for URLs', { data: '-_-_' }, { data: Buffer.from([251, 255, 191]) }],
    ['bytes without padding', { data: 'AQ' }, { data: Buffer.from([1]) }],
    ['no number', { not_a_number: 'NaN' }, { not_a_number: Number.NaN }],
    ['infinity', { infinite: '-Infinity', ratio: 'Infinity' }, { infinite: -Infinity, ratio: Infinity }],
    ['time as fields', { created_at: { seconds: 1, nanos: 2 } }, { created_at: { seconds: '1', nanos: 2 } }],
    ['time as text', { created_at: '1970-01-01T01:00:01.000000002+01:00' }, { created_at: { seconds: '1', nanos: 2 } }],
    ['duration as fields', { took: { seconds: 1, nanos: 2 } }, { took: { seconds: '1', nanos: 2 } }],
    ['duration as text', { took: '-1.5s' }, { took: { seconds: '-1', nanos: -500_000_000 } }],
    ['wrapper as a value', { limit: '5', flag: false }, { limit: { value: '5' }, flag: { value: false } }],
    ['wrapper as a field', { limit: { value: 5 } }, { limit: { value: '5' } }],
    ['oneof', { plainText: 'a' }, { plain_text: 'a' }],
    ["oneof under Go's names", { TheChoice: { ChosenPart: { part_name: 'a' } } }, { chosen_part: { part_name: 'a' } }],
    ["empty oneof under Go's name", { TheChoice: null }, {}],
    [
      'map by numbers',
      { by_number: { 5: 0, '9007199254740993': 'HIGH' } },
      { by_number: { 5: 'LOW', '9007199254740993': 'HIGH' } },
    ],
    ['null', { first_name: null, part: null, counts: null, by_name: null }, {}],
    ['members of another type', { nobody: { knows: ['this'] } }, {}],
    ['mask as text', { mask: 'firstName,part.partName' }, { mask: { paths: ['first_name', 'part.part_name'] } }],
    ['mask as fields', { mask: { paths: ['a'] } }, { mask: { paths: ['a'] } }],
    ['no paths', { mask: '' }, { mask: { paths: [] } }],
  ])('%s', (_what, json, fields) => {
    expect(read(json)).toEqual({ ...read({}), ...fields });
  });
});

describe('what programs give', () => {
  test('may be a Date, a bigint, and any JSON for a Struct', () => {
    const at = new Date('1969-12-31T23:59:59.250Z');
    expect(write({ created_at: at, large: 5n, settings: { a: [1, { b: null }], fields: 'x' }, anything: 'y' })).toEqual(
      {
        created_at: '1969-12-31T23:59:59.250Z',
        large: '5',
        settings: { a: [1, { b: null }], fields: 'x' },
        anything: 'y',
      },
    );
  });

  test('is not changed', () => {
    const value = Object.freeze({ counts: Object.freeze(['1']), part: Object.freeze({ part_name: 'a' }) });
    expect(write(value)).toEqual(value);
  });

  test('is an Any when its type is known, and stays bytes when it is not', () => {
    const any = { type_url: 'type.googleapis.com/nobody.Knows', value: Buffer.from([1]) };
    expect(write({ any })).toEqual({ any: { '@type': any.type_url, value: 'AQ==' } });
    expect(write({ any: { '@type': 'x/google.protobuf.Duration', value: '1s' } })).toEqual({
      any: { '@type': 'x/google.protobuf.Duration', value: '1s' },
    });
  });
});

describe('refused, and why', () => {
  test.each([
    [{ plain_text: 'a', number: 1 }, 'Dialects.number: 1 is no value beside .plain_text: the_choice is one of them'],
    [{ by_number: { a: 1 } }, 'Dialects.by_number["a"]: "a" is no int64'],
    [{ by_flag: { yes: {} } }, 'Dialects.by_flag["yes"]: "yes" is no bool'],
    [{ by_flag: { true: { part_name: 1 } } }, 'Dialects.by_flag["true"].part_name: 1 is no string'],
    [{ parts: [{}, { part_name: 1 }] }, 'Dialects.parts[1].part_name: 1 is no string'],
    [{ level: 1.5 }, 'Dialects.level: 1.5 is no Level'],
    [{ settings: [] }, 'Dialects.settings: [] is no object'],
    [{ any: { '@type': 'x/nobody.Knows' } }, 'Dialects.any: "x/nobody.Knows" is no type that is known here'],
    [{ any: { '@type': 'x/go.micro.test.Part', part_name: 1 } }, 'Dialects.any.part_name: 1 is no string'],
    [{ first_name: 'x'.repeat(100).split('') }, 'Dialects.first_name: […] is no string'],
  ])('%j', (json, reason) => {
    expect(() => read(json)).toThrow(new Error(reason));
  });

  test.each<[Record<string, unknown>, RegExp]>([
    [{ created_at: { seconds: '253402300800' } }, /between the years 1 and 9999/],
    [{ created_at: { seconds: 0, nanos: 1_000_000_000 } }, /no part of a second in nanoseconds/],
    [{ created_at: new Date(Number.NaN) }, /created_at: a date is no time/],
    [{ took: { seconds: 1, nanos: -1 } }, /its sign is not that of the seconds/],
  ])('%j when it is written', (value, reason) => {
    expect(() => write(value)).toThrow(reason);
  });

  test('values that contain themselves', async () => {
    const nested = (await loadProto('syntax = "proto3"; message Node { Node next = 1; }')).schema('Node');
    const circle: Record<string, unknown> = {};
    circle['next'] = circle;
    expect(() => protobufCodec.encode(circle, nested)).toThrow(/nested more than 100 deep/);
    const settings: Record<string, unknown> = {};
    settings['again'] = settings;
    expect(() => write({ settings })).toThrow(/nested more than 100 deep/);
    const deep = `${'{"next":'.repeat(200_000)}{}${'}'.repeat(200_000)}`;
    expect(() => jsonCodec.decode(Buffer.from(deep), nested)).toThrow(/nested more than 100 deep/);
  });
});
