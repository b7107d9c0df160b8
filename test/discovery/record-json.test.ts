import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordJson } from '../../src/discovery/record-json.ts';
import { parseRecord } from '../../src/discovery/record.ts';
import type { ServiceRecord } from '../../src/discovery/registry.ts';

const bare: ServiceRecord = { name: 'greeter', version: 'latest', metadata: {}, endpoints: [], nodes: [] };

describe('the JSON of a record', () => {
  it('is the one of a go-micro server', () => {
    const record: ServiceRecord = {
      ...bare,
      name: 'go.micro.srv.greeter',
      version: '2019.12.08.16.01',
      endpoints: [
        {
          name: 'Greeter.Hello',
          request: { name: 'Req', type: 'Req', values: [{ name: 'name', type: 'string', values: [] }] },
          response: { name: 'Rsp', type: 'Rsp', values: [] },
          metadata: {},
        },
        { name: 'Func', request: undefined, response: undefined, metadata: { topic: 'news', subscriber: 'true' } },
      ],
      nodes: [
        {
          id: 'go.micro.srv.greeter-id1',
          address: '127.0.0.1:8080',
          metadata: { transport: 'http', broker: 'http', server: 'mucp', registry: 'etcd', protocol: 'mucp' },
        },
      ],
    };
    expect(recordJson(record)).toBe(
      '{"name":"go.micro.srv.greeter","version":"2019.12.08.16.01","metadata":null,"endpoints":[' +
        '{"name":"Greeter.Hello","request":{"name":"Req","type":"Req","values":[{"name":"name","type":"string","values":null}]},' +
        '"response":{"name":"Rsp","type":"Rsp","values":null},"metadata":{}},' +
        '{"name":"Func","request":null,"response":null,"metadata":{"subscriber":"true","topic":"news"}}],' +
        '"nodes":[{"id":"go.micro.srv.greeter-id1","address":"127.0.0.1:8080","metadata":' +
        '{"broker":"http","protocol":"mucp","registry":"etcd","server":"mucp","transport":"http"}}]}',
    );
  });

  it('writes null for what a server has none of, and a map for each node', () => {
    expect(recordJson(bare)).toBe(
      '{"name":"greeter","version":"latest","metadata":null,"endpoints":null,"nodes":null}',
    );
    expect(
      recordJson({ ...bare, metadata: { owner: 'ops' }, nodes: [{ id: 'a', address: 'b:1', metadata: {} }] }),
    ).toBe(
      '{"name":"greeter","version":"latest","metadata":{"owner":"ops"},"endpoints":null,"nodes":[{"id":"a","address":"b:1","metadata":{}}]}',
    );
  });

  it.each([
    ['<b> & co.', '"\\u003cb\\u003e \\u0026 co."'],
    ['line\u2028paragraph\u2029', '"line\\u2028paragraph\\u2029"'],
    ['tab\tline\nreturn\r"quoted"\\', '"tab\\tline\\nreturn\\r\\"quoted\\"\\\\"'],
    ['bell\u0007back\bfeed\f', '"bell\\u0007back\\u0008feed\\u000c"'],
    ['\\b and \\ud800 typed out', '"\\\\b and \\\\ud800 typed out"'],
    ['half \ud83d a smile', '"half \\ufffd a smile"'],
    ['Grüße 😀\u007f', '"Grüße 😀\u007f"'],
  ])('escapes %j as Go does', (name, json) => {
    expect(recordJson({ ...bare, name })).toBe(
      `{"name":${json},"version":"latest","metadata":null,"endpoints":null,"nodes":null}`,
    );
  });

  it('sorts the names of metadata by their bytes', () => {
    const metadata = { b: '2', '10': 'x', '9': 'y', '\u{1f600}': 'smile', '\uff41': 'wide', a: '1' };
    expect(recordJson({ ...bare, metadata })).toContain(
      '"metadata":{"10":"x","9":"y","a":"1","b":"2","\uff41":"wide","\u{1f600}":"smile"}',
    );
  });

  it('is read as what was written', () => {
    const word = fc.string({ unit: 'grapheme' });
    const needed = fc.string({ unit: 'grapheme', minLength: 1 });
    const metadata = fc.dictionary(
      word.filter((name) => name !== '__proto__'),
      word,
      { noNullPrototype: true },
    );
    const value = fc.letrec<{ readonly value: unknown }>((tie) => ({
      value: fc.record({
        name: word,
        type: word,
        values: fc.oneof({ maxDepth: 2 }, fc.constant([]), fc.array(tie('value'), { maxLength: 2 })),
      }),
    })).value;
    const endpoint = fc.record({
      name: needed,
      request: fc.option(value, { nil: undefined }),
      response: fc.option(value, { nil: undefined }),
      metadata,
    });
    const node = fc.record({ id: needed, address: needed, metadata });
    const record = fc.record({
      name: needed,
      version: word,
      metadata,
      endpoints: fc.array(endpoint, { maxLength: 3 }),
      nodes: fc.array(node, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(record, (any) => {
        expect(parseRecord(JSON.parse(recordJson(any as ServiceRecord)))).toEqual(any);
      }),
      { numRuns: 200 },
    );
  });
});
