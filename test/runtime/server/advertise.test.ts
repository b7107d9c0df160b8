import type { NetworkInterfaceInfo } from 'node:os';
import { expect, test } from 'vitest';
import { advertisedAddress } from '../../../src/runtime/server/advertise.ts';
import { hello, newWorld } from '../world.ts';

const machine =
  (...addresses: readonly string[]) =>
  (): NodeJS.Dict<NetworkInterfaceInfo[]> => ({
    lo: [info('127.0.0.1', true)],
    eth0: addresses.map((address) => info(address, false)),
  });

const info = (address: string, internal: boolean): NetworkInterfaceInfo => ({
  address,
  internal,
  netmask: '',
  mac: '',
  cidr: null,
  family: 'IPv4',
});

test.each([
  ['127.0.0.1:80', undefined, [], '127.0.0.1:80'],
  ['0.0.0.0:80', undefined, ['8.8.8.8', '10.1.2.3'], '10.1.2.3:80'],
  ['[::]:80', undefined, ['100.64.0.1'], '100.64.0.1:80'],
  [':80', undefined, ['172.31.0.1'], '172.31.0.1:80'],
  [':80', undefined, ['fe80::1', 'fd00::1'], '[fd00::1]:80'],
  [':80', undefined, ['fd00::1', '10.0.0.2'], '10.0.0.2:80'],
  [':80', undefined, ['2001:db8::1', '8.8.8.8'], '8.8.8.8:80'],
  [':80', undefined, ['8.8.8.8', 'fd00::1'], '[fd00::1]:80'],
  ['0.0.0.0:80', undefined, ['8.8.8.8'], '8.8.8.8:80'],
  ['0.0.0.0:80', undefined, [], '127.0.0.1:80'],
  ['[::1]:80', undefined, [], '[::1]:80'],
  ['0.0.0.0:80', 'example.org', ['10.1.2.3'], 'example.org:80'],
  ['0.0.0.0:80', 'example.org:443', [], 'example.org:443'],
  ['0.0.0.0:80', ':443', ['10.1.2.3'], '10.1.2.3:443'],
  ['0.0.0.0:80', '[::1]', [], '[::1]:80'],
  ['_INBOX.abc', undefined, [], '_INBOX.abc'],
])('bound to %s, told %s, on a machine with %j: %s', (bound, wanted, addresses, expected) => {
  expect(advertisedAddress(bound, wanted, machine(...addresses))).toBe(expected);
});

test('a server registers the address it is told to', async () => {
  const world = newWorld();
  const server = await world.serve({ Hello: hello }, { advertise: 'greeter.example.org' });
  expect(server.address).toMatch(/^greeter\.example\.org:\d+$/);
  expect((await world.registry.getService('greeter'))[0]?.nodes[0]?.address).toBe(server.address);
});
