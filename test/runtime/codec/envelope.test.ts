import { describe, expect, test } from 'vitest';
import type { Codec, Envelope } from '../../../src/runtime/codec/codec.ts';
import { jsonRpcCodec } from '../../../src/runtime/codec/json-rpc.ts';
import { loadProto } from '../../../src/runtime/codec/proto-file.ts';
import { protoRpcCodec } from '../../../src/runtime/codec/proto-rpc.ts';
import { MicroError } from '../../../src/runtime/errors.ts';

const greetings = await loadProto('syntax = "proto3"; message Greeting { string value = 1; int64 large = 2; }');
const schema = greetings.schema('Greeting');

function envelopeOf({ envelope, name }: Codec): Envelope {
  if (envelope === undefined) throw new Error(`${name} has no envelope`);
  return envelope;
}

const json = envelopeOf(jsonRpcCodec);
const proto = envelopeOf(protoRpcCodec);
const hex = (body: string | Uint8Array): string => Buffer.from(body as Uint8Array).toString('hex');
const fromHex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const notFound = '{"id":"go.micro.srv.greeter","code":404,"detail":"no such thing bob","status":"Not Found"}';

describe("json-rpc is go-micro's", () => {
  const hello = { id: '0', endpoint: 'Greeter.Hello' };

  test('byte for byte when written', () => {
    expect(json.writeRequest(hello, { name: 'bob' }, undefined)).toBe(
      '{"method":"Greeter.Hello","params":[{"name":"bob"}],"id":"0"}\n',
    );
    expect(json.writeAnswer(hello, { msg: 'Hello bob' }, undefined)).toBe(
      '{"id":"0","result":{"msg":"Hello bob"},"error":null}\n',
    );
    expect(json.writeError(hello, notFound)).toBe(
      '{"id":"","result":null,"error":"{\\"id\\":\\"go.micro.srv.greeter\\",\\"code\\":404,\\"detail\\":\\"no such thing bob\\",\\"status\\":\\"Not Found\\"}"}\n',
    );
    expect(jsonRpcCodec.encode({ name: 'bob' }, undefined)).toBe('{"name":"bob"}');
  });

  test.each([
    '{"method":"Greeter.Hello","params":[{"name":"bob"}],"id":"0"}\n',
    '{"params":[{"name":"bob"}],"id":"0","method":"Greeter.Hello"}\n',
    '{"params":[{"name":"bob"},2],"id":0,"method":"Greeter.Hello","jsonrpc":"2.0"} trailing',
  ])('when a request is read: %s', (text) => {
    const request = json.readRequest(Buffer.from(text));
    expect(request).toMatchObject(hello);
    expect(request.decode(undefined)).toEqual({ name: 'bob' });
  });

  test('when an answer is read', () => {
    const read = (text: string): unknown => json.readAnswer(Buffer.from(text), undefined);
    expect(read('{"id":"0","result":{"msg":"Hello bob"},"error":null}\n')).toEqual({ msg: 'Hello bob' });
    expect(read('{"id":"0","result":[1]}')).toEqual([1]);
    expect(read('{}')).toEqual({});
    expect(() => read(String(json.writeError(hello, notFound)))).toThrow(
      new MicroError('go.micro.srv.greeter', 404, 'no such thing bob'),
    );
    expect(() => read('{"error":"out of luck"}')).toThrow(new MicroError('', 0, 'out of luck'));
    expect(() => read('{"error":""}')).toThrow(new MicroError('', 0, 'unspecified error'));
  });

  test('and keeps the digits of long numbers for who knows the type', () => {
    const text = '{"method":"A.B","params":[{"value":"a","large":9007199254740993}],"id":9007199254740993}';
    expect(json.readRequest(Buffer.from(text)).decode(schema)).toEqual({ value: 'a', large: '9007199254740993' });
    const answer = '{"result":{"large":9007199254740993},"error":null}';
    expect(json.readAnswer(Buffer.from(answer), schema)).toEqual({ value: '', large: '9007199254740993' });
  });

  test.each([
    ['', /the params of a request must be an array/],
    ['[]', /a request must be an object/],
    ['null', /a request must be an object/],
    ['"text"', /a request must be an object/],
    ['{"method":"A.B"', /unexpected EOF/],
    ['{"method":"A.B","id":"1"}', /the params of a request must be an array that holds the message/],
    ['{"method":"A.B","params":{"name":"bob"},"id":"1"}', /the params of a request must be an array/],
    ['{"method":"A.B","params":[],"id":"1"}', /the params of a request must be an array/],
    ['{"method":"A.B","params":null,"id":"1"}', /the params of a request must be an array/],
    ['{"method":1,"params":[{}],"id":"1"}', /the method of a request must be a string/],
    ['{"method":"A.B","params":[{}],"id":{}}', /the id of a request must be a string or a number/],
    ['{"method":"A.B","params":[{}],"id":true}', /the id of a request must be a string or a number/],
  ])('refuses the request %s', (text, reason) => {
    expect(() => json.readRequest(Buffer.from(text))).toThrow(reason);
  });

  test.each([
    ['[1]', /an? answer must be an object/],
    ['{"error":{"code":1}}', /the error of an answer must be a string or null/],
    ['{"result":', /unexpected EOF/],
  ])('refuses the answer %s', (text, reason) => {
    expect(() => json.readAnswer(Buffer.from(text), undefined)).toThrow(reason);
  });
});

