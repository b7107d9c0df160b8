import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { kubernetesRegistry } from '../../../src/discovery/kubernetes/kubernetes.ts';
import { node, service } from '../../contract/registry.ts';
import { authority } from '../../support/tls.ts';
import { newWorld } from './world.ts';

const greeter = service('greeter', '1', node('one', 1));

/** What a cluster mounts into a pod. */
async function newAccount(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'micro-account-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

function enterCluster(port: number): void {
  vi.stubEnv('KUBERNETES_SERVICE_HOST', '127.0.0.1');
  vi.stubEnv('KUBERNETES_SERVICE_PORT', String(port));
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('access to Kubernetes', () => {
  it('is what the cluster gives its pods, with a token that is replaced now and then', async () => {
    const { ca, server } = authority();
    const { cluster, registry } = await newWorld(server);
    cluster.grants = new Map([['first', ['list', 'patch']]]);
    enterCluster(cluster.port);
    vi.stubEnv('HOSTNAME', 'a');
    const account = await newAccount({ 'ca.crt': ca, token: 'first\n', namespace: 'default\n' });
    const inside = kubernetesRegistry({ addresses: [], account });
    await inside.register(greeter);
    expect(await inside.getService('greeter')).toEqual([greeter]);
    cluster.grants = new Map([['second', ['list', 'patch']]]);
    await expect(inside.getService('greeter')).rejects.toThrow('401');
    await writeFile(join(account, 'token'), 'second');
    expect(await inside.getService('greeter')).toEqual([greeter]);
    await inside.close();
    const b = registry('b', { token: 'second', tls: { ca } });
    expect(await b.getService('greeter')).toEqual([]);
  });

  it('waits for what the cluster gives', async () => {
    const { ca, server } = authority();
    const { cluster, registry } = await newWorld(server);
    enterCluster(cluster.port);
    const account = await newAccount({});
    const inside = registry('a', { addresses: [], account });
    await expect(inside.listServices()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(account),
    });
    for (const [name, text] of [
      ['ca.crt', ca],
      ['token', 't'],
      ['namespace', 'elsewhere'],
    ] as const)
      await writeFile(join(account, name), text);
    await registry('a', { tls: { ca } }).register(greeter);
    expect(await inside.listServices()).toEqual([]);
    const here = registry('a', { addresses: [], account, namespace: 'default' });
    expect(await here.listServices()).toEqual([greeter]);
  });

  it('needs a cluster or an address', () => {
    vi.stubEnv('KUBERNETES_SERVICE_HOST', '');
    expect(() => kubernetesRegistry({ addresses: [] })).toThrow(/no Kubernetes cluster.*kubectl proxy/);
  });

  it.each([
    'ftp://host',
    'https://',
    'http://us%er:secret@host',
    '::',
    'http://host:99999',
  ])('needs an address: %s', (address) => {
    const attempt = (): unknown => kubernetesRegistry({ addresses: [address] });
    expect(attempt).toThrow(expect.objectContaining({ name: 'RegistryError', code: 'invalid' }));
    expect(attempt).not.toThrow('secret');
  });

  it('is https only to a server that can show who it is', async () => {
    const { ca, server, elsewhere, client } = authority();
    const good = await newWorld(server);
    const wrong = await newWorld(elsewhere);
    const refused = { code: 'unavailable', message: expect.stringContaining("can't be reached") };
    await expect(good.registry('a').listServices()).rejects.toMatchObject(refused);
    await expect(wrong.registry('a', { tls: { ca } }).listServices()).rejects.toMatchObject(refused);
    await expect(good.registry('a', { tls: { ca: client.cert } }).listServices()).rejects.toMatchObject(refused);
    const options = { tls: { ca, ...client } };
    expect(await good.registry('a', options).listServices()).toEqual([]);
    expect(
      await good.registry('a', { ...options, addresses: [`127.0.0.1:${good.cluster.port}`] }).listServices(),
    ).toEqual([]);
    expect(await wrong.registry('a', { tls: { insecure: true } }).listServices()).toEqual([]);
  });

  it('is a token, a file with one, or a user in the address, which no error shows', async () => {
    const { cluster, registry } = await newWorld();
    const account = await newAccount({ 'my-token': 'filed' });
    const { port } = cluster;
    cluster.basic = 'user:p@ss';
    const addresses = [`http://user:p%40ss@127.0.0.1:${port}/prefix/`];
    cluster.prefix = '/prefix';
    const a = registry('a', { addresses });
    expect(await a.listServices()).toEqual([]);
    cluster.basic = 'user:other';
    await expect(a.listServices()).rejects.toThrow(`http://127.0.0.1:${port}/prefix`);
    await expect(a.listServices()).rejects.not.toThrow('p@ss|p%40ss');
    cluster.basic = undefined;
    cluster.prefix = '';
    cluster.grants = new Map([['filed', ['list']]]);
    expect(await registry('a', { tokenFile: join(account, 'my-token') }).listServices()).toEqual([]);
  });
});
