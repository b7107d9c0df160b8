import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { natsRegistry } from '../../../src/discovery/nats/nats.ts';
import { node, service } from '../../contract/registry.ts';
import { freePort } from '../../support/daemon.ts';
import { missingNats } from '../../support/nats.ts';
import { withServer } from '../../support/needs.ts';
import { observe } from '../../support/observe.ts';
import { recordedLog } from '../../support/recorded.ts';
import { authority } from '../../support/tls.ts';
import { until } from '../../support/until.ts';
import { hasty, open, quick, started } from './world.ts';

const greeter = service('greeter', '1', node('one', 1));
const unavailable = expect.objectContaining({ name: 'RegistryError', code: 'unavailable' });

withServer(missingNats(), 'when NATS fails', () => {
  it('what was registered is there again after a restart, and a watch goes on', async () => {
    const server = await started();
    const logs = [recordedLog(), recordedLog()] as const;
    const [a, b] = [open(server, { log: logs[0] }), open(server, { log: logs[1] })];
    const watch = await observe(b, 'greeter');
    await a.register(greeter);
    await until(() => watch.seen('create', 'one'));
    await server.kill();
    await expect(b.getService('greeter')).rejects.toEqual(unavailable);
    await expect(a.register(greeter)).rejects.toEqual(unavailable);
    await server.restart();
    await until(async () => (await b.getService('greeter')).length === 1);
    const two = service('greeter', '1', node('two', 2));
    await a.register(two);
    await until(() => watch.seen('create', 'two'));
    await a.deregister(two);
    await until(() => watch.seen('delete', 'two'));
    expect(watch.events.map(({ action }) => action)).toEqual(['create', 'create', 'delete']);
    await until(() => logs.every(({ lines }) => lines.length >= 2));
    for (const { lines } of logs)
      expect(lines.filter((line) => !line.startsWith('debug'))).toEqual([
        'warn: the connection to NATS was lost',
        'info: connected to NATS again',
      ]);
    await watch.stop();
  });

  it('a node that is not back yet when NATS is counts as there for a while, and one that stays away does not', async () => {
    const server = await started();
    const refreshMs = 1000;
    const [a, b] = [open(server), open(server, { refreshMs })];
    const watch = await observe(b);
    await a.register(greeter);
    await until(() => watch.seen('create', 'one'));
    await server.kill();
    // It never comes back, and could not say goodbye.
    await a.close();
    await server.restart();
    await until(() => b.listServices());
    expect(await b.getService('greeter')).toEqual([greeter]);
    expect(watch.seen('delete', 'one')).toBe(false);
    await until(() => watch.seen('delete', 'one'));
    expect(await b.getService('greeter')).toEqual([]);
    await watch.stop();
  });

  it('a watch ends when it stays away, and the next one works when it is back', async () => {
    const server = await started();
    const [a, b] = [open(server), open(server, hasty)];
    await a.register(greeter);
    const watch = await until(() => observe(b));
    await server.kill();
    await expect(watch.ended).rejects.toEqual(unavailable);
    await expect(observe(b)).rejects.toEqual(unavailable);
    await server.restart();
    const next = await until(() => observe(b));
    await until(() => next.seen('create', 'one'));
    await next.stop();
  });

  it('one that hangs is no silence of the services', async () => {
    const server = await started();
    const [a, b] = [open(server, hasty), open(server, hasty)];
    await until(() => a.register(greeter).then(() => true));
    const watch = await until(() => observe(b));
    await until(() => watch.seen('create', 'one'));
    await server.hang();
    await Promise.all([
      expect(b.getService('greeter')).rejects.toEqual(unavailable),
      expect(b.listServices()).rejects.toEqual(unavailable),
      expect(a.register(greeter)).rejects.toEqual(unavailable),
      expect(a.deregister(service('other', '1', node('x', 1)))).rejects.toEqual(unavailable),
      expect(open(server, hasty).getService('greeter')).rejects.toEqual(unavailable),
    ]);
    await expect(watch.ended).rejects.toEqual(unavailable);
    server.wake();
    await until(async () => (await b.getService('greeter')).length === 1);
  });

  it('it closes while NATS hangs', async () => {
    const server = await started();
    const own = open(server, hasty);
    await until(() => own.register(greeter).then(() => true));
    await server.hang();
    const open1 = own.getService('greeter');
    open1.catch(() => {});
    const late = open(server, hasty);
    const open2 = late.listServices();
    open2.catch(() => {});
    await Promise.all([own.close(), late.close()]);
    for (const question of [open1, open2]) await expect(question).rejects.toMatchObject({ code: 'closed' });
  });

  it('it can be used before NATS is there', async () => {
    const port = await freePort();
    const address = `nats://ada:s3cret@127.0.0.1:${port}`;
    const own = natsRegistry({ addresses: [address], ...quick });
    onTestFinished(() => own.close());
    for (const question of [
      own.getService('greeter'),
      own.register(greeter),
      own.watch({ signal: AbortSignal.abort() }),
    ]) {
      await expect(question).rejects.toEqual(unavailable);
      await expect(question).rejects.toThrow(`nats://127.0.0.1:${port}`);
      await expect(question).rejects.not.toThrow('s3cret');
    }
    await started(['-p', String(port), '--user', 'ada', '--pass', 's3cret']);
    // What was refused was not registered.
    expect(await own.getService('greeter')).toEqual([]);
    await own.register(greeter);
    expect(await own.getService('greeter')).toEqual([greeter]);
  });

  it('the others of a cluster are asked', async () => {
    const server = await started();
    const mute = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void mute.close());
    await until(() => mute.listening);
    const { port } = mute.address() as AddressInfo;
    const addresses = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${port}`, server.url];
    for (let round = 0; round < 3; round += 1) {
      // Of which each of the three has a third.
      const own = open(server, { addresses, timeoutMs: 6000 });
      await own.register(greeter);
      expect(await own.getService('greeter')).toEqual([greeter]);
      await own.close();
    }
  });

  it('no user, a wrong password or a wrong token is told', async () => {
    const server = await started(['--user', 'ada', '--pass', 'p@ss w']);
    const at = (user: string): string => `nats://${user}127.0.0.1:${server.port}`;
    for (const user of ['', 'ada:wr0ng@', 't0ken@']) {
      const question = open({ url: at(user) }).listServices();
      await expect(question).rejects.toEqual(unavailable);
      await expect(question).rejects.toThrow(/authorization/i);
      await expect(question).rejects.not.toThrow(/wr0ng|t0ken/);
    }
    expect(await open({ url: at('ada:p%40ss%20w@') }).listServices()).toEqual([]);
    const guarded = await started(['--auth', 's3cret']);
    expect(await open({ url: `nats://s3cret@127.0.0.1:${guarded.port}` }).listServices()).toEqual([]);
  });

  it('a wrong certificate is told', async () => {
    const { ca, server: own, elsewhere, client } = authority();
    const folder = mkdtempSync(join(tmpdir(), 'micro-nats-tls-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const secured = async (
      identity: { readonly cert: string; readonly key: string },
      name: string,
      ...more: string[]
    ) => {
      writeFileSync(join(folder, `${name}.cert`), identity.cert);
      writeFileSync(join(folder, `${name}.key`), identity.key);
      writeFileSync(join(folder, 'ca'), ca);
      const server = await started([
        '--tls',
        '--tlscert',
        join(folder, `${name}.cert`),
        '--tlskey',
        join(folder, `${name}.key`),
        ...more,
      ]);
      return { url: `tls://127.0.0.1:${server.port}` };
    };
    const right = await secured(own, 'right');
    expect(await open(right, { tls: { ca } }).listServices()).toEqual([]);
    expect(await open(right, { tls: { insecure: true } }).listServices()).toEqual([]);
    await expect(open(right).listServices()).rejects.toEqual(unavailable);
    await expect(open(await secured(elsewhere, 'elsewhere'), { tls: { ca } }).listServices()).rejects.toEqual(
      unavailable,
    );
    const curious = await secured(own, 'curious', '--tlsverify', '--tlscacert', join(folder, 'ca'));
    await expect(open(curious, { tls: { ca } }).listServices()).rejects.toEqual(unavailable);
    expect(await open(curious, { tls: { ca, ...client } }).listServices()).toEqual([]);
  });

  it('being refused is no silence of the services', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'micro-nats-conf-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const refusing = async (permissions: string) => {
      writeFileSync(
        join(folder, 'nats.conf'),
        `authorization { users = [{user: a, password: b, permissions: {${permissions}}}] }`,
      );
      const { port } = await started(['-c', join(folder, 'nats.conf')]);
      return open({ url: `nats://a:b@127.0.0.1:${port}` });
    };
    const mute = await refusing('publish: { deny: ["micro.registry.nats.query", "micro.nats.query"] }');
    await expect(mute.getService('greeter')).rejects.toEqual(unavailable);
    const deaf = await refusing('subscribe: { deny: "_INBOX.>" }');
    await expect(deaf.getService('greeter')).rejects.toEqual(unavailable);
    const idle = await refusing('subscribe: { deny: ["micro.registry.nats.query", "micro.nats.query"] }');
    await expect(idle.register(greeter)).rejects.toEqual(unavailable);
    expect(await idle.getService('greeter')).toEqual([]);
    const half = await refusing('publish: { deny: "micro.nats.query" }, subscribe: { deny: "micro.nats.query" }');
    await half.register(greeter);
    expect(await half.getService('greeter')).toEqual([greeter]);
  });
});

