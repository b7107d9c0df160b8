import { assert, dictionary, json, property, string, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage } from '../../../src/runtime/broker/json-message.ts';

describe('a message as JSON', () => {
  it('is written as Go writes it', () => {
    // Made by go-micro 1.18's and 2.9's http broker.
    expect(encodeMessage({ k: 'v', ':topic': 'events' }, 'hello')).toBe(
      '{"Header":{":topic":"events","k":"v"},"Body":"aGVsbG8="}',
    );
    expect(
      encodeMessage({ 'Content-Type': 'application/json', ':topic': 'e', 'Micro-Id': 'f' }, '{"a":"x\\u003cy"}\n'),
    ).toBe(
      '{"Header":{":topic":"e","Content-Type":"application/json","Micro-Id":"f"},"Body":"eyJhIjoieFx1MDAzY3kifQo="}',
    );
    expect(encodeMessage({ '<&>': '\u2028\u2029"\\' }, '')).toBe(
      '{"Header":{"\\u003c\\u0026\\u003e":"\\u2028\\u2029\\"\\\\"},"Body":""}',
    );
    expect(encodeMessage({}, new Uint8Array(0))).toBe('{"Header":{},"Body":""}');
  });

  it('has its headers in the order of their bytes', () => {
    const text = encodeMessage({ '\u{1f600}': '', '\ufb01': '', b: '', B: '', é: '' }, '');
    expect(Object.keys((JSON.parse(text) as { Header: object }).Header)).toEqual([
      'B',
      'b',
      'é',
      '\ufb01',
      '\u{1f600}',
    ]);
  });

  it('is read as it was written', () => {
    assert(
      property(
        dictionary(string({ unit: 'grapheme' }), string({ unit: 'grapheme' })),
        uint8Array(),
        (headers, body) => {
          const decoded = decodeMessage(Buffer.from(encodeMessage(headers, body)));
          expect(decoded?.headers).toEqual({ ...headers });
          expect(decoded?.body).toEqual(Buffer.from(body));
        },
      ),
    );
  });

  it.each([
    '{}',
    '{"Header":null,"Body":null}',
    '{"header":{},"bODY":""}',
    ' {"More":1}',
  ])('may leave out what is empty: %s', (text) => {
    expect(decodeMessage(Buffer.from(text))).toEqual({ headers: {}, body: Buffer.alloc(0) });
  });

  it.each([
    '',
    '1',
    '"x"',
    '[{}]',
    'null',
    '{"Header":{"a":{}}}',
    '{"Header":"a"}',
    '{"Body":"a"}',
    '{"Body":"a==="}',
    '{"Body":"%%%%"}',
    '{"Body":{}}',
  ])('is not %s', (text) => {
    expect(decodeMessage(Buffer.from(text))).toBeUndefined();
  });

  it('is not any JSON: whatever it is, reading it does not throw', () => {
    assert(
      property(json(), (text) => {
        expect(() => decodeMessage(Buffer.from(text))).not.toThrow();
      }),
    );
  });
});
