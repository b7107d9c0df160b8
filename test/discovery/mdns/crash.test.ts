import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { mdnsRegistry } from '../../../src/discovery/mdns/mdns.ts';
import type { Registry } from '../../../src/discovery/registry.ts';
import { unique } from '../../support/name.ts';
import { observe } from '../../support/observe.ts';
import { until } from '../../support/until.ts';

const script = fileURLToPath(new URL('../../fixtures/mdns-node.mjs', import.meta.url));
const children: ChildProcess[] = [];
const open: Registry[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.all(open.splice(0).map((registry) => registry.close()));
});

async function nodeProcess(domain: string, id: string, ...more: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [script, domain, 'greeter', id, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout ?? child, 'data');
  return child;
}

describe('a node that dies without a goodbye', () => {
  for (const filter of [undefined, 'greeter']) {
    it(`leaves a watch on ${filter ?? 'everything'}, and the others stay`, async () => {
      const domain = unique('crash');
      const [doomed] = await Promise.all([nodeProcess(domain, 'doomed'), nodeProcess(domain, 'steady')]);
      const registry = mdnsRegistry({ interface: '127.0.0.1', domain, refreshMs: 300 });
      open.push(registry);
      const watch = await observe(registry, filter);
      await until(() => watch.seen('create', 'doomed') && watch.seen('create', 'steady'));
      doomed.kill('SIGKILL');
      await until(() => watch.seen('delete', 'doomed'));
      expect(watch.seen('delete', 'steady')).toBe(false);
      const [record] = await registry.getService('greeter');
      expect(record?.nodes.map(({ id }) => id)).toEqual(['steady']);
      await watch.stop();
    });
  }
});

describe('a process that took back its node', () => {
  it('ends by itself', async () => {
    const child = await nodeProcess(unique('leave'), 'one', 'leaves');
    if (child.exitCode === null) await once(child, 'exit');
    expect(child.exitCode).toBe(0);
  });
});
