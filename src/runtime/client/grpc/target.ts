import { parseAddress } from '../../transport/address.ts';

/** Where a node is reached. */
export interface Target {
  /** `host:port`. */
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
  return { address: host === '' ? `localhost${address}` : address, isSecure: isHttps || firstPort === 443 };
}
