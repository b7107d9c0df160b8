import { expect, test } from 'vitest';
import { defaultCodecs } from '../../../src/runtime/codec/defaults.ts';
import { jsonCodec } from '../../../src/runtime/codec/json.ts';
import { jsonRpcCodec } from '../../../src/runtime/codec/json-rpc.ts';
import { legacyCodecs, legacyContentType } from '../../../src/runtime/codec/legacy.ts';

test('before 0.22, JSON meant json-rpc and everything binary proto-rpc', () => {
  const names = [...legacyCodecs(defaultCodecs)].map(([contentType, { name }]) => [contentType, name]);
  expect(Object.fromEntries(names)).toEqual({
    'application/json': 'json-rpc',
    'application/json-rpc': 'json-rpc',
    'application/protobuf': 'proto-rpc',
    'application/proto-rpc': 'proto-rpc',
    'application/octet-stream': 'proto-rpc',
  });
});

test('codecs that were taken away stay away, and one with an envelope of its own is kept', () => {
  const mine = { ...jsonRpcCodec, contentType: 'application/mine' };
  const codecs = new Map([
    ['application/json', jsonCodec],
    ['application/mine', mine],
  ]);
  expect([...legacyCodecs(codecs)]).toEqual([['application/mine', mine]]);
});

test.each([
  ['application/json', 'application/json-rpc'],
  ['application/protobuf', 'application/proto-rpc'],
  ['application/json-rpc', 'application/json-rpc'],
  ['application/octet-stream', 'application/octet-stream'],
])('%s is sent to nodes without a protocol as %s', (contentType, sent) => {
  expect(legacyContentType(contentType)).toBe(sent);
});
