import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { AsyncQueue, withResolvers } from '../../src/async/queue.ts';
import { type ServiceCacheOptions, serviceCache } from '../../src/discovery/cached.ts';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { type Registry, RegistryError, type RegistryEvent } from '../../src/discovery/registry.ts';
import { node, service } from '../contract/registry.ts';
import { logLines } from '../support/lines.ts';
import { until } from '../support/until.ts';

/** A memory registry behind a line that can be cut or slow; it counts what it is asked. */
function distant() {
  const registry = memoryRegistry();
  const lines = new Set<AbortController>();
  const ears = new Set<AsyncQueue<RegistryEvent>>();
  const state = { cut: false, lookups: 0, watches: 0, delay: Promise.resolve() };
  const reach = (): void => {
    if (state.cut) throw new RegistryError('unavailable', 'the line is cut');
  };
  const view: Registry = {
    ...registry,
    async getService(name) {
      state.lookups += 1;
      reach();
      const answer = await registry.getService(name);
      await state.delay;
      return answer;
    },
    async watch(options) {
      state.watches += 1;
      reach();
      const line = new AbortController();
      lines.add(line);
      options.signal.addEventListener('abort', () => line.abort(), { once: true });
      const events = await registry.watch({ ...options, signal: line.signal });
      const heard = new AsyncQueue<RegistryEvent>();
      ears.add(heard);
      void pass(events, heard, () => state.cut && !options.signal.aborted);
      return heard;
    },
  };
  const announce = (event: RegistryEvent): void => {
    for (const heard of ears) heard.push(event);
  };
  const cut = (): void => {
    state.cut = true;
    for (const line of lines) line.abort();
  };
  return { registry, view, state, cut, announce, mend: () => void (state.cut = false) };
}

