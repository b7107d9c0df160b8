import { describe, expect, it, onTestFinished } from 'vitest';
import { type EtcdOptions as Options, etcdRegistry } from '../../../src/discovery/etcd/etcd.ts';
import type { Registry } from '../../../src/discovery/registry.ts';
import { node, service } from '../../contract/registry.ts';
import { type Etcd, type EtcdOptions, missingEtcd, startEtcd } from '../../support/etcd.ts';
import { withServer } from '../../support/needs.ts';
import { observe } from '../../support/observe.ts';
import { recordedLog } from '../../support/recorded.ts';
import { authority } from '../../support/tls.ts';
import { until } from '../../support/until.ts';

const record = service('greeter', '1', node('one', 1));
const password = 'p@ss:w/o"rd, 1';
const encoded = encodeURIComponent(password);

const start = async (options: EtcdOptions): Promise<Etcd> => {
  const etcd = await startEtcd(options);
  onTestFinished(() => etcd.stop());
  return etcd;
};
const open = (options: Options): Registry => {
  const registry = etcdRegistry({ timeoutMs: 20_000, ...options });
  onTestFinished(() => registry.close());
  return registry;
};
const works = async (registry: Registry): Promise<void> => {
  const watch = await observe(registry);
  await registry.register(record, { ttlMs: 60_000 });
  await until(() => watch.seen('create', 'one'));
  expect(await registry.getService('greeter')).toEqual([record]);
  await registry.deregister(record);
  await until(() => watch.seen('delete', 'one'));
  await watch.stop();
};

withServer(missingEtcd(), 'etcd with users', () => {
  it('takes name and password from the address or as options', async () => {
    const etcd = await start({ rootPassword: password });
    const [address = ''] = etcd.addresses;
    await works(open({ addresses: [`http://root:${encoded}@${address}`] }));
    await works(open({ addresses: [`root:${encoded}@${address}`] }));
    await works(open({ addresses: [address], user: 'root', password }));
  });

  it('says who is refused, never with which password', async () => {
    const etcd = await start({ rootPassword: password });
    const [address = ''] = etcd.addresses;
    const log = recordedLog();
    const wrong = open({ addresses: [`http://root:wrong-secret@${address}`], log });
    for (const asked of [wrong.listServices(), wrong.register(record), observe(wrong)]) {
      const error: unknown = await asked.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: 'unavailable',
        message: `etcd at ${address} refuses: authentication failed, invalid user ID or password`,
      });
      expect(String(error)).not.toContain('wrong-secret');
    }
    await expect(open({ addresses: [address] }).listServices()).rejects.toThrow('user name is empty');
  });

  it('says what a user may not do', async () => {
    const etcd = await start({ rootPassword: password });
    await etcd.ctl('user', 'add', 'reader:pw');
    await etcd.ctl('role', 'add', 'reading');
    await etcd.ctl('role', 'grant-permission', '--prefix=true', 'reading', 'read', '/micro/registry/');
    await etcd.ctl('user', 'grant-role', 'reader', 'reading');
    const [reader, root] = [
      open({ addresses: etcd.addresses, user: 'reader', password: 'pw' }),
      open({ addresses: etcd.addresses, user: 'root', password }),
    ];
    const watch = await observe(reader);
    await root.register(record);
    await until(() => watch.seen('create', 'one'));
    expect(await reader.getService('greeter')).toEqual([record]);
    await expect(reader.register(service('greeter', '1', node('two', 2)))).rejects.toThrow('permission denied');
    await watch.stop();
  });

  it('shows the password again when etcd has forgotten it, also for a watch', async () => {
    const etcd = await start({ rootPassword: password });
    const registry = open({ addresses: etcd.addresses, user: 'root', password });
    await registry.register(record, { ttlMs: 60_000 });
    const outages: boolean[] = [];
    const stop = new AbortController();
    const watch = await observe(registry);
    await registry.watch({ signal: stop.signal, onOutage: (out) => outages.push(out) });
    await etcd.members[0]?.kill();
    await until(() => outages.length === 1);
    await etcd.members[0]?.start();
    await until(() => outages.length === 2);
    await etcd.ctl('user', 'add', 'somebody:else');
    await registry.register(record, { ttlMs: 60_000 });
    await registry.deregister(record);
    await until(() => watch.seen('delete', 'one'));
    stop.abort();
    await watch.stop();
  });
});

withServer(missingEtcd(), 'etcd behind TLS', () => {
  const { ca, client } = authority();

  it('is believed when somebody vouches for it', async () => {
    const etcd = await start({ tls: { authority: authority() } });
    const [address = ''] = etcd.addresses;
    await works(open({ addresses: [`https://${address}`], tls: { ca } }));
    await works(open({ addresses: [address.replace('127.0.0.1', 'localhost')], tls: { ca } }));
    await works(open({ addresses: [address], tls: { insecure: true } }));
  });

  it('is not believed otherwise', async () => {
    const etcd = await start({ tls: { authority: authority() } });
    const [address = ''] = etcd.addresses;
    await expect(open({ addresses: [`https://${address}`] }).listServices()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/unable to (verify|get).*certificate|self.signed/) as string,
    });
    await expect(open({ addresses: [`http://${address}`], tls: { ca } }).listServices()).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  it('is not believed on another host', async () => {
    const { elsewhere } = authority();
    const etcd = await start({ tls: { authority: { ...authority(), server: elsewhere } } });
    const addresses = etcd.addresses.map((address) => `https://${address}`);
    await expect(open({ addresses, tls: { ca } }).listServices()).rejects.toThrow(/does not match|altnames/);
    await works(open({ addresses, tls: { insecure: true } }));
  });

  it('is told who we are', async () => {
    const etcd = await start({ tls: { authority: authority(), asksForClients: true } });
    await works(open({ addresses: etcd.addresses, tls: { ca, ...client } }));
    await expect(open({ addresses: etcd.addresses, tls: { ca } }).listServices()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('certificate') as string,
    });
  });
});

describe('an etcd registry', () => {
  const invalid = expect.objectContaining({ name: 'RegistryError', code: 'invalid' });

  it.each([
    'ftp://10.0.0.1',
    'http://',
    '10.0.0.1:',
    '10.0.0.1:0',
    '10.0.0.1:70000',
    'http://a/b',
    'a b',
    '[::1',
    'http://a?b',
  ])('is not made of the address %j', (address) => {
    expect(() => etcdRegistry({ addresses: [address] })).toThrow(invalid);
  });

  it('does not tell the password of an address that it cannot read', () => {
    const make = (): Registry => etcdRegistry({ addresses: ['http://root:secret@10.0.0.1:0'] });
    expect(make).toThrow('what was given is no address of etcd');
  });

  it('is not made of certificates that are none', () => {
    const addresses = ['https://10.0.0.1'];
    const { cert, key } = authority().client;
    expect(() => etcdRegistry({ addresses, tls: { cert } })).toThrow(invalid);
    expect(() => etcdRegistry({ addresses, tls: { cert: 'none', key } })).toThrow(invalid);
  });
});
