import { encode as pack, ExtData } from '@msgpack/msgpack';
import { describe, expect, test } from 'vitest';
import { loadMsgpackCodec } from '../../../../src/runtime/codec/msgpack/msgpack.ts';
import { loadProto } from '../../../../src/runtime/codec/proto-file.ts';
import { MicroError } from '../../../../src/runtime/errors.ts';
import { shape } from '../../../../src/runtime/schema.ts';
import { everything } from '../../../fixtures/wire-proto.ts';

const codec = await loadMsgpackCodec();
const { envelope } = codec;
if (envelope === undefined) throw new Error('msgpack-rpc has no envelope');

const fromHex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const hex = (body: string | Uint8Array): string => Buffer.from(body as Uint8Array).toString('hex');
const bytes = (body: string | Uint8Array): Buffer => Buffer.from(body as Uint8Array);

/** Written by go-micro's plugin msgpack-rpc. */
const go = {
  request:
    '9400a137ad477265657465722e48656c6c6f9188a468756765cfffffffffffffffffa5726174696fcb4000000000000000a464617461c40300fffea26174c70c05000000005f5e100007270e00a47461677391a161a46e6f6e65c0a46e616d65a3626f62a56c61726765d38000000000000000',
  answer:
    '9401a137c088a46e6f6e65c0a46e616d65a3626f62a56c61726765d38000000000000000a468756765cfffffffffffffffffa5726174696fcb4000000000000000a464617461c40300fffea26174c70c05000000005f5e100007270e00a47461677391a161',
  error: '9401a137a26e6fc0',
  event:
    '9302a09188a46e616d65a3626f62a56c61726765d38000000000000000a468756765cfffffffffffffffffa5726174696fcb4000000000000000a464617461c40300fffea26174c70c05000000005f5e100007270e00a47461677391a161a46e6f6e65c0',
  emptyEvent: '9302a090',
};

const message = {
  name: 'bob',
  large: '-9223372036854775808',
  huge: '18446744073709551615',
  ratio: 2,
  data: Buffer.from([0, 255, 254]),
  at: new Date('2020-09-13T12:26:40.120Z'),
  tags: ['a'],
  none: null,
};
const messageShape = shape('Message', { large: 'int64', huge: 'uint64' });
const head = { id: '7', endpoint: 'Greeter.Hello' };

describe("msgpack-rpc is the plugin's", () => {
  test('when it is read', () => {
    const request = envelope.readRequest(fromHex(go.request));
    expect(request).toMatchObject(head);
    expect(request.decode(undefined)).toEqual(message);
    expect(envelope.readAnswer(fromHex(go.answer), undefined)).toEqual(message);
    expect(() => envelope.readAnswer(fromHex(go.error), undefined)).toThrow(new MicroError('', 0, 'no'));
    expect(codec.decode(fromHex(go.event), undefined)).toEqual(message);
    expect(codec.decode(fromHex(go.emptyEvent), undefined)).toEqual({});
  });

  test('byte for byte when it is written', () => {
    const { huge, data, at, tags, none, name, large } = message;
    // JavaScript has one kind of number: 2 is written as an integer.
    const float = 'cb4000000000000000';
    const request = { huge, ratio: 2, data, at, tags, none, name, large };
    expect(hex(envelope.writeRequest(head, request, messageShape))).toBe(go.request.replace(float, '02'));
    const answer = { none, name, large, huge, ratio: 2, data, at, tags };
    expect(hex(envelope.writeAnswer(head, answer, messageShape))).toBe(go.answer.replace(float, '02'));
    const event = { name, large, huge, ratio: 2, data, at, tags, none };
    expect(hex(codec.encode(event, messageShape))).toBe(go.event.replace(float, '02'));
    expect(hex(envelope.writeError(head, 'no'))).toBe(go.error);
  });
});

