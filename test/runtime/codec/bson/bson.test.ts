import { deserialize, ObjectId, serialize, Timestamp } from 'bson';
import { describe, expect, test } from 'vitest';
import { loadBsonCodec } from '../../../../src/runtime/codec/bson/bson.ts';
import { loadProto } from '../../../../src/runtime/codec/proto-file.ts';
import { MicroError } from '../../../../src/runtime/errors.ts';
import { shape } from '../../../../src/runtime/schema.ts';
import { everything } from '../../../fixtures/wire-proto.ts';

const codec = await loadBsonCodec();
const { envelope } = codec;
if (envelope === undefined) throw new Error('bson-rpc has no envelope');

const fromHex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const hex = (body: string | Uint8Array): string => Buffer.from(body as Uint8Array).toString('hex');
const bytes = (body: string | Uint8Array): Buffer => Buffer.from(body as Uint8Array);

/** Written by go-micro's plugin bson-rpc: the struct `all` with one field of each kind. */
const go = {
  all: 'bb000000054e616d6500060000000068c3a9e2869210536d616c6c00fbffffff124c61726765000000000000000080124875676500ffffffffffffffff01526174696f0000000000000000400852656164790001054461746100030000000000fffe045461677300170000000530000100000000610531000100000000620003496e6e657200110000000544656570000100000000780003436f756e7400100000001261000100000000002000000941740078806e877401000000',
  requestHead: '3100000005536572766963654d6574686f64000d00000000477265657465722e48656c6c6f055365710001000000003700',
  answerHead: '3000000005536572766963654d6574686f640000000000000553657100010000000037054572726f7200000000000000',
  errorHead: '3200000005536572766963654d6574686f640000000000000553657100010000000037054572726f720002000000006e6f00',
  text: '14000000055f56616c5f000300000000626f6200',
  list: '1700000005300001000000006105310001000000006200',
};

const all = {
  Name: 'hé→',
  Small: -5,
  Large: '-9223372036854775808',
  Huge: '18446744073709551615',
  Ratio: 2,
  Ready: true,
  Data: Buffer.from([0, 255, 254]),
  Tags: ['a', 'b'],
  Inner: { Deep: 'x' },
  Count: { a: '9007199254740993' },
  At: new Date('2020-09-13T12:26:40.120Z'),
};
const allShape = shape('All', {
  Name: 'string',
  Large: 'int64',
  Huge: 'uint64',
  Ratio: 'float64',
  Data: '[]uint8',
  Tags: '[]string',
  Inner: shape('Inner', { Deep: 'string' }),
});
const head = { id: '7', endpoint: 'Greeter.Hello' };

describe("bson-rpc is the plugin's", () => {
  test('envelope, byte for byte', () => {
    const empty = '0500000000';
    expect(hex(envelope.writeRequest(head, undefined, undefined))).toBe(go.requestHead + empty);
    expect(hex(envelope.writeAnswer(head, undefined, undefined))).toBe(go.answerHead + empty);
    expect(hex(envelope.writeError(head, 'no'))).toBe(go.errorHead);
  });

  test('messages, when they are read', () => {
    expect(codec.decode(fromHex(go.all), allShape)).toEqual(all);
    const request = envelope.readRequest(fromHex(go.requestHead + go.all));
    expect(request).toMatchObject(head);
    expect(request.decode(allShape)).toEqual(all);
    expect(envelope.readAnswer(fromHex(go.answerHead + go.all), allShape)).toEqual(all);
    expect(() => envelope.readAnswer(fromHex(go.errorHead), allShape)).toThrow(new MicroError('', 0, 'no'));
    expect(codec.decode(fromHex(go.text), undefined)).toBe('bob');
    expect(codec.decode(fromHex(go.list), undefined)).toEqual({ 0: 'a', 1: 'b' });
  });

  test('messages without a shape: what is UTF-8 is text, what is no text is bytes', () => {
    expect(codec.decode(fromHex(go.all), undefined)).toEqual({ ...all, Huge: -1 });
  });

  test('kinds, when Go shall read them: whole floats and long integers', () => {
    const written = deserialize(bytes(codec.encode({ ...all, Small: 3_000_000_000 }, allShape)), {
      promoteValues: false,
    });
    expect(Object.entries(written).map(([name, value]) => `${name} ${value.constructor.name}`)).toEqual([
      'Name String',
      'Small Long',
      'Large Long',
      'Huge Long',
      'Ratio Double',
      'Ready Boolean',
      'Data Binary',
      'Tags Array',
      'Inner Object',
      'Count Object',
      'At Date',
    ]);
  });
});

