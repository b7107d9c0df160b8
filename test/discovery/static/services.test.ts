import { expect, it } from 'vitest';
import { recordJson } from '../../../src/discovery/record-json.ts';
import type { ServiceRecord } from '../../../src/discovery/registry.ts';
import { inlineServices } from '../../../src/discovery/static/inline.ts';
import { readServices } from '../../../src/discovery/static/services.ts';
import { staticRegistry } from '../../../src/discovery/static/static.ts';
import { node, service } from '../../contract/registry.ts';

const record = (
  name: string,
  address: string,
  metadata = {},
  id = `${name}-${address}`,
  version = 'latest',
): ServiceRecord => ({
  name,
  version,
  metadata: {},
  endpoints: [],
  nodes: [{ id, address, metadata: { protocol: 'mucp', ...metadata } }],
});

it('reads services as they are typed', () => {
  expect(inlineServices(' greeter=10.0.0.1:80, grpc://[::1]:81 ;\n go.micro/x = queue ;')).toEqual([
    record('greeter', '10.0.0.1:80'),
    record('greeter', '[::1]:81', { protocol: 'grpc' }),
    record('go.micro/x', 'queue'),
  ]);
});

it.each([
  ['10.0.0.1:80', 'names no service'],
  ['=10.0.0.1:80', 'names no service'],
  ['a=1:1;10.0.0.1:80', '"10.0.0.1:80" names no service'],
  ['a=', 'a: "" is no address'],
  ['a=1:1,', 'a: "" is no address'],
  ['a=1:1 b=2:2', 'a: "1:1 b=2:2" is no address'],
  ['a=http://1:1', 'a: "http://1:1" is no address: use host:port or grpc://host:port'],
  ['a=grpc://', 'is no address'],
])('refuses the services %j', (text, reason) => {
  const invalid = expect.objectContaining({
    name: 'RegistryError',
    code: 'invalid',
    message: expect.stringContaining(reason),
  });
  expect(() => inlineServices(text)).toThrow(invalid);
  expect(() => staticRegistry({ addresses: text.split(',') })).toThrow(invalid);
});

it.each([[[]], [['']], [[' ', '']], [['file://host.example/x']]])('refuses the addresses %j', (addresses) => {
  expect(() => staticRegistry({ addresses })).toThrow(expect.objectContaining({ code: 'invalid' }));
});

it('reads services as they are written into a file', () => {
  const text = JSON.stringify({
    greeter: [
      '10.0.0.1:80',
      { address: '10.0.0.2:80', protocol: 'grpc', metadata: { zone: 'a' } },
      { address: 'grpc://10.0.0.3:80', version: '2', id: 'three' },
      { address: '10.0.0.4:80', metadata: { protocol: 'grpc' } },
    ],
    single: '10.0.0.1:81',
    other: { address: '10.0.0.1:82' },
    nobody: [],
    'a/b ü': '10.0.0.1:83',
  });
  expect(readServices(text)).toEqual([
    record('greeter', '10.0.0.1:80'),
    record('greeter', '10.0.0.2:80', { protocol: 'grpc', zone: 'a' }),
    record('greeter', '10.0.0.3:80', { protocol: 'grpc' }, 'three', '2'),
    record('greeter', '10.0.0.4:80', { protocol: 'grpc' }),
    record('single', '10.0.0.1:81'),
    record('other', '10.0.0.1:82'),
    record('a/b ü', '10.0.0.1:83'),
  ]);
});

it('reads records of go-micro', () => {
  const [one, two] = [service('greeter', '1', node('one', 1), node('two', 2)), service('other', '2', node('three', 3))];
  expect(readServices(`[${recordJson(one)},${recordJson(two)}, {"Name":"empty"}]`)).toEqual([
    service('greeter', '1', node('one', 1)),
    service('greeter', '1', node('two', 2)),
    two,
  ]);
});

it.each([
  ['', 'unexpected end of JSON input at line 1 column 1'],
  ['{\n  "a": "1:1",\n  "b" "1:1"\n}', 'line 3 column 7'],
  ['{\n  "a": "1:1",\n  "\\u0061": []\n}', 'the service "a" is there twice: at line 3 column 3'],
  ['7', 'it must be an object'],
  ['null', 'it must be an object'],
  ['{"a": 7}', 'a: a node is an address'],
  ['{"a": null}', 'a: a node is an address'],
  ['{"a": [[]]}', 'a[0]: a node is an address'],
  ['{"": "1:1"}', 'a service needs a name'],
  ['{"a": ["1:1", "http://2:2"]}', 'a[1]: "http://2:2" is no address'],
  ['{"a": {}}', 'a: a node needs an address'],
  ['{"a": {"adress": "1:1"}}', 'a: a node has no "adress", only address, id'],
  ['{"a": {"address": 7}}', 'a.address must be a text'],
  ['{"a": {"address": "1:1", "id": ""}}', 'a.id must be a text'],
  ['{"a": {"address": "1:1", "metadata": {"k": 7}}}', 'a.metadata.k must be a text'],
  ['{"a": {"address": "1:1", "metadata": null}}', 'a.metadata must be an object'],
  ['{"a": {"address": "mucp://1:1", "protocol": "grpc"}}', 'a: the address says mucp, the protocol grpc'],
  ['[7]', '[0]: The service record is not valid'],
  ['[{"name":"a"},{"name":"b","nodes":[{"id":"x"}]}]', '[1]: The service record is not valid: nodes[0].address'],
])('refuses a file with %j', (text, reason) => {
  expect(() => readServices(text)).toThrow(
    expect.objectContaining({ code: 'invalid', message: expect.stringContaining(reason) }),
  );
});
