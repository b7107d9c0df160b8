import { decodedPart, eachAddress, parsedUrl } from '../address-text.ts';
import { RegistryError } from '../registry.ts';
import { shownAddress } from '../shown.ts';

/** Where one member of the cluster takes questions. */
export interface Place {
  readonly host: string;
  readonly port: number;
  /** Whether the address asks for TLS; undefined when it does not say. */
  readonly isSecure: boolean | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

const defaultPort = 2379;

/**
 * Reads addresses: `host`, `host:port`, `https://user:password@host:port`, several with commas between them. None is etcd's own default on
 * this machine. Throws `invalid`, without the password.
 */
export function parseAddresses(addresses: readonly string[]): readonly Place[] {
  return eachAddress(addresses, `127.0.0.1:${defaultPort}`).map((address) => {
    const place = parse(address);
    if (place === undefined) throw invalid(shownAddress(address, addresses));
    return place;
  });
}

/** `127.0.0.1:2379`, `[::1]:2379`. */
export const placeName = ({ host, port }: Place): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

function parse(address: string): Place | undefined {
  const [, scheme, rest = address] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(address) ?? [];
  const url = /[\s\\]|:\/?$/.test(rest) ? undefined : parsedUrl(`http://${rest}`);
  const isPlain = url !== undefined && url.pathname === '/' && url.search === '' && url.hash === '';
  if (!isPlain || (scheme !== undefined && !/^https?$/i.test(scheme))) return undefined;
  const port = portOf(rest);
  if (port === 0) return undefined;
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    isSecure: scheme === undefined ? undefined : scheme.toLowerCase() === 'https',
    user: url.username === '' ? undefined : decodedPart(url.username),
    password: url.username === '' ? undefined : decodedPart(url.password),
  };
}

/** From the text: a URL forgets port 80, which is as good as any. */
function portOf(rest: string): number {
  const digits = /:(\d+)\/?$/.exec(rest.slice(rest.lastIndexOf('@') + 1).replace(/^\[[^\]]*\]/, ''))?.[1];
  return digits === undefined ? defaultPort : Number(digits);
}

const invalid = (shown: string): RegistryError =>
  new RegistryError(
    'invalid',
    `${shown} is no address of etcd: write it as 10.0.0.5:2379 or https://10.0.0.5:2379, and signs in a password as in %2F`,
  );
