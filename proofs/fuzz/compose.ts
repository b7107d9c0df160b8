import * as fc from 'fast-check';

const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('Content-Type', 'Micro-Id', 'micro-endpoint', 'Micro-Service', 'Timeout') },
  {
    weight: 4,
    arbitrary: fc.constantFrom('Content-Length', 'Transfer-Encoding', 'Connection', 'Host', 'Expect', 'Te'),
  },
  { weight: 2, arbitrary: fc.constantFrom('Micro-Stream', 'Micro-Error', 'Micro-Topic', 'Micro-Target', '__proto__') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary-ascii', maxLength: 12 }) },
);
const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('application/json', 'application/protobuf', 'application/proto-rpc', 'EOS') },
  { weight: 4, arbitrary: fc.constantFrom('chunked', 'close', '100-continue', 'Say.Hello', 'Say.Later', 'Count.Up') },
  { weight: 2, arbitrary: fc.integer({ min: -2, max: 40 }).map(String) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  { weight: 1, arbitrary: fc.bigInt({ min: -1n, max: 1n << 70n }).map(String) },
);
const json = fc.json({ maxDepth: 4 });
const body = fc.oneof(
  json,
  json.map((inner) => `{"method":"Say.Hello","params":[${inner}],"id":"1"}`),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.string({ maxLength: 9 }), { maxLength: 4 }).map(chunks),
);
const request = fc.constantFrom(
  'POST / HTTP/1.1',
  'POST /x HTTP/1.0',
  'GET / HTTP/1.1',
  'PRI * HTTP/2.0',
  'POST  / HTTP/1.1',
);
const answer = fc.constantFrom(
  'HTTP/1.1 200 OK',
  'HTTP/1.0 200',
  'HTTP/1.1 204 No Content',
  'HTTP/1.1 500 é',
  'HTTP/1.1 1 x',
);

function chunks(parts: readonly string[]): string {
  const sized = parts.map((part) => `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`);
  return `${sized.join('')}0\r\n\r\n`;
}

const message = (start: fc.Arbitrary<string>): fc.Arbitrary<Buffer> =>
  fc
    .record({ start, fields: fc.array(fc.tuple(name, value), { maxLength: 8 }), body, honest: fc.boolean() })
    .map(({ start, fields, body, honest }) => {
      const lines = fields.map(([field, text]) => `${field}: ${text}\r\n`).join('');
      const length = honest ? `Content-Length: ${Buffer.byteLength(body)}\r\n` : '';
      return Buffer.from(`${start}\r\n${lines}${length}\r\n${body}`);
    });

export const composedRequest: fc.Arbitrary<Buffer> = message(request);
export const composedAnswer: fc.Arbitrary<Buffer> = message(answer);
/** Bytes without any shape. */
export const noise: fc.Arbitrary<Buffer> = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes));
