import { describe, expect, test } from 'vitest';
import type { Codec } from '../../../src/runtime/codec/codec.ts';
import { defaultCodecs } from '../../../src/runtime/codec/defaults.ts';
import { loadProto } from '../../../src/runtime/codec/proto-file.ts';

const file = await loadProto('syntax = "proto3"; message Greeting { string value = 1; }');
const greeting = file.schema('Greeting');
const fromHex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const limit = 4 * 1024 * 1024;

function codecOf(contentType: string): Codec {
  const codec = defaultCodecs.get(contentType);
  if (codec === undefined) throw new Error(`no codec for ${contentType}`);
  return codec;
}

const bob = '00 00000005 0a03626f62';
const json = `00 0000000e ${Buffer.from('{"name":"bob"}').toString('hex')}`;

describe.each(['application/grpc', 'application/grpc+proto'])('%s over mucp', (contentType) => {
  const codec = codecOf(contentType);

  test('is protobuf behind five bytes', () => {
    expect(codec.encode({ value: 'bob' }, greeting)).toEqual(fromHex(bob));
    expect(codec.encode(undefined, greeting)).toEqual(fromHex('0000000000'));
    expect(codec.decode(fromHex(bob), greeting)).toEqual({ value: 'bob' });
  });

  test.each([
    ['published bare by a gRPC client', '0a03626f62', 'bob'],
    ['followed by more', `${bob}ffff`, 'bob'],
    ['an empty frame', '0000000000', ''],
    ['an empty body, as v2 sends an empty message', '', ''],
  ])('reads a message that is %s', (_what, text, value) => {
    expect(codec.decode(fromHex(text), greeting)).toEqual({ value });
  });

  test.each([
    ['0000', /begins with 5 bytes, and 2 are there/],
    ['00 00000006 0a03626f62', /shall have 6 bytes, and 5 are there/],
    ['00 ffffffff', /has 4294967295 bytes, more than the 4194304/],
    ['01 00000005 0a03626f62', /is compressed/],
    ['00 00000002 0a05', /./],
  ])('refuses %s', (text, reason) => {
    expect(() => codec.decode(fromHex(text), greeting)).toThrow(reason);
  });

  test('neither writes nor reads more than go-micro takes', () => {
    const value = 'x'.repeat(limit);
    expect(() => codec.encode({ value }, greeting)).toThrow(/more than the 4194304 it may have/);
    expect(() => codec.decode(Buffer.alloc(limit + 1, 0x0a), greeting)).toThrow(/more than the 4194304/);
  });
});

describe('application/grpc+json over mucp', () => {
  const codec = codecOf('application/grpc+json');

  test('is JSON behind five bytes, without a line break', () => {
    expect(codec.encode({ name: 'bob' }, undefined)).toEqual(fromHex(json));
    expect(codec.decode(fromHex(json), undefined)).toEqual({ name: 'bob' });
  });

  test('is read bare, too', () => {
    expect(codec.decode(Buffer.from('{"name":"bob"}'), undefined)).toEqual({ name: 'bob' });
    expect(codec.decode(Buffer.alloc(0), undefined)).toEqual({});
  });

  test('is refused when it is no JSON', () => {
    expect(() => codec.decode(fromHex('00 00000001 7b'), undefined)).toThrow('unexpected EOF');
    expect(() => codec.decode(fromHex('00 00000002 7b'), undefined)).toThrow(/shall have 2 bytes, and 1 are there/);
  });
});
