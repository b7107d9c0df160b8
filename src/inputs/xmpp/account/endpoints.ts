import type { SrvRecord } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { domainToASCII } from 'node:url';
import { Failure } from './failure.ts';
import type { AccountOptions, Mode } from './options.ts';

/** Where a server may be reached, and how. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly mode: Mode;
}

const hostPort = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/;
const portOf: Readonly<Record<Mode, number>> = { starttls: 5222, direct: 5223, plain: 5222 };

/** Reads `host`, `host:port` or `[::1]:port`. Undefined for what is none. */
export function readEndpoint(server: string, mode: Mode): Endpoint | undefined {
  const parts = hostPort.exec(server);
  const host = parts?.[1] ?? parts?.[2];
  const port = parts?.[3] === undefined ? portOf[mode] : Number(parts[3]);
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port, mode };
}

/**
 * What DNS says of the domain (RFC 6120, 3.2; XEP-0368), best first; the domain itself where it says nothing or can't be asked. Rejects with
 * a `Failure` (`config`) when it says that there is no such server.
 */
export async function findEndpoints(domain: string, options: AccountOptions): Promise<readonly Endpoint[]> {
  const modes: readonly Mode[] = options.mode === undefined ? ['starttls', 'direct'] : [options.mode];
  const found = await Promise.all(modes.map((mode) => ask(domain, mode, options.nameServers)));
  const records = found.flat();
  if (records.length === 0) return modes.map((mode) => ({ host: domainToASCII(domain), port: portOf[mode], mode }));
  const usable = records.filter(({ name }) => name !== '' && name !== '.');
  if (usable.length === 0)
    throw new Failure('config', 'the domain has no XMPP server, says its DNS: look at the address of the account');
  return inOrder(usable).map(({ name, port, mode }) => ({ host: name, port, mode }));
}

interface Offer extends SrvRecord {
  readonly mode: Mode;
}

async function ask(domain: string, mode: Mode, nameServers: readonly string[] | undefined): Promise<readonly Offer[]> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  if (nameServers !== undefined) resolver.setServers(nameServers);
  try {
    const records = await resolver.resolveSrv(
      `_xmpp${mode === 'direct' ? 's' : ''}-client._tcp.${domainToASCII(domain)}`,
    );
    return records.map((record) => ({ ...record, mode }));
  } catch {
    // No such record, or a name server that does not answer: the domain itself may still do.
    return [];
  }
}

/** By priority; among equals by chance, the heavier the likelier (RFC 2782). */
function inOrder(offers: readonly Offer[]): readonly Offer[] {
  const keyed = offers.map((offer) => ({ offer, key: Math.random() ** (1 / Math.max(offer.weight, 0.01)) }));
  keyed.sort((one, other) => one.offer.priority - other.offer.priority || other.key - one.key);
  return keyed.map(({ offer }) => offer);
}
