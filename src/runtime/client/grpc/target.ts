import { domainToASCII } from 'node:url';
import { parseAddress } from '../../transport/address.ts';
import { TransportError } from '../../transport/transport.ts';

/** Where a node is reached. */
export interface Target {
  /** `host:port`, all of it ASCII. */
  readonly address: string;
  /** The address itself asks for TLS. */
  readonly isSecure: boolean;
}

/**
 * Reads a node's address as go-micro does: `https://…`, port 443 and an address without a port mean TLS with a verified certificate.
 * Throws a `TransportError` (`invalid`).
 */
export function targetOf(written: string): Target {
  const isHttps = written.startsWith('https://');
  const rest = isHttps ? written.slice('https://'.length).replace(/\/$/, '') : written;
  const hasPort = !/^[^:[\]/\s]+$|^\[[^\]]+\]$/.test(rest);
  const address = hasPort ? rest : `${rest}:443`;
  const { host, firstPort } = parseAddress(address);
  const isSecure = isHttps || firstPort === 443;
  return { address: host === '' ? `localhost${address}` : address.replace(host, asAscii(host)), isSecure };
}

/** As names of hosts of any language stand in a head. */
function asAscii(host: string): string {
  if (/^[\x21-\x7e]+$/.test(host)) return host;
  const ascii = domainToASCII(host);
  if (ascii === '') throw new TransportError('invalid', `${JSON.stringify(host)} is no name of a host`);
  return ascii;
}
