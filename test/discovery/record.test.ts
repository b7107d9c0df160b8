import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../src/discovery/record.ts';
import { RegistryError } from '../../src/discovery/registry.ts';
import { byVersion, withoutNodes } from '../../src/discovery/versions.ts';
import { node, service } from '../contract/registry.ts';

describe('a service record in JSON', () => {
  it('is read as Go writes it, null for everything that is empty', () => {
    const json = JSON.parse(
      '{"name":"greeter","version":"1","metadata":null,"endpoints":[{"name":"Say.Hello","request":{"name":"Req","type":"Req","values":' +
        '[{"name":"name","type":"string","values":null}]},"response":null,"metadata":null}],"nodes":[{"metadata":null,"id":"a","address":"10.0.0.1:80"}]}',
    );
    expect(parseRecord(json)).toEqual({
      name: 'greeter',
      version: '1',
      metadata: {},
      endpoints: [
        {
          name: 'Say.Hello',
          request: { name: 'Req', type: 'Req', values: [{ name: 'name', type: 'string', values: [] }] },
          response: undefined,
          metadata: {},
        },
      ],
      nodes: [{ id: 'a', address: '10.0.0.1:80', metadata: {} }],
    });
  });

  it('may be as short as a name', () => {
    const empty = { version: '', metadata: {}, endpoints: [], nodes: [] };
    expect(parseRecord({ name: 'greeter' })).toEqual({ name: 'greeter', ...empty });
    expect(parseRecord({ name: 'greeter', endpoints: null, nodes: null, version: null })).toEqual({
      name: 'greeter',
      ...empty,
    });
  });

  it('may spell its members in any case and have members nobody knows', () => {
    const json = { NAME: 'greeter', Extra: 1, Nodes: [{ Id: 'a', ADDRESS: 'x:1', Metadata: { Zone: 'A' }, ttl: 3 }] };
    expect(parseRecord(json).nodes).toEqual([{ id: 'a', address: 'x:1', metadata: { Zone: 'A' } }]);
  });

  it.each([
    ['127.0.0.1', 80, '127.0.0.1:80'],
    ['127.0.0.1:81', 80, '127.0.0.1:81'],
    ['127.0.0.1', 0, '127.0.0.1'],
    ['localhost', 80, 'localhost:80'],
    ['fd00::1', 80, '[fd00::1]:80'],
    ['[fd00::1]', 80, '[fd00::1]:80'],
    ['[fd00::1]:81', 80, '[fd00::1]:81'],
    ['a.nats.subject', undefined, 'a.nats.subject'],
  ])('joins address %s and port %s of an old record', (address, port, joined) => {
    const [read] = parseRecord({ name: 'greeter', nodes: [{ id: 'a', address, port }] }).nodes;
    expect(read).toEqual({ id: 'a', address: joined, metadata: {} });
  });

  it.each([
    [null, 'The service record is not valid: it must be a JSON object'],
    [[], 'The service record is not valid: it must be a JSON object'],
    [{}, 'The service record is not valid: name must be a string'],
    [{ name: '' }, 'The service record is not valid: name must not be empty'],
    [{ name: 'x', version: 1 }, 'The service record is not valid: version must be a string'],
    [{ name: 'x', metadata: { a: 1 } }, 'The service record is not valid: metadata.a must be a string'],
    [{ name: 'x', nodes: {} }, 'The service record is not valid: nodes must be a list'],
    [{ name: 'x', nodes: [{ id: 'a' }] }, 'The service record is not valid: nodes[0].address must be a string'],
    [
      { name: 'x', nodes: [{ id: 'a', address: 'b', port: '1' }] },
      'The service record is not valid: nodes[0].port must be a number',
    ],
    [
      { name: 'x', endpoints: [{ name: 'a' }, 'b'] },
      'The service record is not valid: endpoints[1] must be a JSON object',
    ],
  ])('is refused with a sentence: %j', (json, message) => {
    expect(() => parseRecord(json)).toThrow(new RegistryError('invalid', message));
  });

  it('is read or refused, whatever it is', () => {
    const members = fc.constantFrom(
      'name',
      'version',
      'metadata',
      'endpoints',
      'nodes',
      'id',
      'address',
      'request',
      'values',
      '__proto__',
    );
    const any = fc.jsonValue({ maxDepth: 2 });
    const part = fc.dictionary(members, any, { maxKeys: 5 });
    const json = fc.dictionary(members, fc.oneof(any, part, fc.array(part, { maxLength: 3 })), { maxKeys: 6 });
    fc.assert(
      fc.property(json, (value) => {
        try {
          expect(parseRecord(value).name).not.toBe('');
        } catch (error) {
          expect(error).toMatchObject({ name: 'RegistryError', code: 'invalid' });
        }
      }),
    );
  });
});

describe('records of one service', () => {
  it('come together by version, a later node in place of an earlier one', () => {
    const records = [
      service('x', '1', node('a', 1)),
      service('x', '2', node('b', 2)),
      service('x', '1', node('c', 3), node('a', 4)),
    ];
    expect(byVersion(records)).toEqual([
      service('x', '1', node('a', 4), node('c', 3)),
      service('x', '2', node('b', 2)),
    ]);
  });

  it('lose a version with its last node', () => {
    const records = [service('x', '1', node('a', 1), node('b', 2)), service('x', '2', node('c', 3))];
    expect(withoutNodes(records, new Set(['a', 'c']))).toEqual([service('x', '1', node('b', 2))]);
  });
});
