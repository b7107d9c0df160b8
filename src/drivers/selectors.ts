import type { Config } from '../config/config.ts';
import type { Metadata, Registry } from '../discovery/registry.ts';
import type { Log } from '../log/log.ts';
import type { Lookup, Selector } from '../runtime/selector/selector.ts';
import type { Drivers } from './choose.ts';
import { builtIn, fromPackage } from './choose.ts';
import { clientProtocol } from './protocols.ts';

const random = async (lookup: Lookup): Promise<Selector> =>
  (await import('../runtime/selector/cached.ts')).newSelector({ lookup });

export const selectors: Drivers<(lookup: Lookup, metadata: Metadata) => Promise<Selector>> = {
  default: random,
  cache: random,
  random,
  roundrobin: async (lookup) => {
    const [{ newSelector }, { roundRobin }] = await Promise.all([
      import('../runtime/selector/cached.ts'),
      import('../runtime/selector/strategy.ts'),
    ]);
    return newSelector({ lookup, strategy: roundRobin() });
  },
  static: async (_, metadata) => (await import('../runtime/selector/static.ts')).staticSelector({ metadata }),
  dns: async (_, metadata) => (await import('../runtime/selector/dns.ts')).dnsSelector({ metadata }),
};

export async function openSelector(config: Config, registry: Registry, lookup: Lookup, log: Log): Promise<Selector> {
  const own = builtIn(selectors, config.selector);
  // Where no registry says it, the flag does.
  if (own !== undefined) return own(lookup, { protocol: clientProtocol(config) });
  const make = await fromPackage<Selector>('selector', config.selector, Object.keys(selectors));
  return make({ addresses: [], registry, log });
}
