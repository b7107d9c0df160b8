import { expect, test } from 'vitest';
import { memoryRegistry } from '../../../src/discovery/memory/memory.ts';
import type { Registry, ServiceRecord } from '../../../src/discovery/registry.ts';
import { RegistryError } from '../../../src/discovery/registry.ts';
import type { Log } from '../../../src/log/log.ts';
import { silent } from '../../../src/log/log.ts';
import { newServer } from '../../../src/runtime/server/micro.ts';
import { until } from '../../support/until.ts';
import { failure, hello, newWorld } from '../world.ts';

const often = { registerTtlMs: 10_000, registerIntervalMs: 10 };

/** A real registry that can be cut off, and that tells what was asked of it. */
function watched(): Registry & { down: boolean; readonly heard: string[] } {
  const registry = memoryRegistry();
  const heard: string[] = [];
  const noted = (what: string, then: () => Promise<void>): Promise<void> => {
    heard.push(what);
    return self.down ? Promise.reject(new RegistryError('unavailable', 'cut off')) : then();
  };
  const self = {
    ...registry,
    down: false,
    heard,
    register: (service: ServiceRecord, options?: { readonly ttlMs?: number }) =>
      noted(`register ${options?.ttlMs ?? 'for good'}`, () => registry.register(service, options)),
    deregister: (service: ServiceRecord) => noted('deregister', () => registry.deregister(service)),
  };
  return self;
}

function recorder(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  return { ...silent, lines, info: (line) => void lines.push(line), warn: (line) => void lines.push(line) };
}

test('a registration is repeated with its time to live, and taken back', async () => {
  const registry = watched();
  const server = await newWorld().serve({ Hello: hello }, { registry, ...often });
  await until(() => registry.heard.length >= 3);
  expect(new Set(registry.heard)).toEqual(new Set(['register 10000']));
  await server.stop();
  expect(registry.heard.at(-1)).toBe('deregister');
  expect(await registry.getService('greeter')).toEqual([]);
});

test('a time to live of 0 is registered for good', async () => {
  const registry = watched();
  await newWorld().serve({ Hello: hello }, { registry, registerTtlMs: 0 });
  expect(registry.heard).toEqual(['register for good']);
});

test('a registry that cannot be reached keeps a server from starting, and leaves nothing behind', async () => {
  const world = newWorld();
  const registry = watched();
  registry.down = true;
  const server = newServer({ registry, transport: world.transport, address: '127.0.0.1:0', name: 'greeter' });
  expect(await failure(server.start())).toMatchObject({ code: 'unavailable', message: 'cut off' });
  const address = server.address;
  expect(
    await failure(world.client().call({ service: 'greeter', endpoint: 'Debug.Health' }, { address, retries: 0 })),
  ).toMatchObject({
    detail: expect.stringMatching(/^connection error/),
  });
  await server.stop();
});

test('an address that is taken keeps a server from starting', async () => {
  const world = newWorld();
  const { address } = await world.serve({ Hello: hello });
  const second = newServer({ registry: world.registry, transport: world.transport, address, name: 'second' });
  await failure(second.start());
  expect(await world.registry.getService('second')).toEqual([]);
});

test('an outage is logged once, and the registration returns after it', async () => {
  const registry = watched();
  const log = recorder();
  await newWorld().serve({ Hello: hello }, { registry, log, ...often });
  registry.down = true;
  const before = registry.heard.length;
  await until(() => registry.heard.length >= before + 3);
  expect(log.lines.filter((line) => line === 'could not register, trying again')).toHaveLength(1);
  registry.down = false;
  await until(() => log.lines.includes('registered again'));
});

test('an outage that the registry has told of is not told again', async () => {
  const registry = Object.assign(watched(), { isOut: false });
  const log = recorder();
  await newWorld().serve({ Hello: hello }, { registry, log, ...often });
  registry.down = registry.isOut = true;
  const before = registry.heard.length;
  await until(() => registry.heard.length >= before + 3);
  expect(log.lines).not.toContain('could not register, trying again');
  // It answers again, and what it answers is no.
  registry.isOut = false;
  await until(() => log.lines.includes('could not register, trying again'));
  registry.down = false;
  await until(() => log.lines.includes('registered again'));
});

test('a server that may start unregistered waits for its registry', async () => {
  const registry = watched();
  registry.down = true;
  const log = recorder();
  const patient = { registry, log, startsUnregistered: true };
  const often = await newWorld().serve({ Hello: hello }, { ...patient, registerIntervalMs: 10 });
  const once = await newWorld().serve({ Hello: hello }, { ...patient, registerTtlMs: 0 });
  expect(log.lines.filter((line) => line === 'could not register, trying again')).toHaveLength(2);
  expect(await registry.getService('greeter')).toEqual([]);
  registry.down = false;
  const ids = [often, once].map(({ id }) => `greeter-${id}`).toSorted();
  await until(async () => {
    const nodes = (await registry.getService('greeter')).flatMap((record) => record.nodes);
    return (
      nodes
        .map(({ id }) => id)
        .toSorted()
        .join() === ids.join()
    );
  });
});

test('while its check fails a service is not to be found', async () => {
  const registry = watched();
  const log = recorder();
  const state = { fit: false, asked: 0 };
  const registerCheck = (): void => {
    state.asked += 1;
    if (!state.fit) throw new Error('the database is away');
  };
  await newWorld().serve({ Hello: hello }, { registry, log, registerCheck, ...often });
  await until(() => state.asked >= 3);
  expect(await registry.getService('greeter')).toEqual([]);
  state.fit = true;
  await until(async () => (await registry.getService('greeter')).length === 1);
  state.fit = false;
  await until(async () => (await registry.getService('greeter')).length === 0);
  expect(log.lines.filter((line) => line === 'the register check fails')).toHaveLength(2);
});

test.each([
  [{ registerTtlMs: 30_000 }, '30000 ms) must exceed the interval it is repeated in (30000 ms'],
  [{ registerTtlMs: 1000, registerIntervalMs: 2000 }, '1000 ms) must exceed the interval it is repeated in (2000 ms'],
  [{ registerIntervalMs: 0 }, '60000 ms) must exceed the interval it is repeated in (0 ms'],
])('a registration that would expire between two heartbeats is refused: %o', (timing, text) => {
  const { registry, transport } = newWorld();
  expect(() => newServer({ registry, transport, ...timing })).toThrow(text);
});

test('a registry that hangs does not hang the stop', async () => {
  const registry = watched();
  const log = recorder();
  const server = await newWorld().serve(
    { Hello: hello },
    { registry: { ...registry, deregister: () => new Promise(() => {}) }, log },
  );
  await server.stop({ graceMs: 10 });
  expect(log.lines).toContain('the registry did not answer in time to deregister');
});
