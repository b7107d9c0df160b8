import { describe, expect, test } from 'vitest';
import { defaultCodecs } from '../../../src/runtime/codec/defaults.ts';
import { jsonCodec } from '../../../src/runtime/codec/json.ts';

const decode = (text: string): unknown => jsonCodec.decode(Buffer.from(text), undefined);

test('the default codecs are found by their content type', () => {
  expect([...defaultCodecs.keys()]).toEqual([
    'application/json',
    'application/protobuf',
    'application/json-rpc',
    'application/proto-rpc',
    'application/octet-stream',
    'application/grpc',
    'application/grpc+proto',
    'application/grpc+json',
    'application/grpc+bytes',
  ]);
  for (const [contentType, codec] of defaultCodecs) expect(codec.contentType).toBe(contentType);
});

test.each([
  [{ name: 'bob' }, '{"name":"bob"}\n'],
  ['hé→', '"hé→"\n'],
  [null, 'null\n'],
  [undefined, '{}\n'],
])('writes %j', (value, text) => {
  expect(jsonCodec.encode(value, undefined)).toBe(text);
});

test('says that it cannot write a circle', () => {
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  expect(() => jsonCodec.encode(circle, undefined)).toThrow(/circular/i);
});

test.each([
  ['{"msg":"Hello bob"}\n', { msg: 'Hello bob' }],
  ['{"msg":"\\u003c\\u0026"}\n', { msg: '<&' }],
  ['', {}],
  [' \n', {}],
  ['{"a":1}{"b":2}', { a: 1 }],
  ['{"a":1} nonsense', { a: 1 }],
  ['[{"a":[1]}] ]', [{ a: [1] }]],
  ['1 2', 1],
  ['"a" }', 'a'],
])('reads %j', (text, value) => {
  expect(decode(text)).toEqual(value);
});

describe('refuses in the words of Go', () => {
  test.each([
    ['{', 'unexpected EOF'],
    ['{"name', 'unexpected EOF'],
    ['{"name":"bob"', 'unexpected EOF'],
    ['{"name":tr', 'unexpected EOF'],
    ['[1,', 'unexpected EOF'],
    ['{x', "invalid character 'x' looking for beginning of object key string"],
    ['hello', "invalid character 'h' looking for beginning of value"],
    ['{"a" 1}', "invalid character '1' after object key"],
  ])('%j', (text, message) => {
    expect(() => decode(text)).toThrow(new Error(message));
  });
});

describe('octets', () => {
  const octets = defaultCodecs.get('application/octet-stream');

  test('carries text and bytes as they are', () => {
    expect(octets?.encode('text', undefined)).toBe('text');
    expect(octets?.encode(Uint8Array.of(0, 255), undefined)).toEqual(Uint8Array.of(0, 255));
    expect(octets?.decode(Buffer.from([0, 255]), undefined)).toEqual(Buffer.from([0, 255]));
    expect(() => octets?.encode({ a: 1 }, undefined)).toThrow('text or bytes');
  });
});
