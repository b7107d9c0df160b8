import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import type { Registry } from '../../../src/discovery/registry.ts';
import { staticRegistry } from '../../../src/discovery/static/static.ts';
import { node, service } from '../../contract/registry.ts';
import { observe } from '../../support/observe.ts';
import { recordedLog } from '../../support/recorded.ts';
import { until } from '../../support/until.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'micro-static-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

function open(path: string, log = recordedLog()): Registry {
  const registry = staticRegistry({ addresses: [path], pollMs: 20, log });
  onTestFinished(() => registry.close());
  return registry;
}

const services = (...names: readonly string[]): string =>
  JSON.stringify(Object.fromEntries(names.map((name) => [name, `${name}:1`])));

const namesIn = async (registry: Registry): Promise<readonly string[]> =>
  (await registry.listServices()).map(({ name }) => name);

it('is read as it is at each question', async () => {
  const path = join(await folder(), 'services.json');
  await writeFile(path, services('b', 'a'));
  const own = open(path);
  expect(await namesIn(own)).toEqual(['a', 'b']);
  await writeFile(path, `\uFEFF${services('a', 'c')}`);
  expect(await namesIn(own)).toEqual(['a', 'c']);
  // Same size, and written in the same moment.
  await writeFile(path, `\uFEFF${services('a', 'd')}`);
  expect(await namesIn(own)).toEqual(['a', 'd']);
  expect((await own.getService('d'))[0]?.nodes.map(({ address }) => address)).toEqual(['d:1']);
  expect(await own.getService('c')).toEqual([]);
  expect(await namesIn(open(pathToFileURL(path).href))).toEqual(['a', 'd']);
});

it('tells a watch what was changed, however it was changed', async () => {
  const at = await folder();
  const path = join(at, 'services.json');
  await writeFile(path, services('a', 'b'));
  const own = open(path);
  const watch = await observe(own);
  const told = (): readonly string[] => watch.events.map(({ action, service: { name } }) => `${action} ${name}`);
  await writeFile(path, services('b', 'c'));
  await until(() => told().length === 2);
  expect(told()).toEqual(['delete a', 'create c']);
  await writeFile(join(at, 'new'), '{"b":{"address":"b:1","metadata":{"x":"1"}},"c":"c:1"}');
  await rename(join(at, 'new'), path);
  await until(() => told().length === 3);
  expect(told().at(-1)).toBe('update b');
  await rm(path);
  await writeFile(path, services('b', 'c', 'd'));
  await until(() => told().length === 5);
  expect(told().slice(3)).toEqual(['update b', 'create d']);
  await watch.stop();
});

it('may be behind links that are swapped, as Kubernetes does', async () => {
  const at = await folder();
  for (const [version, name] of ['a', 'b', 'c'].entries()) {
    await mkdir(join(at, `v${version}`));
    await writeFile(join(at, `v${version}`, 'services.json'), services(name));
  }
  await symlink('v0', join(at, '..data'));
  await symlink(join('..data', 'services.json'), join(at, 'services.json'));
  const own = open(join(at, 'services.json'));
  const watch = await observe(own);
  expect(await namesIn(own)).toEqual(['a']);
  for (const [version, name] of [
    ['v1', 'b'],
    ['v2', 'c'],
  ] as const) {
    await symlink(version, join(at, '..data_tmp'));
    await rename(join(at, '..data_tmp'), join(at, '..data'));
    await until(() => watch.events.some(({ action, service }) => action === 'create' && service.name === name));
  }
  expect(await namesIn(own)).toEqual(['c']);
  await watch.stop();
});

it('stays as it was while it is broken, and that is logged once', async () => {
  const path = join(await folder(), 'services.json');
  await writeFile(path, services('a'));
  const log = recordedLog();
  const own = open(path, log);
  const watch = await observe(own);
  await writeFile(path, '{"a":');
  await until(() => log.lines.length > 0);
  for (let n = 0; n < 5; n += 1) expect(await namesIn(own)).toEqual(['a']);
  await writeFile(path, services('a', 'b'));
  await until(() => watch.events.length > 0);
  await rm(path);
  await until(() => log.lines.length > 2);
  for (let n = 0; n < 5; n += 1) expect(await namesIn(own)).toEqual(['a', 'b']);
  await writeFile(path, services('a', 'b', 'c'));
  await until(() => watch.events.length > 1);
  await writeFile(path, '');
  await until(() => log.lines.length > 4);
  expect(await namesIn(own)).toEqual(['a', 'b', 'c']);
  expect(watch.events.map(({ action }) => action)).toEqual(['create', 'create']);
  const broken = 'warn: the file of services can not be used, those that were in it stay';
  const good = 'info: the file of services is good again';
  expect(log.lines).toEqual([broken, good, broken, good, broken]);
  await watch.stop();
});

it('need not be there from the start', async () => {
  const path = join(await folder(), 'services.json');
  const own = open(path);
  const unavailable = expect.objectContaining({ code: 'unavailable', message: expect.stringContaining(path) });
  await expect(own.getService('a')).rejects.toEqual(unavailable);
  await expect(own.watch({ signal: new AbortController().signal })).rejects.toEqual(unavailable);
  await own.register(service('own', '1', node('one', 1)));
  await writeFile(path, '{\n  "a" 1 }');
  await expect(own.listServices()).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('line 2 column 7'),
  });
  await expect(own.listServices()).rejects.toMatchObject({ message: expect.stringContaining(path) });
  await writeFile(path, services('a'));
  expect(await namesIn(own)).toEqual(['a', 'own']);
});

it('must be a file', async () => {
  const at = await folder();
  await expect(open(at).listServices()).rejects.toMatchObject({ code: 'invalid' });
  execFileSync('mkfifo', [join(at, 'pipe.json')]);
  await expect(open(join(at, 'pipe.json')).listServices()).rejects.toMatchObject({ code: 'invalid' });
  expect(await namesIn(open('a=1:1,2:2;b=3:3'))).toEqual(['a', 'b']);
});

it('what is registered comes before what is written, and leaves it there', async () => {
  const path = join(await folder(), 'services.json');
  await writeFile(path, JSON.stringify([service('greeter', '1', node('one', 1), node('two', 2))]));
  const own = open(path);
  const watch = await observe(own);
  await own.register(service('greeter', '1', node('one', 9), node('three', 3)));
  expect(await own.getService('greeter')).toEqual([
    service('greeter', '1', node('one', 9), node('three', 3), node('two', 2)),
  ]);
  await own.deregister(service('greeter', '1', node('one', 9), node('two', 2), node('three', 3)));
  expect(await own.getService('greeter')).toEqual([service('greeter', '1', node('one', 1), node('two', 2))]);
  await until(() => watch.events.length === 4);
  expect(
    watch.events.map(({ action, service: { nodes } }) => `${action} ${nodes[0]?.id} ${nodes[0]?.address}`),
  ).toEqual([
    'update one 127.0.0.1:9',
    'create three 127.0.0.1:3',
    'delete three 127.0.0.1:3',
    'update one 127.0.0.1:1',
  ]);
  await watch.stop();
});
