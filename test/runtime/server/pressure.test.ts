import { expect, test } from 'vitest';
import { withResolvers } from '../../../src/async/queue.ts';
import { unary } from '../../../src/runtime/server/server.ts';
import { until } from '../../support/until.ts';
import { post, raw } from '../raw.ts';
import { failure, hello, newWorld, transports } from '../world.ts';

const ask = (id: number, endpoint: string): string => post([`Micro-Id: ${id}`, `Micro-Endpoint: ${endpoint}`], '{}');

/** The number at which it stands still: the same many times in a row. */
async function standstill(count: () => number | Promise<number>): Promise<number> {
  let last = 0;
  let still = 0;
  await until(async () => {
    const now = await count();
    still = now > 0 && now === last ? still + 1 : 0;
    last = now;
    return still > 20;
  });
  return last;
}

test('so many requests of one connection run at once; the others are read when some have ended', async () => {
  let running = 0;
  let most = 0;
  let served = 0;
  const gate = withResolvers<void>();
  const Wait = unary(async () => {
    running += 1;
    served += 1;
    most = Math.max(most, running);
    await gate.promise;
    running -= 1;
    return {};
  });
  const { address } = await newWorld().serve({ Wait, Hello: hello });
  const greedy = await raw(address);
  greedy.write(Array.from({ length: 3000 }, (_, id) => ask(id, 'Greeter.Wait')).join(''));
  await until(() => served === 1024);
  // Others are served meanwhile, however long it takes.
  const other = await raw(address);
  for (let id = 0; id < 20; id += 1) {
    other.write(ask(id, 'Greeter.Hello'));
    await other.answer();
  }
  expect(served).toBe(1024);
  gate.resolve();
  await until(() => greedy.waiting === 3000);
  expect(served).toBe(3000);
  expect(most).toBe(1024);
});

test('a caller that does not read its answers is not read either', async () => {
  let served = 0;
  const text = 'x'.repeat(10_000);
  const Large = unary(() => {
    served += 1;
    return { text };
  });
  const { address } = await newWorld().serve({ Large });
  const deaf = await raw(address);
  deaf.pause();
  const wanted = 10_000;
  deaf.write(Array.from({ length: wanted }, (_, id) => ask(id, 'Greeter.Large')).join(''));
  expect(await standstill(() => served)).toBeLessThan(wanted);
  deaf.resume();
  await until(() => deaf.waiting === wanted, 120_000);
}, 180_000);

test('refusals that are not read hold a caller back as answers do', async () => {
  const { address } = await newWorld().serve({ Hello: hello });
  const deaf = await raw(address);
  deaf.pause();
  const endpoint = 'x'.repeat(1500);
  const wanted = 20_000;
  deaf.write(Array.from({ length: wanted }, (_, id) => ask(id, endpoint)).join(''));
  const other = await raw(address);
  const refused = async (): Promise<number> => {
    other.write(ask(0, 'Debug.Stats'));
    return (JSON.parse((await other.answer()).body) as { errors: number }).errors;
  };
  expect(await standstill(refused)).toBeLessThan(wanted);
  deaf.resume();
  await until(() => deaf.waiting === wanted, 120_000);
}, 180_000);

test.each(
  transports,
)('a caller that calls a shared call off aborts its handler, and no other, over %s', async (_name, transport) => {
  const world = newWorld(transport);
  const aborted: unknown[] = [];
  const begun: unknown[] = [];
  const gate = withResolvers<void>();
  const Wait = unary(async ({ name }: { readonly name?: string }, { signal }) => {
    begun.push(name);
    signal.addEventListener('abort', () => aborted.push(name));
    await gate.promise;
    return { name };
  });
  await world.serve({ Wait });
  const client = world.client();
  const wait = (name: string, signal?: AbortSignal): Promise<unknown> =>
    client.call(
      { service: 'greeter', endpoint: 'Greeter.Wait', body: { name } },
      { timeoutMs: 60_000, ...(signal === undefined ? {} : { signal }) },
    );
  // The first has a connection of its own.
  const calls = [wait('alone'), wait('stays')];
  const stop = new AbortController();
  const canceled = wait('goes', stop.signal);
  await until(() => begun.length === 3);
  stop.abort();
  expect(await failure(canceled)).toMatchObject({ code: 408, detail: 'call timeout: context canceled' });
  await until(() => aborted.length > 0);
  gate.resolve();
  expect(await Promise.all(calls)).toEqual([{ name: 'alone' }, { name: 'stays' }]);
  expect(aborted).toEqual(['goes']);
});
