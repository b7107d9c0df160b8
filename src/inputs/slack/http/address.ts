import { InputError } from '../../input.ts';

/** Where to listen. */
export interface BindAddress {
  /** Undefined means all interfaces. IPv6 without brackets. */
  readonly host: string | undefined;
  readonly port: number;
  /** As it was written. */
  readonly text: string;
}

const form = /^(?:\[(?<ipv6>[0-9A-Fa-f:.]+(?:%[\w.-]+)?)\]|(?<host>[^\s:[\]/]*)):(?<port>\d{1,5})$/;

/** Reads `:3000`, `127.0.0.1:0` or `[::1]:3000`. Throws an `InputError` (`config`). */
export function readBindAddress(address: string): BindAddress {
  const groups = form.exec(address)?.groups;
  const port = Number(groups?.['port']);
  if (groups === undefined || port > 65_535)
    throw new InputError('config', `Slack over HTTP cannot listen on ${JSON.stringify(address)}: use host:port`);
  const host = groups['ipv6'] ?? groups['host'] ?? '';
  return { host: host === '' ? undefined : host, port, text: address };
}
