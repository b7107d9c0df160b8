import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { consulRegistry } from '../../../src/discovery/consul/consul.ts';
import type { Log } from '../../../src/log/log.ts';
import { node, service } from '../../contract/registry.ts';
import { type Consul, missingConsul } from '../../support/consul.ts';
import { unique } from '../../support/name.ts';
import { withServer } from '../../support/needs.ts';
import { authority, type Identity } from '../../support/tls.ts';
import { until } from '../../support/until.ts';
import { observe } from '../../support/observe.ts';
import { front } from './front.ts';
import { api, open, started } from './world.ts';

const secret = '5b1a3a9e-2f66-4f3f-9b8c-6f3f6a0d9c11';

const guarded = () =>
  started({
    token: secret,
    config: {
      acl: {
        enabled: true,
        default_policy: 'deny',
        tokens: { initial_management: secret, agent: secret },
      },
    },
  });

/** Everything that is logged, as text. */
function writing(): Log & { readonly text: () => string } {
  const said: string[] = [];
  const note = (message: string, fields?: object): void => {
    const error = fields !== undefined && 'error' in fields ? fields.error : undefined;
    said.push(message, JSON.stringify(fields ?? {}), error instanceof Error ? `${error.stack}` : '');
  };
  return { debug: note, info: note, warn: note, error: note, text: () => said.join('\n') };
}

/** An agent that shows `identity` on its secure port, and asks clients for certificates of ours if wished. */
async function secured(identity: Identity, asks = false): Promise<Consul & { readonly secureUrl: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'micro-consul-tls-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const files = { ca_file: authority().ca, cert_file: identity.cert, key_file: identity.key };
  for (const [name, pem] of Object.entries(files)) await writeFile(join(folder, name), pem);
  const paths = Object.fromEntries(Object.keys(files).map((name) => [name, join(folder, name)]));
  const consul = await started({ config: { ...paths, verify_incoming_https: asks } });
  return { ...consul, secureUrl: `https://127.0.0.1:${consul.securePort}` };
}

