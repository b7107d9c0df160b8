import { setTimeout as pause } from 'node:timers/promises';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDirectory } from '../../../src/discovery/directory/follow.ts';
import { node, service } from '../../contract/registry.ts';
import { until } from '../../support/until.ts';
import { type Faulty, faultyRegistry } from './faulty.ts';
import { contents, ids, lines } from './world.ts';

const names = ['one', 'two', 'steady'];
const versions = ['1.0.0', '2.0.0'];

type Step =
  | { readonly kind: 'register' | 'deregister'; readonly name: string; readonly id: number; readonly version: string }
  | { readonly kind: 'lookup'; readonly name: string }
  /** One node comes, then the one before leaves: somebody is always there, but nobody for long. */
  | { readonly kind: 'hand over' }
  | { readonly kind: 'cut' | 'mend' | 'out' | 'back' }
  | { readonly kind: 'pause'; readonly ms: number };

const name = fc.constantFrom(...names);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom('register' as const, 'deregister' as const),
      name,
      id: fc.integer({ min: 1, max: 3 }),
      version: fc.constantFrom(...versions),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ kind: 'hand over' as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('lookup' as const), name }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('cut' as const, 'mend' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('out' as const, 'back' as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pause' as const), ms: fc.integer({ min: 0, max: 4 }) }) },
);

/** Each answer and each event takes one of these times, again and again. */
const delays = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 7 });

const relists = fc.constantFrom(10, 60_000);

function late(ms: readonly number[]): () => Promise<unknown> {
  let at = 0;
  return () => {
    const next = ms[at % ms.length] ?? 0;
    at += 1;
    return next === 0 ? Promise.resolve() : pause(next);
  };
}

async function take(far: Faulty, each: Step): Promise<void> {
  switch (each.kind) {
    case 'register':
      return far.real.register(service(each.name, each.version, node(`${each.name}-${each.id}`, each.id)));
    case 'deregister':
      return far.real.deregister(service(each.name, each.version, node(`${each.name}-${each.id}`, each.id)));
    case 'cut':
      return far.cut();
    case 'out':
      return far.outage(true);
    case 'mend':
    case 'back':
      return far.outage(false);
    case 'pause':
      await pause(each.ms);
      return;
    case 'hand over':
    case 'lookup':
      return;
    default:
      return each satisfies never;
  }
}

/** One life of a registry; gives what was wrong on the way and at the end. */
async function live(far: Faulty, steps: readonly Step[], relistMs: number): Promise<readonly string[]> {
  const wrong: string[] = [];
  let [turn, gone] = [0, -1];
  const handed = (id: number) => service('handed', '1.0.0', node(`${id}`, id));
  await far.real.register(service('steady', '1.0.0', node('always', 9)));
  await far.real.register(handed(turn));
  const directory = createDirectory(far.view, { relistMs });
  const look = (when: string): void => {
    if (!ids(directory.services.get('steady')).includes('always')) wrong.push(`steady is missing ${when}`);
    const holders = ids(directory.services.get('handed')).map(Number);
    if (holders.length === 0) wrong.push(`handed is missing ${when}`);
    // Each has its turn once: the youngest that has left is older than all who are there.
    if (holders.some((id) => id <= gone)) wrong.push(`handed ${holders.join()} is back from ${gone} ${when}`);
    gone = Math.max(gone, Math.min(...holders) - 1);
    for (const [each, known] of directory.services) if (known.length === 0) wrong.push(`${each} is empty ${when}`);
  };
  try {
    await directory.ready;
    look('at the start');
    directory.onChange(() => look('after a change'));
    for (const each of steps) {
      if (each.kind === 'lookup') void Promise.resolve(directory.lookup(each.name)).catch(() => {});
      await take(far, each);
      if (each.kind === 'hand over') {
        turn += 1;
        await far.real.register(handed(turn));
        await far.real.deregister(handed(turn - 1));
      }
      look('after a step');
    }
    far.outage(false);
    const wanted = lines(await far.real.listServices())
      .toSorted()
      .join('\n');
    const isEqual = (): boolean => directory.state.kind === 'connected' && contents(directory).join('\n') === wanted;
    await until(isEqual, 20_000).catch(() => wrong.push(`it knows ${contents(directory).join(', ')}, not ${wanted}`));
  } finally {
    await directory.close();
  }
  return wrong;
}

describe('whatever happens in whatever order', () => {
  it.each([
    true,
    false,
  ])('the directory ends as the registry, and loses nobody who is there (whole lists: %s)', async (listsNodes) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30 }),
        delays,
        delays,
        relists,
        async (steps, answers, events, relistMs) => {
          const far = faultyRegistry({ listsNodes });
          far.state.answerDelay = late(answers);
          far.state.eventDelay = late(events);
          expect(await live(far, steps, relistMs)).toEqual([]);
        },
      ),
      { numRuns: 60, interruptAfterTimeLimit: 12_000 },
    );
  });
});
