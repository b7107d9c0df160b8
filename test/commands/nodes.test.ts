import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServiceRecord } from '../../src/discovery/registry.ts';
import { say, shell } from './say.ts';
import { greeter, newWorld } from './world.ts';
import { startMirror } from './mirror.ts';

const world = newWorld();
let nodes: ServiceRecord['nodes'];

beforeAll(async () => {
  const first = await world.serve('go.micro.srv.greeter', [greeter]);
  const second = await world.serve('go.micro.srv.greeter', [greeter]);
  nodes = [...first.record.nodes, ...second.record.nodes];
});
afterAll(() => world.close());

describe('health', () => {
  test('asks every node', async () => {
    const shown = [
      'service  go.micro.srv.greeter',
      '',
      'version 1.0.0',
      '',
      'node\t\taddress:port\t\tstatus',
      ...nodes.map(({ id, address }) => `${id}\t\t${address}\t\tok`),
    ].join('\n');
    expect(await say(world.set, 'health go.micro.srv.greeter')).toBe(shown);
    expect(await shell(world.set, ['health', 'check', 'go.micro.srv.greeter'])).toBe(shown);
  });

  test('shows why a node does not answer, beside the others', async () => {
    const dead = { id: 'dead', address: '127.0.0.1:1', metadata: {} };
    await world.registry.register({
      name: 'half',
      version: '',
      metadata: {},
      endpoints: [],
      nodes: [...nodes.slice(0, 1), dead],
    });
    const lines = (await say(world.set, 'health half')).split('\n');
    expect(lines.slice(0, 5)).toEqual(['service  half', '', 'version ', '', 'node\t\taddress:port\t\tstatus']);
    expect(lines[5]).toMatch(/\t\tok$/);
    expect(lines[6]).toMatch(/^dead\t\t127\.0\.0\.1:1\t\tconnection error: .+$/);
    expect(lines).toHaveLength(7);
  });

  test('shows no insides of the bot when a node answers with nothing', async () => {
    const mirror = await startMirror(world, 'null');
    expect(await say(world.set, 'health mirror')).toMatch(
      new RegExp(`^mirror-1\\t\\t${mirror.node.address}\\t\\t$`, 'm'),
    );
    expect(await say(world.set, 'stats mirror')).toMatch(/\t0s\t0\.00mb\t0\t0s$/m);
  });

  test('does not call a node ill that has no such endpoint', async () => {
    const mirror = await startMirror(world, { error: "rpc: can't find service Debug" });
    expect(await say(world.set, 'health mirror')).toMatch(
      new RegExp(`^mirror-1\\t\\t${mirror.node.address}\\t\\tunknown$`, 'm'),
    );
  });

  test('keeps a failure on its line', async () => {
    await startMirror(world, { error: '{"id":"x","code":500,"detail":"one\\ntwo\\tthree"}' });
    expect(await say(world.set, 'health mirror')).toMatch(/\t\tone two three$/);
  });

  test('asks one instance and says only how it is', async () => {
    const options = { address: nodes[1]?.address ?? '' };
    expect(await shell(world.set, ['health', 'go.micro.srv.greeter'], { options })).toBe('ok');
    await expect(
      shell(world.set, ['health', 'go.micro.srv.greeter'], { options: { address: '127.0.0.1:1' } }),
    ).rejects.toMatchObject({ code: 'failed', message: expect.stringContaining('connection error') });
  });

  test('needs a service that is known', async () => {
    await expect(shell(world.set, ['health'])).rejects.toMatchObject({
      code: 'usage',
      message: 'require service name',
    });
    await expect(say(world.set, 'health nope')).rejects.toMatchObject({
      code: 'not_found',
      message: 'Service not found',
    });
  });
});

describe('stats', () => {
  test('shows what each node has used', async () => {
    const [, , version, , head, ...rows] = (await say(world.set, 'stats go.micro.srv.greeter')).split('\n');
    expect(version).toBe('version 1.0.0');
    expect(head).toBe('node\t\taddress:port\t\tstarted\tuptime\tmemory\tthreads\tgc');
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(row).toMatch(/^\S+\t\t\S+\t\t[A-Z][a-z]{2} \d+ \d\d:\d\d:\d\d\t\S+s\t\d+\.\d\dmb\t\d+\t\S+$/);
    }
  });

  test('reads numbers in either of the two ways that Go writes them', async () => {
    const numbers = '{"started":"1460769600","uptime":3725,"memory":"1111490","threads":17,"gc":"5493000"}';
    await startMirror(world, numbers);
    const row = (await say(world.set, 'stats mirror')).split('\n').at(-1);
    expect(row).toMatch(/\t\tApr 1\d \d\d:\d\d:00\t1h2m5s\t1\.06mb\t17\t5\.493ms$/);
  });

  test('leaves empty what a node does not tell', async () => {
    await world.registry.register({
      name: 'gone',
      version: '2',
      metadata: {},
      endpoints: [],
      nodes: [{ id: 'dead', address: '127.0.0.1:1', metadata: {} }],
    });
    expect((await say(world.set, 'stats gone')).split('\n').at(-1)).toBe('dead\t\t127.0.0.1:1\t\t\t\t\t0\t');
  });
});