it('a server that says nothing does not hold it up, nor does it keep its socket', async () => {
  const sockets = new Set<Socket>();
  const mute = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.resume();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void mute.close());
  await until(() => mute.listening);
  const url = `127.0.0.1:${(mute.address() as AddressInfo).port}`;
  await expect(open({ url }, { timeoutMs: 100 }).getService('greeter')).rejects.toEqual(unavailable);
  await until(() => sockets.size === 0);
  const slow = open({ url }, { timeoutMs: 60_000 });
  const question = slow.getService('greeter');
  question.catch(() => {});
  await until(() => sockets.size === 1);
  await slow.close();
  await expect(question).rejects.toMatchObject({ code: 'closed' });
  await until(() => sockets.size === 0);
});

it.each([
  'http://host',
  'nats://',
  'ho st',
  'nats://user:secret@',
  'nats://a:100%s@host',
])('%j is no address', (address) => {
  expect(() => natsRegistry({ addresses: [address] })).toThrow(
    expect.objectContaining({ name: 'RegistryError', code: 'invalid' }),
  );
  expect(() => natsRegistry({ addresses: [address] })).not.toThrow(/secret|100%/);
});

it('a certificate that can not be used is told before anybody connects', () => {
  expect(() => natsRegistry({ addresses: [], tls: { ca: 'no', cert: 'no', key: 'no' } })).toThrow(
    expect.objectContaining({ code: 'invalid' }),
  );
  expect(() => natsRegistry({ addresses: [], tls: { cert: authority().client.cert } })).toThrow(
    expect.objectContaining({ code: 'invalid' }),
  );
});