/** Ends with an error when the line was cut. */
async function pass(
  events: AsyncIterable<RegistryEvent>,
  heard: AsyncQueue<RegistryEvent>,
  isCut: () => boolean,
): Promise<void> {
  for await (const event of events) heard.push(event);
  if (isCut()) heard.fail(new RegistryError('unavailable', 'the line is cut'));
  else heard.end();
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function setup(options: ServiceCacheOptions = {}) {
  const far = distant();
  const { log, lines } = logLines();
  const cache = serviceCache(far.view, { log, ...options });
  closing.push(() => cache.close());
  const warnings = (): readonly string[] => lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
  const ports = async (name: string): Promise<readonly string[]> =>
    (await cache.lookup(name)).flatMap(({ nodes }) => nodes.map(({ address }) => address.split(':')[1] ?? ''));
  /** Until an answer is at hand at once, and for good: the watch runs and what was asked before it began was asked again. */
  const settled = (name: string): Promise<unknown> =>
    until(async () => {
      await cache.lookup(name);
      const before = cache.lookup(name);
      await turn();
      return far.state.watches > 0 && !(before instanceof Promise) && cache.lookup(name) === before;
    });
  return { ...far, cache, warnings, ports, settled };
}

describe('the service cache', () => {
  it('answers at once what it knows, without asking again', async () => {
    const { registry, cache, state, settled } = setup();
    await registry.register(service('x', '1', node('a', 1)));
    await settled('x');
    const { lookups } = state;
    for (let call = 0; call < 100; call += 1) expect(cache.lookup('x')).toEqual([service('x', '1', node('a', 1))]);
    expect(state).toMatchObject({ lookups, watches: 1 });
  });

  it('asks once for all who wait', async () => {
    const { registry, cache, state } = setup();
    await registry.register(service('x', '1', node('a', 1)));
    const answers = await Promise.all(Array.from({ length: 50 }, async () => cache.lookup('x')));
    expect(new Set(answers).size).toBe(1);
    expect(state.lookups).toBe(1);
  });

  it('follows what happens', async () => {
    const { registry, cache, state, ports, settled } = setup();
    await registry.register(service('x', '1', node('a', 1)));
    await settled('x');
    const { lookups } = state;
    await registry.register(service('x', '1', node('b', 2)));
    await until(async () => (await ports('x')).join() === '1,2');
    await registry.register(service('x', '1', node('a', 3)));
    await until(async () => (await ports('x')).toSorted().join() === '2,3');
    await registry.register(service('x', '2', node('a', 4)));
    await until(async () => (await cache.lookup('x')).length === 2);
    await registry.deregister(service('x', '2', node('a', 4)));
    await until(async () => (await ports('x')).join() === '2');
    expect(state.lookups).toBe(lookups);
  });

  it('keeps what it has through events that say nothing new', async () => {
    const { registry, cache, settled } = setup();
    const record = service('x', '1', node('a', 1));
    await registry.register(record);
    await settled('x');
    const before = cache.lookup('x');
    await registry.register(service('y', '1', node('z', 1)));
    await registry.deregister(service('x', '1', node('unknown', 1)));
    await registry.register(service('x', '1', node('a', 1)));
    expect(cache.lookup('x')).toBe(before);
  });

  it('learns soon of a service that it did not find', async () => {
    const { registry, ports } = setup();
    expect(await ports('x')).toEqual([]);
    await registry.register(service('x', '1', node('a', 1)));
    await until(async () => (await ports('x')).join() === '1');
    await registry.deregister(service('x', '1', node('a', 1)));
    await until(async () => (await ports('x')).length === 0);
  });

  it('takes in what happens while the registry is being asked', async () => {
    const { registry, cache, state, settled } = setup();
    await registry.register(service('x', '1', node('a', 1)));
    await registry.register(service('warm', '1', node('w', 1)));
    await settled('warm');
    const delay = withResolvers<void>();
    state.delay = delay.promise;
    const slow = cache.lookup('x');
    await registry.register(service('x', '1', node('b', 2)));
    await registry.deregister(service('x', '1', node('a', 1)));
    // The watch hands events on in turns of the event loop, in which the held answer stays where it is.
    await turn();
    delay.resolve();
    expect(await slow).toEqual([service('x', '1', node('b', 2))]);
  });

  it('lives on what it knows while the registry is away, says so once, and recovers', async () => {
    const { registry, cache, cut, mend, warnings, settled, ports, state } = setup({ ttlMs: 20 });
    await registry.register(service('x', '1', node('a', 1)));
    await settled('x');
    cut();
    await until(() => state.watches > 1);
    for (let call = 0; call < 20; call += 1) expect(await ports('x')).toEqual(['1']);
    await until(() => warnings().includes('the registry does not answer, the last known nodes are used'));
    await expect(Promise.resolve(cache.lookup('never seen'))).rejects.toMatchObject({ code: 'unavailable' });
    await registry.register(service('x', '1', node('b', 2)));
    mend();
    await until(async () => (await ports('x')).join() === '1,2');
    expect(warnings().filter((message) => message.includes('does not answer'))).toHaveLength(1);
  });

  it('does not believe a registry in trouble that nodes have left', async () => {
    const { registry, state, settled, ports } = setup({ ttlMs: 20 });
    await registry.register(service('x', '1', node('a', 1), node('b', 2)));
    await settled('x');
    // The watch lives, questions are refused.
    state.cut = true;
    const { lookups } = state;
    await until(async () => (await ports('x')).join() === '1,2' && state.lookups > lookups);
    await registry.deregister(service('x', '1', node('a', 1), node('b', 2)));
    await turn();
    expect(await ports('x')).toEqual(['1', '2']);
    await registry.register(service('x', '1', node('c', 3)));
    await until(async () => (await ports('x')).join() === '1,2,3');
    state.cut = false;
    await until(async () => (await ports('x')).join() === '3');
  });

  it('asks again for a service of which an event says that it is gone altogether', async () => {
    const { registry, state, settled, ports, announce } = setup();
    await registry.register(service('x', '1', node('a', 1)));
    await settled('x');
    const { lookups } = state;
    announce({ action: 'delete', service: service('x', '1') });
    await until(async () => (await ports('x')).join() === '1' && state.lookups === lookups + 1);
  });

  it('finds a service that starts while its name counts as unknown, without waiting for the end of that', async () => {
    const { registry, settled, ports } = setup();
    await registry.register(service('warm', '1', node('w', 9)));
    await settled('warm');
    expect(await ports('x')).toEqual([]);
    await registry.register(service('x', '1', node('a', 1)));
    await turn();
    expect(await ports('x')).toEqual(['1']);
  });

  it('asks again for what it was told to forget', async () => {
    const { registry, cache, state, settled } = setup();
    await registry.register(service('x', '1', node('a', 1)));
    await settled('x');
    const { lookups } = state;
    cache.forget('x');
    await cache.lookup('x');
    expect(state.lookups).toBe(lookups + 1);
  });

  it('does not keep countless unknown names', async () => {
    const { cache, state } = setup();
    for (let name = 0; name < 3000; name += 1) await cache.lookup(`nobody-${name}`);
    expect(state.lookups).toBe(3000);
    const first = cache.lookup('nobody-0');
    expect(first).toBeInstanceOf(Promise);
    await first;
  });

  it('ends with close, and with its registry', async () => {
    const { registry, cache } = setup();
    await cache.lookup('x');
    await cache.close();
    await expect(cache.lookup('y')).rejects.toMatchObject({ code: 'closed' });
    const other = serviceCache(registry);
    await other.lookup('x');
    await registry.close();
    await until(async () =>
      Promise.resolve(other.lookup('y')).then(
        () => false,
        ({ code }) => code === 'closed',
      ),
    );
    await other.close();
  });
});
