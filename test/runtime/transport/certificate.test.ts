import { X509Certificate, createPrivateKey } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { namesOf, selfSigned } from '../../../src/runtime/transport/certificate.ts';

const dayMs = 24 * 60 * 60 * 1000;

test('a certificate that vouches for itself, for a year, with the key that belongs to it', () => {
  const { cert, key } = selfSigned(['localhost']);
  const read = new X509Certificate(cert);
  expect(read.verify(read.publicKey)).toBe(true);
  expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(read.checkIssued(read)).toBe(true);
  expect(read.ca).toBe(true);
  expect(read.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  expect(read.subject).toBe('O=micro-bot');
  const [from, to] = [Date.parse(read.validFrom), Date.parse(read.validTo)];
  expect(from).toBeLessThan(Date.now());
  expect(Math.round((to - from) / dayMs)).toBe(365);
});

test('each has a key and a number of its own', () => {
  const [one, other] = [selfSigned(['a']), selfSigned(['a'])].map(({ cert }) => new X509Certificate(cert));
  expect(one?.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
  expect(one?.serialNumber).not.toBe(other?.serialNumber);
  expect(one?.verify(other?.publicKey ?? one.publicKey)).toBe(false);
});

test.each([
  ['a name', 'example.com', 'DNS:example.com'],
  ['IPv4', '192.168.1.200', 'IP Address:192.168.1.200'],
  ['IPv6', '::1', 'IP Address:0:0:0:0:0:0:0:1'],
  ['IPv6 in full', '2001:db8:1:2:3:4:5:ffff', 'IP Address:2001:DB8:1:2:3:4:5:FFFF'],
  ['IPv6 with a gap', 'fe80::1:0:2', 'IP Address:FE80:0:0:0:0:1:0:2'],
  ['IPv6 with a zone', 'fe80::2%lo', 'IP Address:FE80:0:0:0:0:0:0:2'],
  ['IPv6 that holds IPv4', '::ffff:10.0.0.1', 'IP Address:0:0:0:0:0:FFFF:A00:1'],
])('names %s', (_what, host, shown) => {
  expect(new X509Certificate(selfSigned([host]).cert).subjectAltName).toBe(shown);
});

test('takes as many names as a large machine has', () => {
  const hosts = Array.from({ length: 300 }, (_, at) => `host-${at}.example.com`);
  const { subjectAltName } = new X509Certificate(selfSigned(hosts).cert);
  expect(subjectAltName?.split(', ')).toEqual(hosts.map((host) => `DNS:${host}`));
});

test('all interfaces are all addresses of this machine, and localhost', () => {
  const own = Object.values(networkInterfaces()).flatMap((infos) => (infos ?? []).map(({ address }) => address));
  for (const all of ['', '0.0.0.0', '::'])
    expect(new Set(namesOf(all))).toEqual(new Set(['localhost', '127.0.0.1', '::1', ...own]));
  expect(namesOf('10.1.2.3')).toEqual(['10.1.2.3']);
});