withServer(missingConsul(), 'the way into Consul', () => {
  describe('with tokens', () => {
    it('opens with the right one', async () => {
      const consul = await guarded();
      const registry = open(consul, { token: secret });
      const record = service(unique('greeter'), '1', node('one', 1));
      const watch = await observe(registry, record.name);
      await registry.register(record, { ttlMs: 60_000 });
      await registry.register(record, { ttlMs: 60_000 });
      await until(() => watch.seen('create', 'one'));
      expect(await registry.getService(record.name)).toEqual([record]);
      await watch.stop();
    });

    it('refuses a wrong one, which is written nowhere', async () => {
      const consul = await guarded();
      const log = writing();
      const wrong = 'f0000000-0000-0000-0000-00000000000d';
      const registry = open(consul, { token: wrong, log });
      const denied = expect.objectContaining({
        name: 'RegistryError',
        code: 'unavailable',
        message: expect.stringMatching(
          /^Consul at http:\/\/127\.0\.0\.1:\d+ does not allow that \(403: .*\)$/,
        ) as string,
      }) as Error;
      await expect(registry.register(service('x', '1', node('one', 1)))).rejects.toEqual(denied);
      await expect(registry.listServices()).rejects.toEqual(denied);
      await registry.getService('x').catch((error: unknown) => log.error('', { error }));
      await registry.close();
      expect(log.text()).toContain('403');
      expect(log.text()).not.toContain(wrong);
    });

    it('needs no more than to write services and to read nodes', async () => {
      const consul = await guarded();
      const policy = {
        Name: 'all',
        Rules: 'service_prefix "" { policy = "write" } node_prefix "" { policy = "read" }',
      };
      await api(consul, '/acl/policy', policy, secret);
      const given = (await api(consul, '/acl/token', { Policies: [{ Name: 'all' }] }, secret)) as {
        AccessorID: string;
        SecretID: string;
      };
      const registry = open(consul, { token: given.SecretID });
      const record = service(unique('greeter'), '1', node('one', 1));
      const watch = await observe(registry);
      await registry.register(record, { ttlMs: 60_000 });
      await until(() => watch.seen('create', 'one'));
      expect(await registry.getService(record.name)).toEqual([record]);
      await registry.deregister(record);
      await until(() => watch.seen('delete', 'one'));
      await watch.stop();
    });
  });

  describe('over TLS', () => {
    it('knows an agent for whom its authority vouches', async () => {
      const consul = await secured(authority().server);
      const record = service(unique('greeter'), '1', node('one', 1));
      await open({ url: consul.secureUrl }, { tls: { ca: authority().ca } }).register(record);
      const address = `localhost:${consul.securePort}`;
      expect(await open({ url: address }, { tls: { ca: authority().ca } }).getService(record.name)).toEqual([record]);
    });

    it('refuses one it does not know, one that is somebody else, and takes any if told so', async () => {
      const consul = await secured(authority().elsewhere);
      const url = consul.secureUrl;
      const refused = { code: 'unavailable', message: expect.stringMatching(/certificate|altnames/i) as string };
      await expect(open({ url }).listServices()).rejects.toMatchObject(refused);
      await expect(open({ url }, { tls: { ca: authority().ca } }).listServices()).rejects.toMatchObject(refused);
      expect(await open({ url }, { tls: { insecure: true } }).listServices()).toEqual([]);
    });

    it('shows who we are', async () => {
      const consul = await secured(authority().both, true);
      const { ca, client } = authority();
      const url = consul.secureUrl;
      expect(await open({ url }, { tls: { ca, ...client } }).listServices()).toEqual([]);
      await expect(open({ url }, { tls: { ca } }).listServices()).rejects.toMatchObject({ code: 'unavailable' });
    });

    it('is not tried with certificates that are none', () => {
      const make = () =>
        consulRegistry({ addresses: [], tls: { ca: authority().ca, cert: 'nonsense', key: 'nonsense' } });
      expect(make).toThrow(expect.objectContaining({ code: 'invalid' }));
    });

    it('says so when one side speaks without it', async () => {
      const consul = await secured(authority().server);
      await expect(open({ url: `127.0.0.1:${consul.securePort}` }).listServices()).rejects.toThrow(/HTTPS|reached/);
      await expect(open(consul, { tls: {} }).listServices()).resolves.toEqual([]);
      await expect(open({ url: `127.0.0.1:${consul.port}` }, { tls: {} }).listServices()).rejects.toThrow(/reached/);
    });
  });

  describe('by address', () => {
    it('passes a proxy that asks for a name and stands under a path', async () => {
      const consul = await started();
      const proxy = await front(consul, { prefix: '/consul', user: 'me:p@ss/word' });
      const record = service(unique('greeter'), '1', node('one', 1));
      const registry = open({ url: `http://me:p%40ss%2Fword@127.0.0.1:${proxy.port}/consul/` });
      await registry.register(record);
      expect(await registry.getService(record.name)).toEqual([record]);
      const stranger = open({ url: `http://me:wrong@127.0.0.1:${proxy.port}/consul` });
      const refused = stranger.listServices().catch((error: unknown) => String(error));
      expect(await refused).toMatch(/127\.0\.0\.1:\d+\/consul does not allow that \(401: who are you\?\)/);
      expect(await refused).not.toContain('wrong');
    });

    it('takes a Unix socket', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'micro-consul-socket-'));
      onTestFinished(() => rm(folder, { recursive: true, force: true }));
      const socket = `unix://${join(folder, 'http.sock')}`;
      await started({ config: { addresses: { http: `${socket} 127.0.0.1` } } });
      expect(await open({ url: socket }).listServices()).toEqual([]);
      await expect(open({ url: `${socket}.not` }).listServices()).rejects.toThrow(`${socket}.not can't be reached`);
    });

    it('asks the next agent when one is away, and registers there as well', async () => {
      const [first, second] = [await started(), await started()];
      const registry = open(first, { addresses: [`${first.url}, ${second.url}`] });
      const record = service(unique('greeter'), '1', node('one', 1));
      await registry.register(record, { ttlMs: 60_000 });
      await first.kill();
      expect(await registry.getService(record.name)).toEqual([]);
      await registry.register(record, { ttlMs: 60_000 });
      expect(await registry.getService(record.name)).toEqual([record]);
      await second.kill();
      await first.restart();
      expect(await registry.listServices()).toEqual([]);
    });

    it('does not let an agent that hangs take all of the time', async () => {
      const [first, second] = [await started(), await started()];
      await first.freeze();
      const registry = open(first, { addresses: [first.url, second.url], timeoutMs: 6000 });
      expect(await registry.listServices()).toEqual([]);
      first.wake();
    });

    it.each([
      'http://',
      'ftp://host',
      'unix://relative',
      'host:0',
      'host:99999',
      'a b',
      'http://host?q',
      'http://u:pw@:1',
    ])('refuses %j, without its password', (address) => {
      const made = () => consulRegistry({ addresses: [address] });
      expect(made).toThrow(expect.objectContaining({ code: 'invalid' }));
      expect(made).not.toThrow(/pw/);
    });

    it('asks at the port that Consul has when none is given', async () => {
      await expect(open({ url: '127.9.9.9' }).listServices()).rejects.toThrow('Consul at http://127.9.9.9:8500 ');
    });
  });
});
