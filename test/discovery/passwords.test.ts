import { expect, it } from 'vitest';
import { splitList } from '../../src/config/values.ts';
import { consulRegistry } from '../../src/discovery/consul/consul.ts';
import { etcdRegistry } from '../../src/discovery/etcd/etcd.ts';
import { kubernetesRegistry } from '../../src/discovery/kubernetes/kubernetes.ts';
import { natsRegistry } from '../../src/discovery/nats/nats.ts';

const registries = { etcd: etcdRegistry, consul: consulRegistry, nats: natsRegistry, kubernetes: kubernetesRegistry };

// Characters that mean something else in an address, as people paste them.
it.each(
  Object.entries(registries),
)('an address of %s that cannot be read does not tell its password', (_name, open) => {
  const addresses = [
    '{}://bob:xyz,zyx@127.0.0.1:1',
    '{}://bob:xyz/zyx@127.0.0.1:1',
    '{}://bob:12/zyx@127.0.0.1:1',
    '{}://bob:xyz#zyx@127.0.0.1:1',
    '{}://bob:xyz?zyx@127.0.0.1:1',
    '{}://bob:xyz[zyx@:1',
    '{}:/bob:xyz@127.0.0.1:1',
    '{}://127.0.0.1:1/?token=xyz',
    'ftp://bob:xyz@127.0.0.1:1',
    'bob:xyz@',
    'bob:xyz,zyx@127.0.0.1:1',
  ];
  for (const scheme of ['http', 'nats', 'htp']) {
    for (const each of addresses) {
      const address = each.replace('{}', scheme);
      let said = 'nothing';
      try {
        open({ addresses: splitList(address) });
      } catch (error) {
        said = String(error);
      }
      expect(said, address).not.toMatch(/xyz|zyx|bob/);
    }
  }
});

it('an address with a path that may be the rest of a password is none', () => {
  for (const open of Object.values(registries)) {
    expect(() => open({ addresses: ['http://bob:12/zyx@127.0.0.1:1'] })).toThrow(
      /is no address of|is no http|is given as/,
    );
  }
  expect(() => natsRegistry({ addresses: ['nats://bob:12/zyx@127.0.0.1:1'] })).toThrow('a NATS server is given as');
});
