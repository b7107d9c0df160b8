import type { ServiceRecord } from '../../discovery/registry.ts';
import { newSelector } from './cached.ts';
import type { DnsQuery, DnsQueryOptions } from './dns-query.ts';
import { dnsQuery } from './dns-query.ts';
import type { MarkOptions } from './marks.ts';
import type { Lookup, Selector } from './selector.ts';
import type { Strategy } from './strategy.ts';
import { weighted } from './weighted.ts';

export interface DnsSelectorOptions extends DnsQueryOptions, MarkOptions {
  /** How long an answer counts, in milliseconds. Default 10,000. */
  readonly ttlMs?: number;
  /** Default: by the records' priorities and weights. */
  readonly strategy?: Strategy;
}

/** Finds nodes by DNS: SRV records of `_<service>._tcp.<domain>`, or the addresses of a service named `host:port`. */
export function dnsSelector({ ttlMs = 10_000, strategy = weighted, ...options }: DnsSelectorOptions = {}): Selector {
  return newSelector({ ...options, strategy, lookup: remembered(dnsQuery(options), ttlMs) });
}

/** How long an unknown name counts, and how long the name server is left alone after an error. */
const negativeMs = 1000;
const maxNames = 1000;

interface Known {
  readonly records: readonly ServiceRecord[];
  readonly expiresAt: number;
}

/** Asks once for all who wait, and lives on what it knows while the name server is away. */
function remembered(query: DnsQuery, ttlMs: number): Lookup {
  const known = new Map<string, Known>();
  const asked = new Map<string, Promise<readonly ServiceRecord[]>>();

  const keep = (name: string, records: readonly ServiceRecord[], forMs: number): void => {
    known.delete(name);
    if (known.size >= maxNames) for (const oldest of known.keys()) if (known.delete(oldest)) break;
    known.set(name, { records, expiresAt: performance.now() + forMs });
  };

  const ask = async (name: string): Promise<readonly ServiceRecord[]> => {
    try {
      const nodes = await query(name);
      const records = nodes.length === 0 ? [] : [{ name, version: '', metadata: {}, endpoints: [], nodes }];
      keep(name, records, nodes.length === 0 ? Math.min(negativeMs, ttlMs) : ttlMs);
      return records;
    } catch (error) {
      const last = known.get(name)?.records;
      if (last === undefined || last.length === 0) throw error;
      keep(name, last, negativeMs);
      return last;
    }
  };

  return (name) => {
    const last = known.get(name);
    if (last !== undefined && performance.now() < last.expiresAt) return last.records;
    const running = asked.get(name);
    if (running !== undefined) return running;
    const answer = ask(name).finally(() => asked.delete(name));
    asked.set(name, answer);
    return answer;
  };
}
