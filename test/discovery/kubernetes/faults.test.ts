import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { kubernetesRegistry } from '../../../src/discovery/kubernetes/kubernetes.ts';
import { node, service } from '../../contract/registry.ts';
import { logLines } from '../../support/lines.ts';
import { observe } from '../../support/observe.ts';
import { until } from '../../support/until.ts';
import { newWorld } from './world.ts';

const greeter = service('greeter', '1', node('one', 1));
const unavailable = (text: string | RegExp): unknown =>
  expect.objectContaining({ name: 'RegistryError', code: 'unavailable', message: expect.stringMatching(text) });
const invalid = (text: string | RegExp): unknown =>
  expect.objectContaining({ name: 'RegistryError', code: 'invalid', message: expect.stringMatching(text) });

describe('the API of Kubernetes', () => {
  it('may come later, and go and come again, with two lines in the log for each time', async () => {
    const { cluster, registry } = await newWorld();
    const { log, lines } = logLines();
    await cluster.kill();
    const a = registry('a', { log });
    for (let time = 1; time <= 2; time += 1) {
      await expect(a.register(greeter)).rejects.toEqual(unavailable(`${cluster.url} can't be reached`));
      await expect(a.getService('greeter')).rejects.toEqual(unavailable('reached'));
      await expect(a.listServices()).rejects.toEqual(unavailable('reached'));
      await expect(a.watch({ signal: new AbortController().signal })).rejects.toEqual(unavailable('reached'));
      await cluster.restart();
      await a.register(greeter);
      expect(await a.getService('greeter')).toHaveLength(1);
      expect(lines.map(({ level }) => level)).toEqual(['warn', 'info', 'warn', 'info'].slice(0, 2 * time));
      await cluster.kill();
    }
    await cluster.restart();
  });

  it('may say nothing: every question ends in time, and what was asked counts when it speaks again', async () => {
    const { cluster, registry } = await newWorld();
    const a = registry('a', { timeoutMs: 50 });
    cluster.freeze();
    const silent = unavailable(/within 50 ms/);
    await expect(a.getService('greeter')).rejects.toEqual(silent);
    await expect(a.listServices()).rejects.toEqual(silent);
    await expect(a.watch({ signal: new AbortController().signal })).rejects.toEqual(silent);
    await expect(Promise.all([a.register(greeter), a.register(greeter)])).rejects.toEqual(silent);
    cluster.thaw();
    const b = registry('b');
    // The patch was not taken back when nobody waited for it any more.
    await until(async () => (await b.getService('greeter')).length === 1);
    await a.close();
    expect(await b.getService('greeter')).toEqual([]);
  });

  it('may say nothing when all is to be taken back: closing ends in time', async () => {
    const { cluster, registry } = await newWorld();
    const { log, lines } = logLines();
    const a = registry('a', { timeoutMs: 100, log });
    // It has that little time for each question: on a busy machine the first may be too late.
    await until(() => a.register(greeter).then(() => true));
    cluster.freeze();
    const asked = [a.getService('greeter'), a.register(greeter), a.deregister(greeter)];
    const settled = Promise.allSettled(asked);
    await a.close();
    for (const outcome of await settled) expect(outcome).toMatchObject({ reason: { code: 'closed' } });
    expect(lines.at(-1)).toMatchObject({ level: 'warn', message: 'Kubernetes: not everything could be taken back' });
  });

  it('is answered in the order of the questions, a change that was overtaken by its opposite included', async () => {
    const { registry } = await newWorld();
    const a = registry('a');
    await Promise.all([a.register(greeter), a.deregister(greeter), a.register(service('x', '1', node('x', 1)))]);
    expect((await a.listServices()).map(({ name }) => name)).toEqual(['x']);
    await Promise.all([a.deregister(service('x', '1', node('x', 1))), a.register(greeter)]);
    expect((await a.listServices()).map(({ name }) => name)).toEqual(['greeter']);
  });

  it('writes again what somebody wiped', async () => {
    const { cluster, registry } = await newWorld();
    const a = registry('a');
    await a.register(greeter);
    cluster.pods.set('a', { labels: {}, annotations: {} });
    await a.register(greeter);
    expect(await registry('b').getService('greeter')).toEqual([greeter]);
  });

  it.each([429, 500, 503, 504])('is asked again after %i', async (status) => {
    const { cluster, registry } = await newWorld();
    const a = registry('a');
    const trouble = { status, body: 'not now' };
    cluster.whims.push({ ...trouble, headers: { 'retry-after': '0' } }, trouble);
    await a.register(greeter);
    cluster.whims.push(trouble);
    expect(await a.getService('greeter')).toEqual([greeter]);
    cluster.whims.push(trouble, trouble);
    const watch = await observe(a);
    await watch.stop();
  });

  it('is not waited for longer than there is time', async () => {
    const { cluster, registry } = await newWorld();
    cluster.whims.push({ status: 429, headers: { 'retry-after': '3600' }, body: '{"message":"too many requests"}' });
    const a = registry('a', { timeoutMs: 3_000_000 });
    await expect(a.listServices()).rejects.toEqual(unavailable(/429: too many requests/));
    const b = registry('b', { timeoutMs: 100 });
    cluster.whims.push(...Array.from({ length: 99 }, () => ({ status: 503 })));
    await expect(b.listServices()).rejects.toEqual(unavailable('503|within'));
    cluster.whims.splice(0);
    await until(async () => (await b.listServices()).length === 0);
  });

  it.each([
    ['no JSON', { status: 200, body: '<html>' }],
    ['no pods', { status: 200, body: '[]' }],
    ['no object', { status: 200, body: '{"items":[{}],"metadata":{"resourceVersion":"1"}}' }],
    ['another place', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }],
    ['nothing of that name', { status: 404, body: 'no such page' }],
  ])('answers %s: it is another server', async (_, whim) => {
    const { cluster, registry } = await newWorld();
    cluster.whims.push(whim);
    await expect(registry('a').listServices()).rejects.toEqual(unavailable('Kubernetes API'));
  });

  it('may break off an answer, and is asked again', async () => {
    const { cluster, registry } = await newWorld();
    const a = registry('a');
    await a.register(greeter);
    cluster.whims.push({ status: 200, body: '{"items":[', cut: true });
    expect(await a.listServices()).toEqual([greeter]);
    const broken = { status: 200, body: '{"items":[', cut: true };
    cluster.whims.push(broken, broken);
    await expect(a.listServices()).rejects.toEqual(unavailable('reached'));
  });

  it('may leave an answer unfinished', async () => {
    const { cluster, registry } = await newWorld();
    const a = registry('a', { timeoutMs: 100 });
    cluster.whims.push({ status: 200, headers: { 'content-length': '1000' }, body: '{"items":' });
    await expect(a.listServices()).rejects.toEqual(unavailable('within 100 ms'));
    await until(async () => (await a.listServices()).length === 0);
  });

  it('is nobody that speaks HTTP', async () => {
    const server = createServer((socket) => socket.on('error', () => {}).end('220 mail.invalid ESMTP\r\n'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const registry = kubernetesRegistry({ addresses: [`127.0.0.1:${port}`] });
    await expect(registry.listServices()).rejects.toEqual(unavailable(`127.0.0.1:${port}`));
    await registry.close();
  });

  it('has other servers to ask when one is gone', async () => {
    const [first, second] = [await newWorld(), await newWorld()];
    const addresses = [first.cluster.url, second.cluster.url];
    await second.registry('a').register(greeter);
    const b = first.registry('b', { addresses });
    expect(await b.getService('greeter')).toEqual([]);
    await first.cluster.kill();
    expect(await b.getService('greeter')).toEqual([greeter]);
    await second.cluster.kill();
    await expect(b.getService('greeter')).rejects.toEqual(unavailable(addresses.join(' or ')));
  });

  it('says which permission is missing', async () => {
    const { cluster, registry } = await newWorld();
    cluster.grants = new Map([
      ['reader', ['list', 'watch']],
      ['writer', ['patch']],
      ['lister', ['list']],
    ]);
    const reader = registry('a', { token: 'reader' });
    expect(await reader.listServices()).toEqual([]);
    await expect(reader.register(greeter)).rejects.toEqual(unavailable(/patch pods in the namespace default.*403/));
    const writer = registry('a', { token: 'writer' });
    await writer.register(greeter);
    await expect(writer.getService('greeter')).rejects.toEqual(unavailable(/list pods in the namespace default.*403/));
    const watching = registry('a', { token: 'lister' }).watch({ signal: new AbortController().signal });
    await expect(watching).rejects.toEqual(unavailable(/watch pods in the namespace default.*403/));
    const stranger = registry('a', { token: 'hidden' });
    await expect(stranger.listServices()).rejects.toEqual(unavailable(/credentials.*401/));
    await expect(stranger.listServices()).rejects.not.toThrow(/hidden/);
  });

  it('registers only what is a pod', async () => {
    const { registry } = await newWorld();
    await expect(registry('nobody').register(greeter)).rejects.toEqual(invalid(/nobody.*pod/));
    const nameless = registry('');
    await expect(nameless.register(greeter)).rejects.toEqual(invalid('HOSTNAME'));
    await expect(nameless.deregister(greeter)).rejects.toEqual(invalid('HOSTNAME'));
    expect(await nameless.listServices()).toEqual([]);
  });

  it('has nothing to take back from a pod that is gone', async () => {
    const { cluster, registry } = await newWorld();
    const { log, lines } = logLines();
    const a = registry('a', { log });
    await a.register(greeter);
    cluster.pods.set('a', undefined);
    await a.close();
    expect(lines).toEqual([]);
  });
});
