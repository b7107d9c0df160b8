import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { badRequest } from '../../../src/runtime/errors.ts';
import type { Method } from '../../../src/runtime/server/server.ts';
import { unary } from '../../../src/runtime/server/server.ts';
import { failure, newWorld } from '../world.ts';

const greet = { service: 'greeter', endpoint: 'Greeter.Hello' };
const says = (word: string): Method => unary(() => word);

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

/** Two nodes, one of which is gone and may come back at its address. */
async function setup() {
  const world = newWorld();
  const alive = await world.serve({ Hello: says('alive') });
  // On an address of its own: connections of other tests begin at free ports of the usual one, and could take its port.
  const gone = await world.serve({ Hello: says('gone') }, { address: '127.0.0.9:0' });
  const records = [alive.record, gone.record];
  await gone.stop({ graceMs: 0 });
  let tries = 0;
  const caller = world.client({
    lookup: () => records,
    callWrappers: [
      (next) => (node, request, options) => {
        if (node.address === gone.address) tries += 1;
        return next(node, request, options);
      },
    ],
    defaults: { backoff: () => 0 },
  });
  /** How often the node that was gone was tried in so many calls, and what they were answered. */
  const calls = async (times: number) => {
    tries = 0;
    const answers = new Set<unknown>();
    for (let call = 0; call < times; call += 1) {
      answers.add(await caller.call(greet).catch(({ detail }: { detail: string }) => detail));
    }
    return { tries, answers };
  };
  const comeBack = (Hello: Method) => world.serve({ Hello }, { address: gone.address });
  return { calls, comeBack, caller, alive };
}

test('a node that is gone costs one attempt, and one more now and then', async () => {
  const { calls } = await setup();
  expect(await calls(60)).toEqual({ tries: 1, answers: new Set(['alive']) });
  vi.advanceTimersByTime(3000);
  expect(await calls(60)).toEqual({ tries: 1, answers: new Set(['alive']) });
  vi.advanceTimersByTime(3000);
  expect(await calls(20)).toMatchObject({ tries: 0 });
  vi.advanceTimersByTime(3000);
  expect(await calls(60)).toMatchObject({ tries: 1 });
});

test('a node that comes back is called again after one probe', async () => {
  const { calls, comeBack } = await setup();
  await calls(60);
  await comeBack(says('back'));
  expect(await calls(20)).toMatchObject({ tries: 0 });
  vi.advanceTimersByTime(3000);
  const { tries, answers } = await calls(100);
  expect(tries).toBeGreaterThan(10);
  expect(answers).toEqual(new Set(['alive', 'back']));
});

test('an error is an answer: who refuses is not unreachable', async () => {
  const { calls, comeBack } = await setup();
  await calls(60);
  await comeBack(
    unary(() => {
      throw badRequest('greeter', 'refused');
    }),
  );
  vi.advanceTimersByTime(3000);
  const { tries, answers } = await calls(100);
  expect(tries).toBeGreaterThan(10);
  expect(answers).toEqual(new Set(['alive', 'refused']));
});

test('when nobody can be reached, everybody is tried', async () => {
  const { calls, caller, alive } = await setup();
  await alive.stop({ graceMs: 0 });
  expect(await calls(5)).toMatchObject({ tries: 5 });
  expect(await failure(caller.call(greet))).toMatchObject({ code: 500 });
});