describe("proto-rpc is go-micro's", () => {
  const pb = { id: '0', endpoint: 'Greeter.Pb' };
  const request1 = '00000015 0a0a477265657465722e5062 110000000000000000 00000005 0a03626f62';
  const request2 = '0000000c 0a0a477265657465722e5062 00000005 0a03626f62';
  const answer1 = '0000000d 0a00 110000000000000000 1a00 00000005 0a03626f62';
  const answer2 = '00000000 00000005 0a03626f62';

  test('byte for byte when written', () => {
    expect(hex(proto.writeRequest(pb, { value: 'bob' }, schema))).toBe(hex(fromHex(request1)));
    expect(hex(proto.writeAnswer(pb, { value: 'bob' }, schema))).toBe(hex(fromHex(answer1)));
    expect(hex(proto.writeError(pb, 'no'))).toBe(hex(fromHex('0000000f 0a00 110000000000000000 1a026e6f 00000000')));
    expect(hex(protoRpcCodec.encode({ value: 'bob' }, schema))).toBe('0a03626f62');
  });

  test.each([request1, request2])('when a request is read: %s', (text) => {
    const request = proto.readRequest(fromHex(text));
    expect(request).toMatchObject(pb);
    expect(request.decode(schema)).toEqual({ value: 'bob', large: '0' });
  });

  test.each([answer1, answer2])('when an answer is read: %s', (text) => {
    expect(proto.readAnswer(fromHex(text), schema)).toEqual({ value: 'bob', large: '0' });
  });

  test('with the error of an answer thrown', () => {
    const body = Buffer.from(proto.writeError(pb, notFound) as Uint8Array);
    expect(() => proto.readAnswer(body, schema)).toThrow(
      new MicroError('go.micro.srv.greeter', 404, 'no such thing bob'),
    );
  });

  test.each([
    '7',
    '-1',
    '18446744073709551615',
    '9223372036854775808',
    'uuid',
    '',
    '+5',
    '1e3',
  ])('with the id %j as Go reads and writes it', (id) => {
    const body = Buffer.from(proto.writeRequest({ id, endpoint: 'A.B' }, {}, schema) as Uint8Array);
    const asGo: Readonly<Record<string, string>> = { '7': '7', '-1': '18446744073709551615', '+5': '5' };
    expect(proto.readRequest(body).id).toBe(asGo[id] ?? '0');
  });

  test('with fields of the future skipped, and long texts whole', () => {
    const head = fromHex('0a0141 20ff01 2900000000000000ff 32036f6e65 3d00000000 0a03422e43');
    const request = proto.readRequest(Buffer.concat([Buffer.from([0, 0, 0, head.length]), head, fromHex('00000000')]));
    expect(request).toMatchObject({ id: '0', endpoint: 'B.C' });
    for (const length of [127, 128, 16_383, 16_384, 3_000_000]) {
      const endpoint = 'é'.repeat(length / 2).padEnd((length + 1) / 2, 'e');
      const body = Buffer.from(proto.writeRequest({ id: '1', endpoint }, {}, schema) as Uint8Array);
      expect(proto.readRequest(body)).toMatchObject({ id: '1', endpoint });
    }
  });

  test.each([
    ['', /ends before the length of the envelope/],
    ['000000', /ends before the length of the envelope/],
    ['ffffffff', /the envelope shall have 4294967295 bytes, and 0 are there/],
    ['00000000', /ends before the length of the message/],
    ['00000000 ffffffff 00', /the message shall have 4294967295 bytes, and 1 are there/],
    ['00000003 0a0541 00000000', /the envelope is cut off/],
    ['00000003 110000 00000000', /the envelope is cut off/],
    ['00000001 0a 00000000', /the envelope is cut off/],
    ['00000001 0b 00000000', /the envelope is no protobuf/],
    ['00000001 ff 00000000', /the envelope is cut off/],
    ['00000006 0affffffffff 00000000', /too long/],
  ])('refuses the body %j', (text, reason) => {
    expect(() => proto.readRequest(fromHex(text))).toThrow(reason);
    expect(() => proto.readAnswer(fromHex(text), schema)).toThrow(reason);
  });
});