describe('values', () => {
  test.each([
    ['texts', 'hé→'],
    ['long texts', 'x'.repeat(70_000)],
    ['numbers', 0.5],
    ['lists in maps', { a: [1, 'b', [null, true, {}]] }],
    ['many', { a: Array.from({ length: 70_000 }, (_, at) => at - 35_000) }],
    ['dates, also before 1970', { a: new Date(-1), b: new Date(0) }],
    ['bytes', { a: Buffer.from([255]), b: Buffer.alloc(70_000, 1) }],
    ['long integers that a double holds', { a: 2 ** 40, b: -(2 ** 40), c: 4_294_967_295 }],
  ])('%s survive', (_what, value) => {
    expect(codec.decode(bytes(codec.encode(value, undefined)), undefined)).toEqual(value);
    const request = envelope.readRequest(bytes(envelope.writeRequest(head, value, undefined)));
    expect(request.decode(undefined)).toEqual(value);
  });

  test('bigints are 64-bit integers', () => {
    const read = (value: unknown): unknown => codec.decode(bytes(codec.encode(value, undefined)), undefined);
    expect(read({ a: 5n, b: 2n ** 64n - 1n })).toEqual({ a: 5, b: '18446744073709551615' });
    expect(() => codec.encode({ a: -(2n ** 64n) }, undefined)).toThrow('-18446744073709551616 has more than 64 bits');
  });

  test('an event may come bare, a time in the form of MessagePack itself', () => {
    const at = new Date(1_600_000_000_120);
    expect(codec.decode(Buffer.from(pack({ name: 'bob', at })), undefined)).toEqual({ name: 'bob', at });
    expect(codec.decode(Buffer.alloc(0), undefined)).toEqual({});
  });

  test('of a protobuf type have its checks', async () => {
    const schema = (await loadProto(everything)).schema('Everything');
    const at = new Date('2020-09-13T12:26:40.120Z');
    const value = codec.decode(bytes(codec.encode({ first_name: 'a', large: '5', at }, schema)), schema);
    expect(value).toMatchObject({ first_name: 'a', large: '5', at: { seconds: '1600000000', nanos: 120_000_000 } });
    expect(() => codec.decode(Buffer.from(pack({ first_name: 1 })), schema)).toThrow(/1 is no string/);
  });
});

describe('msgpack-rpc refuses', () => {
  test.each([
    ['nothing', '', /announces more than there is/],
    ['no array', '80', /must be an array of 4 that begins with 0/],
    ['an answer for a request', go.answer, /must be an array of 4 that begins with 0/],
    ['two messages', '9400a137a141920102', /the params must be an array of one message/],
    ['no array of messages', '9400a137a14180', /the params must be an array of one message/],
    ['a number for an id', '940007a14190', /the id must be a text/],
    ['a number for a method', '9400a1370190', /the method must be a text/],
    ['a text that is cut off', '9400a137ad4772', /announces more than there is/],
    ['a byte that means nothing', 'c1', /no value begins with the byte 193/],
    ['a list of four thousand million', 'ddffffffff', /announces more than there is/],
    ['lists that announce as much as there is, each', 'dd000000ff'.repeat(60), /announces more than there is/],
    ['values too deep', `${'91'.repeat(2000)}c0`, /nested more than 1000 deep/],
    ['a kind of value nobody knows', '9400a137a14191d46301', /no meaning in extension 99/],
    ['a time that is none', '9400a137a14191d40501', /a time has 12 bytes, not 1/],
  ])('%s', (_what, text, reason) => {
    expect(() => envelope.readRequest(fromHex(text)).decode(undefined)).toThrow(reason);
  });

  test('what only others can read', () => {
    const foreign = Buffer.from(pack({ a: new ExtData(99, new Uint8Array(1)) }));
    expect(() => codec.decode(foreign, undefined)).toThrow(/no meaning in extension 99/);
    expect(() => codec.encode({ at: new Date(Number.NaN) }, undefined)).toThrow(/an invalid date has no time/);
  });
});
