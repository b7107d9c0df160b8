import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../../../src/runtime/transport/http/limits.ts';
import { Parser } from '../../../../src/runtime/transport/http/parser.ts';
import { TransportError } from '../../../../src/runtime/transport/transport.ts';
import {
  emptyRequest,
  errorResponse,
  jsonRequest,
  jsonResponse,
  streamRequests,
  streamResponses,
  textOf,
} from '../../../fixtures/wire-http.ts';

type Kind = 'request' | 'response';

/** What a parser makes of the pieces and the end after them: messages, then `end` or the code of the error. */
function outcome(kind: Kind, pieces: readonly Uint8Array[], limits = defaultLimits): readonly unknown[] {
  const parser = new Parser(kind, limits);
  const seen: unknown[] = [];
  const note = (message: ReturnType<Parser['next']>): boolean => {
    if (message !== undefined) seen.push([Object.entries(message.headers), message.body.toString('hex')]);
    return message !== undefined;
  };
  try {
    for (const piece of pieces) {
      parser.push(Buffer.from(piece));
      while (note(parser.next()));
    }
    note(parser.end());
    seen.push('end');
  } catch (error) {
    // Anything else is a crash, and fails the test.
    if (!(error instanceof TransportError)) throw error;
    seen.push(error.code);
  }
  return seen;
}

/** Cuts bytes at the given places. */
function cut(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const cuts = [0, ...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((to, at) => bytes.subarray(cuts[at], to));
}

const chunked =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: é\r\n\r\n';
const toTheEnd = `HTTP/1.1 206 é\r\nFoo: ${'x'.repeat(3000)}\r\n\r\nto the end`;

const corpus: readonly (readonly [Kind, string])[] = [
  ['request', textOf(jsonRequest).repeat(3)],
  ['request', textOf(emptyRequest) + textOf(jsonRequest)],
  ['request', streamRequests.map(textOf).join('')],
  ['request', `POST / HTTP/1.1\r\nFoo: ${'é'.repeat(2100)}\r\nContent-Length: 2\r\n\r\né${textOf(jsonRequest)}`],
  ['response', textOf(jsonResponse) + textOf(errorResponse) + textOf(jsonResponse)],
  ['response', streamResponses.map(textOf).join('')],
  ['response', chunked + textOf(jsonResponse) + toTheEnd],
];

describe('how bytes were cut changes nothing', () => {
  test.each(corpus)('%s in two pieces, at every place: %#', (kind, text) => {
    const bytes = Buffer.from(text);
    const whole = outcome(kind, [bytes]);
    expect(whole.at(-1)).toBe('end');
    expect(whole.length).toBeGreaterThan(1);
    for (let place = 0; place <= bytes.length; place += 1) expect(outcome(kind, cut(bytes, [place]))).toEqual(whole);
  });

  test.each(corpus)('%s byte by byte: %#', (kind, text) => {
    const bytes = Buffer.from(text);
    expect(
      outcome(
        kind,
        [...bytes].map((byte) => Uint8Array.of(byte)),
      ),
    ).toEqual(outcome(kind, [bytes]));
  });
});

/** Bytes that decide something in HTTP. */
const telling = fc.constantFrom(...Buffer.from('\r\n\0 :;,0159aAfFxX-+\té'));
const mutation = fc.record({
  place: fc.nat(),
  kind: fc.constantFrom('replace', 'insert', 'delete', 'repeat'),
  byte: fc.oneof(telling, fc.integer({ min: 0, max: 255 })),
  length: fc.integer({ min: 1, max: 40 }),
});

function mutate(
  bytes: Buffer,
  changes: readonly (typeof mutation extends fc.Arbitrary<infer T> ? T : never)[],
): Buffer {
  return changes.reduce((before, { place, kind, byte, length }) => {
    const at = place % (before.length + 1);
    const [head, tail] = [before.subarray(0, at), before.subarray(at)];
    if (kind === 'insert') return Buffer.concat([head, Uint8Array.of(byte), tail]);
    if (kind === 'delete') return Buffer.concat([head, tail.subarray(length)]);
    if (kind === 'repeat') return Buffer.concat([head, tail.subarray(0, length), tail]);
    return Buffer.concat([head, Uint8Array.of(byte), tail.subarray(1)]);
  }, bytes);
}

test('the words of a status are UTF-8 however the head comes', () => {
  const bytes = Buffer.concat([
    Buffer.from('HTTP/1.1 206 '),
    Buffer.from([0xc3, 0x78, 0xa9]),
    Buffer.from('\r\nA: é\r\n\r\n'),
  ]);
  const limits = { maxHeadBytes: 8192, maxHeaders: 30, maxBodyBytes: 10_000 };
  const whole = outcome('response', [bytes], limits);
  for (let place = 1; place < bytes.length; place += 1)
    expect(outcome('response', cut(bytes, [place]), limits)).toEqual(whole);
  expect(JSON.stringify(whole)).toContain('206 \ufffdx\ufffd');
});

describe('mutated messages', () => {
  const limits = { maxHeadBytes: 8192, maxHeaders: 30, maxBodyBytes: 10_000 };

  test('never crash, and come out the same however they were cut', () => {
    const input = fc.record({
      sample: fc.constantFrom(...corpus),
      changes: fc.array(mutation, { minLength: 1, maxLength: 4 }),
      places: fc.array(fc.nat(), { maxLength: 6 }),
    });
    fc.assert(
      fc.property(input, ({ sample: [kind, text], changes, places }) => {
        const bytes = mutate(Buffer.from(text), changes);
        const whole = outcome(kind, [bytes], limits);
        expect(outcome(kind, cut(bytes, places), limits)).toEqual(whole);
      }),
      { numRuns: 3000 },
    );
  });

  test('any bytes at all never crash', () => {
    fc.assert(
      fc.property(fc.constantFrom<Kind>('request', 'response'), fc.uint8Array({ maxLength: 300 }), (kind, bytes) => {
        expect(outcome(kind, [bytes], limits).length).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });
});

test('what a memory of earlier heads makes of a head is what a new parser makes of it', () => {
  const value = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replace(/[\0\r\n]/g, '').trim());
  const field = fc.tuple(fc.constantFrom('Micro-Id', 'micro-id', 'Foo', 'Bar', 'Content-Type', 'Connection'), value);
  const message = fc.record({
    fields: fc.array(field, { maxLength: 6 }),
    body: fc.string({ unit: 'grapheme', maxLength: 10 }),
  });
  const bytesOf = ({ fields, body }: typeof message extends fc.Arbitrary<infer T> ? T : never): Buffer =>
    Buffer.from(
      `POST / HTTP/1.1\r\n${fields.map(([name, text]) => `${name}: ${text}\r\n`).join('')}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  fc.assert(
    fc.property(
      fc.array(message, { minLength: 2, maxLength: 4 }),
      fc.array(fc.nat(), { maxLength: 20 }),
      (kinds, picks) => {
        const pieces = picks
          .flatMap((pick) => kinds.slice(pick % kinds.length, (pick % kinds.length) + 1))
          .map(bytesOf);
        const alone = pieces.flatMap((piece) => outcome('request', [piece]).slice(0, -1));
        expect(outcome('request', [Buffer.concat(pieces)])).toEqual([...alone, 'end']);
        expect(outcome('request', pieces)).toEqual([...alone, 'end']);
      },
    ),
    { numRuns: 500 },
  );
});
