import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { bits, der, identifier, integer, octets, sequence, set, time, utf8, yes } from './der.ts';

/** Both as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const dayMs = 24 * 60 * 60 * 1000;
const validDays = 365;

/**
 * A certificate for `hosts` (names and IP addresses) that nobody but itself vouches for: ECDSA on P-256, valid for a year. It may be
 * given to clients as their `ca`.
 */
export function selfSigned(hosts: readonly string[]): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(identifier('1.2.840.10045.4.3.2'));
  const name = sequence(set(sequence(identifier('2.5.4.10'), utf8('micro-bot'))));
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const now = Date.now();
  const content = sequence(
    der(0xa0, integer(Uint8Array.of(2))),
    integer(serial),
    algorithm,
    name,
    // From an hour ago: clocks differ.
    sequence(time(new Date(now - 3_600_000)), time(new Date(now + validDays * dayMs))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions(hosts)),
  );
  const signature = sign('sha256', content, privateKey);
  return {
    cert: pem(sequence(content, algorithm, bits(signature))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

/** What others may call a listener on `host` by: the host itself, or for all interfaces every address of this machine. */
export function namesOf(host: string): readonly string[] {
  if (host !== '' && host !== '0.0.0.0' && host !== '::') return [host];
  const addresses = Object.values(networkInterfaces()).flatMap((infos) => (infos ?? []).map(({ address }) => address));
  return [...new Set(['localhost', '127.0.0.1', '::1', ...addresses])];
}

function extensions(hosts: readonly string[]): Buffer {
  const mayDo = {
    // It vouches for itself, so it is an authority, too.
    authority: sequence(identifier('2.5.29.19'), yes, octets(sequence(yes))),
    // To sign, and to sign certificates.
    use: sequence(identifier('2.5.29.15'), yes, octets(bits(Uint8Array.of(0x84), 2))),
    serve: sequence(identifier('2.5.29.37'), octets(sequence(identifier('1.3.6.1.5.5.7.3.1')))),
  };
  const names = sequence(identifier('2.5.29.17'), octets(sequence(...hosts.map(alternative))));
  return sequence(mayDo.authority, mayDo.use, mayDo.serve, names);
}

const alternative = (host: string): Buffer =>
  isIP(host) === 0 ? der(0x82, Buffer.from(host, 'latin1')) : der(0x87, addressBytes(host));

/** The 4 or 16 bytes of an IP address; the zone of an IPv6 one means nothing elsewhere. */
function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const [before = '', after] = address.replace(/%.*$/, '').split('::');
  const head = groups(before);
  const tail = groups(after ?? '');
  return Buffer.from([...head, ...Array.from({ length: 16 - head.length - tail.length }, () => 0), ...tail]);
}

const groups = (text: string): readonly number[] =>
  text === ''
    ? []
    : text.split(':').flatMap((group) => {
        if (group.includes('.')) return group.split('.').map(Number);
        const value = Number.parseInt(group, 16);
        return [value >> 8, value & 0xff];
      });

const pem = (bytes: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`;
