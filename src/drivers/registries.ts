import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/error.ts';
import type { RegistryConfig } from '../config/registry.ts';
import { type Registry, RegistryError } from '../discovery/registry.ts';
import type { Log } from '../log/log.ts';
import type { Drivers } from './choose.ts';
import { builtIn, fromPackage } from './choose.ts';
import { type RegistryTls, readRegistryTls } from './tls.ts';

/** What a registry is made of. */
interface Setup extends Pick<RegistryConfig, 'addresses'> {
  readonly config: RegistryConfig;
  readonly tls: { readonly tls?: RegistryTls };
  readonly log: Log;
}

/** Each is loaded when it is chosen: `micro --help` needs none of them. */
export const registries: Drivers<(setup: Setup) => Promise<Registry>> = {
  mdns: async ({ addresses: [first], config: { mdnsDomain }, log }) => {
    const { mdnsRegistry } = await import('../discovery/mdns/mdns.ts');
    return mdnsRegistry({ ...(first === undefined ? {} : { interface: first }), domain: mdnsDomain, log });
  },
  memory: async () => (await import('../discovery/memory/memory.ts')).memoryRegistry(),
  etcd: async ({ addresses, config: { username, password }, tls, log }) => {
    const { etcdRegistry } = await import('../discovery/etcd/etcd.ts');
    return etcdRegistry({
      addresses,
      ...(username === undefined ? {} : { user: username }),
      ...(password === undefined ? {} : { password }),
      ...tls,
      log,
    });
  },
  nats: async ({ addresses, tls, log }) =>
    (await import('../discovery/nats/nats.ts')).natsRegistry({ addresses, ...tls, log }),
  consul: async ({ addresses, config: { token }, tls, log }) =>
    (await import('../discovery/consul/consul.ts')).consulRegistry({ addresses, token, ...tls, log }),
  kubernetes: async ({ addresses, config: { namespace, pod, token }, tls, log }) => {
    const { kubernetesRegistry } = await import('../discovery/kubernetes/kubernetes.ts');
    return kubernetesRegistry({
      addresses,
      ...(namespace === undefined ? {} : { namespace }),
      ...(pod === undefined ? {} : { pod }),
      ...(token === undefined ? {} : { token }),
      ...tls,
      log,
    });
  },
  static: async ({ addresses, log }) =>
    (await import('../discovery/static/static.ts')).staticRegistry({ addresses, log }),
};

/** Rejects with a `ConfigError` for a registry that is not known, or cannot be used as it is set up. */
export async function openRegistry({ registry: config }: Config, log: Log): Promise<Registry> {
  const { driver, addresses, tls: files } = config;
  const own = builtIn(registries, driver);
  if (own === undefined) {
    const make = await fromPackage<Registry>('registry', driver, Object.keys(registries));
    return make({ addresses, registry: undefined, log });
  }
  const tls = files === undefined ? {} : { tls: await readRegistryTls(files) };
  try {
    return await own({ config, addresses, tls, log });
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw new ConfigError('invalid', error.message, { cause: error });
  }
}
