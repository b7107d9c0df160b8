import type { Config } from '../config/config.ts';
import type { Registry } from '../discovery/registry.ts';
import type { Log } from '../log/log.ts';
import type { Drivers } from './choose.ts';
import { builtIn, fromPackage } from './choose.ts';

/** Each is loaded when it is chosen: `micro --help` needs none of them. */
export const registries: Drivers<(config: Config, log: Log) => Promise<Registry>> = {
  mdns: async ({ registry: { address, mdnsDomain } }, log) => {
    const { mdnsRegistry } = await import('../discovery/mdns/mdns.ts');
    return mdnsRegistry({ ...(address === undefined ? {} : { interface: address }), domain: mdnsDomain, log });
  },
  memory: async () => (await import('../discovery/memory/memory.ts')).memoryRegistry(),
};

export async function openRegistry(config: Config, log: Log): Promise<Registry> {
  const { driver, address } = config.registry;
  const own = builtIn(registries, driver);
  if (own !== undefined) return own(config, log);
  const make = await fromPackage<Registry>('registry', driver, Object.keys(registries));
  return make({ addresses: address === undefined ? [] : [address], registry: undefined, log });
}
