import { TransportError } from './transport.ts';

/** Where to listen or to dial. `ports` is a range, both ends included; a single port is a range of one. */
export interface HostPort {
  /** Empty means all interfaces. IPv6 without brackets. */
  readonly host: string;
  readonly firstPort: number;
  readonly lastPort: number;
}

const form =
  /^(?:\[(?<ipv6>[0-9A-Fa-f:.]+(?:%[\w.-]+)?)\]|(?<host>[^\s:[\]]*)):(?<first>\d{1,5})(?:-(?<last>\d{1,5}))?$/;

/** Reads `host:port`, `:port`, `[::1]:port` and `host:5000-6000`. Throws a `TransportError` (`invalid`) for anything else. */
export function parseAddress(address: string): HostPort {
  const groups = form.exec(address)?.groups;
  if (groups === undefined) throw invalid(address);
  const firstPort = Number(groups['first']);
  const lastPort = Number(groups['last'] ?? firstPort);
  if (firstPort > lastPort || lastPort > 65_535) throw invalid(address);
  return { host: groups['ipv6'] ?? groups['host'] ?? '', firstPort, lastPort };
}

/** `host:port` as peers write it: IPv6 in brackets, IPv4 that came through an IPv6 socket as IPv4. */
export function formatAddress(host: string | undefined, port: number | undefined): string {
  if (host === undefined || port === undefined) return '';
  const plain = host.startsWith('::ffff:') && host.includes('.') ? host.slice(7) : host;
  return plain.includes(':') ? `[${plain}]:${port}` : `${plain}:${port}`;
}

const invalid = (address: string): TransportError =>
  new TransportError('invalid', `${JSON.stringify(address)} is no address: use host:port`);
