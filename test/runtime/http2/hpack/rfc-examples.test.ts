import { expect, test } from 'vitest';
import { HpackDecoder } from '../../../../src/runtime/http2/hpack/decoder.ts';
import { HpackEncoder } from '../../../../src/runtime/http2/hpack/encoder.ts';

// RFC 7541, appendix C: blocks of one connection, and what they say.
type Example = readonly [block: string, fields: readonly string[]];

const firstRequests = [
  [':method', 'GET', ':scheme', 'http', ':path', '/', ':authority', 'www.example.com'],
  [':method', 'GET', ':scheme', 'http', ':path', '/', ':authority', 'www.example.com', 'cache-control', 'no-cache'],
  // biome-ignore format: a field is a pair
  [':method', 'GET', ':scheme', 'https', ':path', '/index.html', ':authority', 'www.example.com', 'custom-key', 'custom-value'],
] as const;

const cookie = 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1';
const [date, later] = ['Mon, 21 Oct 2013 20:13:21 GMT', 'Mon, 21 Oct 2013 20:13:22 GMT'] as const;
const location = ['location', 'https://www.example.com'] as const;
const firstAnswers = [
  [':status', '302', 'cache-control', 'private', 'date', date, ...location],
  [':status', '307', 'cache-control', 'private', 'date', date, ...location],
  // biome-ignore format: a field is a pair
  [':status', '200', 'cache-control', 'private', 'date', later, ...location, 'content-encoding', 'gzip', 'set-cookie', cookie],
] as const;

const plainRequests: readonly string[] = [
  '828684410f7777772e6578616d706c652e636f6d',
  '828684be58086e6f2d6361636865',
  '828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565',
];

const connections: Readonly<Record<string, readonly Example[]>> = {
  'C.2.1 literal with indexing': [
    ['400a637573746f6d2d6b65790d637573746f6d2d686561646572', ['custom-key', 'custom-header']],
  ],
  'C.2.2 literal without indexing': [['040c2f73616d706c652f70617468', [':path', '/sample/path']]],
  'C.2.3 literal never indexed': [['100870617373776f726406736563726574', ['password', 'secret']]],
  'C.2.4 indexed': [['82', [':method', 'GET']]],
  'C.3 requests': plainRequests.map((block, index) => [block, firstRequests[index] ?? []]),
  'C.4 requests in Huffman code': [
    ['828684418cf1e3c2e5f23a6ba0ab90f4ff', firstRequests[0]],
    ['828684be5886a8eb10649cbf', firstRequests[1]],
    ['828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf', firstRequests[2]],
  ],
  'C.5 answers, with eviction': [
    [
      '3fe1014803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d',
      firstAnswers[0],
    ],
    ['4803333037c1c0bf', firstAnswers[1]],
    [
      '88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31',
      firstAnswers[2],
    ],
  ],
  'C.6 answers in Huffman code, with eviction': [
    [
      '3fe101488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3',
      firstAnswers[0],
    ],
    ['4883640effc1c0bf', firstAnswers[1]],
    [
      '88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007',
      firstAnswers[2],
    ],
  ],
};

test.each(Object.entries(connections))('reads %s', (_, examples) => {
  const decoder = new HpackDecoder((fields) => fields, { maxHeadBytes: 4096, maxFields: 100 });
  for (const [block, fields] of examples) expect(decoder.decode(Buffer.from(block, 'hex'))).toEqual(fields);
});

test('writes the requests of C.3', () => {
  const encoder = new HpackEncoder();
  for (const [index, fields] of firstRequests.entries()) {
    const target = Buffer.alloc(encoder.measure(fields, undefined));
    const end = encoder.write(target, 0, fields, undefined);
    expect(target.toString('hex', 0, end)).toBe(plainRequests[index]);
  }
});

test('writes the first two answers of C.5', () => {
  const encoder = new HpackEncoder();
  encoder.limitTable(256);
  for (const [index, [block]] of (connections['C.5 answers, with eviction'] ?? []).slice(0, 2).entries()) {
    const fields = firstAnswers[index] ?? [];
    const target = Buffer.alloc(encoder.measure(fields, undefined));
    expect(target.toString('hex', 0, encoder.write(target, 0, fields, undefined))).toBe(block);
  }
});
