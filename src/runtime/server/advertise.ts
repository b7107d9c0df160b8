import { isIPv4, isIPv6 } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';
import { networkInterfaces } from 'node:os';

/**
 * The address to tell others, for a listener bound to `bound`. `wanted` (a host with or without a port) wins. A wildcard host is
 * replaced by an address of this machine: a private one if there is one, else any public one, else loopback; IPv4 before IPv6.
 */
export function advertisedAddress(
  bound: string,
  wanted?: string,
  interfaces: () => NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces,
): string {
  const listening = split(bound);
  // No port: the transport has addresses of another kind, such as a subject.
  if (listening.port === '') return wanted ?? bound;
  const { host, port } = wanted === undefined ? listening : split(wanted);
  const reachable = isWildcard(host) ? ownAddress(interfaces()) : host;
  return `${isIPv6(reachable) ? `[${reachable}]` : reachable}:${port === '' ? listening.port : port}`;
}

function split(address: string): { readonly host: string; readonly port: string } {
  const [, bracketed, host, port] = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(address) ?? [];
  return { host: bracketed ?? host ?? address, port: port ?? '' };
}

const isWildcard = (host: string): boolean => host === '' || host === '0.0.0.0' || host === '::';

function ownAddress(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): string {
  const outside = Object.values(interfaces)
    .flatMap((infos) => infos ?? [])
    // A link-local address means nothing without the name of the interface.
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .map(({ address }) => address);
  // Old peers can't reach IPv6: go-micro 1 reads no IPv6 address from mDNS.
  const inOrder = outside.toSorted((one, other) => Number(isIPv4(other)) - Number(isIPv4(one)));
  return inOrder.find(isPrivate) ?? inOrder[0] ?? '127.0.0.1';
}

function isPrivate(address: string): boolean {
  if (!isIPv4(address)) return /^f[cd]/i.test(address);
  const [a = 0, b = 0] = address.split('.').map(Number);
  return a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 100 && b >= 64 && b < 128);
}
