import { etcdRegistry } from '../../../src/discovery/etcd/etcd.ts';
import { mdnsRegistry } from '../../../src/discovery/mdns/mdns.ts';
import { natsRegistry } from '../../../src/discovery/nats/nats.ts';
import type { Registry } from '../../../src/discovery/registry.ts';
import { startEtcd } from '../../support/etcd.ts';
import type { GoFlags } from '../../support/go.ts';
import { startNats } from '../../support/nats.ts';
import type { RegistryName } from './cells.ts';

/** One registry that runs, for both sides. */
export interface Place {
  /** Our driver of it; its caller closes it. */
  open(): Registry;
  /** For a Go program, whose registration soon ends without it. */
  readonly goFlags: GoFlags;
  /** For a `micro`, likewise. */
  readonly microFlags: readonly string[];
  close(): Promise<void>;
}

/** Our drivers soon ask again, where somebody who died is only missed by asking. */
export async function startPlace(name: RegistryName): Promise<Place> {
  switch (name) {
    case 'etcd': {
      const etcd = await startEtcd();
      const addresses = etcd.addresses;
      return {
        ...flagsOf(name, addresses),
        open: () => etcdRegistry({ addresses, timeoutMs: 20_000 }),
        close: () => etcd.stop(),
      };
    }
    case 'nats': {
      const nats = await startNats();
      const addresses = [nats.url];
      const open = (): Registry => natsRegistry({ addresses, refreshMs: 500 });
      return { ...flagsOf(name, addresses), open, close: () => nats.stop() };
    }
    case 'mdns': {
      // In the domain that go-micro uses.
      const open = (): Registry => mdnsRegistry({ interface: '127.0.0.1', refreshMs: 500 });
      const { goFlags, microFlags } = flagsOf(name, ['127.0.0.1']);
      const { registryAddress: _, ...own } = goFlags;
      return { goFlags: own, microFlags, open, close: async () => {} };
    }
    default:
      return name satisfies never;
  }
}

/** A machine that stands still for a moment takes nobody out of the registry. */
const flagsOf = (registry: RegistryName, addresses: readonly string[]): Pick<Place, 'goFlags' | 'microFlags'> => ({
  goFlags: { registry, registryAddress: addresses.join(), registerTtl: '5s', registerInterval: '1s' },
  microFlags: [
    `--registry=${registry}`,
    `--registry_address=${addresses.join()}`,
    '--register_ttl=5',
    '--register_interval=1',
  ],
});
