import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Metadata, Node } from '../../discovery/registry.ts';
import { formatAddress } from '../transport/address.ts';
import { SelectorError } from './selector.ts';

export interface DnsQueryOptions {
  /** Default `local`. */
  readonly domain?: string;
  /** Name servers, `host` or `host:port`. Default: those of the system, which also knows its hosts file. */
  readonly servers?: readonly string[];
  /** For one question to one server, in milliseconds. Default 1,000. */
  readonly timeoutMs?: number;
  /** What every node says of itself: `{ protocol: 'grpc' }`. Default: `{ protocol: 'mucp' }`. */
  readonly metadata?: Metadata;
}

/** The nodes of a service; none when the name is unknown. Rejects with a `SelectorError` (`unavailable`). */
export type DnsQuery = (service: string) => Promise<readonly Node[]>;

const hostPort = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/;

/** `host:port` is looked up as a host, anything else as the SRV record `_<service>._tcp.<domain>`. */
export function dnsQuery({ domain = 'local', servers, timeoutMs = 1000, ...options }: DnsQueryOptions): DnsQuery {
  const metadata = options.metadata ?? { protocol: 'mucp' };
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
  if (servers !== undefined) resolver.setServers(servers);

  const addressesOf = async (host: string): Promise<readonly string[]> => {
    if (isIP(host) !== 0) return [host];
    if (servers === undefined) {
      const found = await answer(host, lookup(host, { all: true }));
      return found.map(({ address }) => address);
    }
    const [four, six] = await Promise.allSettled([
      answer(host, resolver.resolve4(host)),
      answer(host, resolver.resolve6(host)),
    ]);
    if (four.status === 'rejected' && six.status === 'rejected') throw four.reason;
    return [four, six].flatMap((family) => (family.status === 'fulfilled' ? family.value : []));
  };

  const nodesAt = async (host: string, port: number, more: Metadata): Promise<readonly Node[]> => {
    // The system finds the host of a name by itself, when it is dialled; servers of our own only we know.
    const hosts = servers === undefined && more !== metadata ? [host] : await addressesOf(host);
    return hosts.map((each) => {
      const address = formatAddress(each, port);
      return { id: address, address, metadata: more };
    });
  };

  return async (service) => {
    const [, ipv6, host = ipv6, port] = hostPort.exec(service) ?? [];
    if (host !== undefined) return nodesAt(host, Number(port), metadata);
    const name = `_${service}._tcp.${domain}`;
    const found = await answer(name, resolver.resolveSrv(name));
    const nodes = found
      // A lone dot says that there is decidedly no such service.
      .filter(({ name: target }) => target !== '' && target !== '.')
      .map(({ name: target, port, priority, weight }) =>
        nodesAt(target, port, { ...metadata, priority: `${priority}`, weight: `${weight}` }),
      );
    return (await Promise.all(nodes)).flat();
  };
}

const unknown = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME', 'ENONAME', 'EAI_NONAME', 'EAI_NODATA']);

async function answer<T>(name: string, question: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await question;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (unknown.has(code)) return [];
    throw new SelectorError('unavailable', `the name server was asked for ${name} in vain: ${code}`, { cause: error });
  }
}