describe('values', () => {
  test.each([
    ['texts', 'hé→'],
    ['numbers', 0.5],
    ['lists', { 0: 1, 1: 'b' }],
    ['dates', new Date(1_600_000_000_120)],
    ['bytes', Buffer.from([255])],
    ['maps in lists', { a: [{ b: [null, true, -1, 1.5, '', {}] }] }],
    ['long integers that a double holds', { a: 2 ** 40, b: -(2 ** 40) }],
    ['a member called __proto__', JSON.parse('{"__proto__":{"a":1}}')],
  ])('%s survive', (_what, value) => {
    expect(codec.decode(bytes(codec.encode(value, undefined)), undefined)).toEqual(value);
  });

  test('bigints are 64-bit integers', () => {
    const read = (value: unknown): unknown => codec.decode(bytes(codec.encode(value, undefined)), undefined);
    expect(read({ a: 5n, b: -(2n ** 63n) })).toEqual({ a: 5, b: '-9223372036854775808' });
    expect(() => codec.encode({ a: 2n ** 64n }, undefined)).toThrow('18446744073709551616 has more than 64 bits');
  });

  test('a message larger than the package has room for is whole', () => {
    const large = { text: 'x'.repeat(20_000_000), last: 1 };
    expect(codec.decode(bytes(codec.encode(large, undefined)), undefined)).toEqual(large);
  });

  test('what is absent is an empty message', () => {
    expect(codec.decode(Buffer.alloc(0), undefined)).toEqual({});
    for (const nothing of [undefined, null]) expect(hex(codec.encode(nothing, undefined))).toBe('0500000000');
  });

  test('of MongoDB are read as texts, where texts can say it', () => {
    const id = new ObjectId();
    expect(codec.decode(Buffer.from(serialize({ id })), undefined)).toEqual({ id: id.toHexString() });
    const strange = Buffer.from(serialize({ at: new Timestamp(1n) }));
    expect(() => codec.decode(strange, undefined)).toThrow(/no values like new Timestamp/);
  });

  test('of a protobuf type have its checks', async () => {
    const schema = (await loadProto(everything)).schema('Everything');
    const at = new Date('2020-09-13T12:26:40.120Z');
    const value = codec.decode(bytes(codec.encode({ first_name: 'a', large: '5', at }, schema)), schema);
    expect(value).toMatchObject({ first_name: 'a', large: '5', at: { seconds: '1600000000', nanos: 120_000_000 } });
    expect(() => codec.decode(Buffer.from(serialize({ first_name: 1 })), schema)).toThrow(/1 is no string/);
  });
});

describe('bson-rpc refuses', () => {
  test.each([
    ['nothing', '', /ends before the envelope/],
    ['an envelope alone', go.requestHead, /ends before the message/],
    ['a length beyond the body', 'ffffff7f00', /the envelope shall have 2147483647 bytes, and 5 are there/],
    ['a message that is cut off', `${go.requestHead}bb000000054e`, /the message shall have 187 bytes, and 6 are there/],
    ['a document that is too short for itself', '0100000000', /./],
    ['a number for the endpoint', '1f00000010536572766963654d6574686f6400010000000553657100 00000000 00 00', /./],
  ])('%s', (_what, text, reason) => {
    expect(() => envelope.readRequest(fromHex(text))).toThrow(reason);
  });

  test('an envelope with something other than texts', () => {
    const body = Buffer.concat([serialize({ ServiceMethod: 1 }), serialize({})]);
    expect(() => envelope.readRequest(body)).toThrow('the ServiceMethod of an envelope must be a text');
  });
});
