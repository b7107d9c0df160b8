import { isIPv6 } from 'node:net';
import type { Metadata, Node, ServiceRecord } from '../registry.ts';
import { writeTags } from './tags.ts';

/** A node as the agent is told of it. */
export interface Registration {
  readonly id: string;
  /** The body of the request. */
  readonly json: string;
  /** Lives only as long as its check is passed in time. */
  readonly hasCheck: boolean;
}

/** Consul takes a node off its list no sooner than after a minute of silence. */
const minRemovalMs = 60_000;
const splayMs = 5000;
/** Shorter times would end between two requests of their owner. */
const minTtlMs = 1000;

/** The registration of one node of a service, as go-micro's is. */
export function registrationOf(service: ServiceRecord, node: Node, ttlMs: number | undefined): Registration {
  const json = JSON.stringify({
    ID: node.id,
    Name: service.name,
    Tags: writeTags(service, node),
    ...split(node.address),
    Meta: bearable(node.metadata),
    ...(ttlMs === undefined ? {} : { Check: check(Math.max(minTtlMs, ttlMs)) }),
  });
  return { id: node.id, json, hasCheck: ttlMs !== undefined };
}

/** go-micro passes the check when it has registered, and is critical until then. */
const check = (ttlMs: number): object => ({
  TTL: goDuration(ttlMs),
  Status: 'passing',
  DeregisterCriticalServiceAfter: goDuration(Math.max(ttlMs, minRemovalMs) + splayMs),
});

/** `30s`, `1m0s`, `1h2m5.5s`: what Go prints. */
function goDuration(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = (ms % 60_000) / 1000;
  if (hours > 0) return `${hours}h${minutes}m${seconds}s`;
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`;
}

/** A subject of a message queue is an address without a port. */
function split(address: string): { readonly Address: string; readonly Port: number } {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(address) ?? [];
  const port = Number(digits ?? 0);
  if (digits === undefined || port > 65_535) return { Address: address, Port: 0 };
  return { Address: bracketed ?? plain ?? '', Port: port };
}

/** `host:port` of what `split` made of it. */
export function join(host: string, port: number): string {
  if (port === 0 && !isIPv6(host)) return host;
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

const maxPairs = 64;
const maxNameLength = 128;
const maxValueBytes = 512;

/** The pairs that Consul takes: the tags have all of them, and it refuses the whole registration for one it does not take. */
function bearable(metadata: Metadata): Metadata {
  const pairs = Object.entries(metadata).filter(
    ([name, value]) =>
      name.length <= maxNameLength &&
      /^[\w-]+$/.test(name) &&
      !/^consul-/i.test(name) &&
      Buffer.byteLength(value) <= maxValueBytes,
  );
  return Object.fromEntries(pairs.slice(0, maxPairs));
}
