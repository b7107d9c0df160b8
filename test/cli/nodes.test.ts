import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mdnsRegistry } from '../../src/discovery/mdns/mdns.ts';
import type { Node, Registry, ServiceRecord } from '../../src/discovery/registry.ts';
import { type Finished, loopback, micro } from '../support/micro.ts';
import { unique } from '../support/name.ts';

const script = fileURLToPath(new URL('../fixtures/greeter.mjs', import.meta.url));
const children: ChildProcess[] = [];
let domain: string;
let registry: Registry;

interface Started {
  readonly child: ChildProcess;
  readonly node: Node;
}

/** A greeter in a process of its own. The registry hears of it from here, so that it stays known when its process is stopped. */
async function startNode(version: string): Promise<Started> {
  const child = fork(script, ['greeter', version]);
  children.push(child);
  const [record] = (await once(child, 'message')) as [ServiceRecord];
  await registry.register(record);
  const [node] = record.nodes;
  if (node === undefined) throw new Error('the greeter has no node');
  return { child, node };
}

const run = (...args: readonly string[]): Promise<Finished> => micro(args, loopback(domain));

beforeEach(() => {
  domain = unique('nodes');
  registry = mdnsRegistry({ interface: '127.0.0.1', domain });
});

afterEach(async () => {
  await registry.close();
  for (const child of children.splice(0)) {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
});

it('story 20, story 22: health and stats show the error of a node that does not answer, and how the other is', async () => {
  const [well, stuck] = [await startNode('1.0.0'), await startNode('1.0.0')];
  stuck.child.kill('SIGSTOP');
  const health = await run('--client_request_timeout=3s', 'health', 'greeter');
  expect(health).toMatchObject({ code: 0, stderr: '' });
  const line = ({ id, address }: Node): string => `\n${id}\t\t${address}\t\t`;
  expect(health.stdout).toContain(`${line(well.node)}ok\n`);
  expect(health.stdout).toContain(`${line(stuck.node)}call timeout: context deadline exceeded\n`);
  const stats = await run('--client_request_timeout=3s', 'stats', 'greeter');
  expect(stats).toMatchObject({ code: 0, stderr: '' });
  expect(stats.stdout).toContain(`${line(stuck.node)}\t\t\t0\t\n`);
  expect(stats.stdout).toMatch(/mb\t\d+\t\S+\n/);
});

it('story 21: health of one node that does not answer fails', async () => {
  const { child, node } = await startNode('1.0.0');
  child.kill('SIGSTOP');
  const { code, stdout, stderr } = await run(
    '--client_request_timeout=500ms',
    'health',
    '--address',
    node.address,
    'greeter',
  );
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('"code":408');
});

it('story 8: get shows both versions of a service, and its endpoints once', async () => {
  const [one, two] = [await startNode('1.0.0'), await startNode('1.1.0')];
  const { stdout } = await run('get', 'service', 'greeter');
  expect(stdout.match(/^version .*$/gm)?.toSorted()).toEqual(['version 1.0.0', 'version 1.1.0']);
  for (const { node } of [one, two]) expect(stdout).toContain(`\n${node.id}\t127.0.0.1\t`);
  expect(stdout.match(/^Endpoint: Say\.Hello$/gm)).toHaveLength(1);
});
