import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newRecordReader, type ReadRecord } from '../../src/discovery/record-fast.ts';
import { recordOf } from '../../src/discovery/record-lazy.ts';
import { recordJson } from '../../src/discovery/record-json.ts';
import { parseRecord } from '../../src/discovery/record.ts';
import type { ServiceRecord, Value } from '../../src/discovery/registry.ts';

const text = (): fc.Arbitrary<string> => fc.string({ unit: 'grapheme', maxLength: 6 });
const name = (): fc.Arbitrary<string> => fc.constantFrom('a', 'b', 'größe', '"', '\\', ',"nodes":[', ',"metadata":{');
const pairs = fc.dictionary(name(), text(), { noNullPrototype: true, maxKeys: 2 });
const value = fc.option(
  fc.record({
    name: text(),
    type: text(),
    values: fc.array(fc.record({ name: text(), type: text(), values: fc.constant([]) }), { maxLength: 2 }),
  }),
  { nil: undefined },
);
const endpoint = fc.record({ name: name(), request: value, response: value, metadata: pairs });
const node = fc.record({ id: name(), address: name(), metadata: pairs });
const record: fc.Arbitrary<ServiceRecord> = fc.record({
  name: name(),
  version: fc.constantFrom('1', '2'),
  metadata: pairs,
  endpoints: fc.array(endpoint, { maxLength: 2 }),
  nodes: fc.array(node, { maxLength: 2 }),
});

/** What somebody might have written instead: other spellings, members left out or doubled, things of other kinds, cuts. */
const mangled = (json: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constant(json),
    fc.constantFrom(
      ...['name', 'nodes', 'metadata', 'values', 'endpoints', 'id'].flatMap((member) => [
        json.replace(`"${member}":`, `"${member.toUpperCase()}":`),
        json.replace(`"${member}":`, `"${member}":null,"${member}":`),
        json.replace(`"${member}":`, `"${member}":7,"x":`),
        json.replace(`"${member}":`, `"__proto__":{},"${member}":`),
        json.replace(`"${member}":`, `"nodes":[],"${member}":`),
      ]),
    ),
    fc.constant(json.replace(/}$/, ',"metadata":{"late":"1"}}')),
    fc.constant(json.replace(/}$/, ',"nodes":[{"id":"late","address":"x"}]}')),
    fc.constant(`${json}\n`),
    fc.constant(JSON.stringify(JSON.parse(json), undefined, 1)),
    fc.nat({ max: json.length }).map((at) => json.slice(0, at)),
    fc
      .tuple(fc.nat({ max: json.length }), fc.constantFrom('{', '}', '[', ']', '"', ',', ' '))
      .map(([at, char]) => `${json.slice(0, at)}${char}${json.slice(at)}`),
  );

/** In the middle of other bytes, as it comes. */
const readWith = (read: ReadRecord, json: string): ServiceRecord => {
  const bytes = Buffer.from(`{"a":1}${json}]}`);
  return recordOf(read(bytes, 7, bytes.length - 2));
};
const readAlone = (json: string): ServiceRecord => readWith(newRecordReader(), json);

const outcome = (read: () => ServiceRecord): unknown => {
  try {
    return read();
  } catch {
    return 'invalid';
  }
};
/** By way of bytes: a cut through a character leaves what cannot be sent. */
const slowly = (json: string): ServiceRecord => parseRecord(JSON.parse(Buffer.from(json).toString()));

describe('reading many records', () => {
  it('gives what reading each of them gives, whatever came before', () => {
    const jsons = fc.array(record.map(recordJson).chain(mangled), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(jsons, (all) => {
        const read = newRecordReader();
        for (const json of [...all, ...all]) {
          expect(outcome(() => readWith(read, json))).toEqual(outcome(() => slowly(json)));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('reads what go-micro 6 writes, which orders members otherwise', () => {
    const json =
      '{"name":"greeter","version":"latest","metadata":null,"endpoints":[{"request":null,"response":null,' +
      '"metadata":{},"name":"Say.Hello"}],"nodes":[{"metadata":{"protocol":"mucp"},"id":"one","address":"10.0.0.1:80"}]}';
    expect(readAlone(json)).toEqual(slowly(json));
  });

  it.each([
    '',
    'null',
    '[]',
    '7',
    '{}',
    '{"name":""}',
    '{"name":"a","nodes":[{"id":""}]}',
    '\u0000',
    '{"nodes":[{}]}',
  ])('refuses %j', (json) => {
    expect(() => readAlone(json)).toThrow(expect.objectContaining({ code: 'invalid' }));
  });

  it('gives endpoints to whoever copies or writes a record, too', () => {
    const deep = (depth: number): Value => ({ name: 'a', type: 'A', values: depth === 0 ? [] : [deep(depth - 1)] });
    for (const depth of [0, 1, 2, 3, 20]) {
      const endpoints = [{ name: 'Say.Hello', request: deep(depth), response: undefined, metadata: { a: 'b' } }];
      const json = recordJson({ ...base, endpoints, nodes: [{ id: 'one', address: '10.0.0.1:80', metadata: {} }] });
      expect({ ...readAlone(json) }).toEqual(slowly(json));
      expect(recordJson(readAlone(json))).toBe(recordJson(slowly(json)));
      expect(readAlone(json)).toHaveProperty('endpoints.0.name', 'Say.Hello');
    }
  });

  it('shares what records have in common', () => {
    const read = newRecordReader();
    const of = (id: string): string =>
      recordJson({ ...base, nodes: [{ id, address: '10.0.0.1:80', metadata: { protocol: 'mucp' } }] });
    const [one, two] = [readWith(read, of('one')), readWith(read, of('two'))];
    expect(two.endpoints).toBe(one.endpoints);
    expect(two.nodes[0]?.metadata).toBe(one.nodes[0]?.metadata);
    expect(two.nodes[0]?.id).toBe('two');
  });
});

const base: ServiceRecord = {
  name: 'greeter',
  version: '1',
  metadata: {},
  endpoints: [{ name: 'Say.Hello', request: undefined, response: undefined, metadata: {} }],
  nodes: [],
};
