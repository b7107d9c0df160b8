import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobAbout } from '../../../src/bot/jobs/jobs.ts';
import type { Limits } from '../../../src/bot/jobs/limits.ts';
import { Model } from './model.ts';

const limits: Limits = {
  person: 3,
  room: 4,
  service: 3,
  all: 6,
  endless: 1,
  allEndless: 2,
  waiting: 8,
  allWaiting: 20,
};

const about: fc.Arbitrary<Partial<JobAbout>> = fc.record({
  person: fc.constantFrom('ann', 'bob', 'cid', 'dan'),
  input: fc.constantFrom('slack', 'xmpp'),
  room: fc.constantFrom('ops', 'dev'),
  service: fc.option(fc.constantFrom('billing', 'users'), { nil: undefined }),
  lock: fc.option(fc.constantFrom('one', 'two'), { nil: undefined, freq: 3 }),
  isEndless: fc.integer({ max: 9, min: 0 }).map((value) => value === 0),
});

type Step =
  | { readonly kind: 'open'; readonly about: Partial<JobAbout>; readonly atOnce: boolean }
  | { readonly kind: 'end' | 'cancel'; readonly which: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('open' as const),
      about,
      atOnce: fc.integer({ max: 7, min: 0 }).map((value) => value === 0),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('end' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat() }) },
);

function play(steps: readonly Step[], given: Limits): Model {
  const model = new Model(given);
  for (const each of steps) {
    if (each.kind === 'open') model.open(each.about, each.atOnce);
    else if (each.kind === 'end') model.end(each.which);
    else model.cancel(each.which);
    model.check();
  }
  return model;
}

describe('whatever is opened, ended and cancelled', () => {
  it('limits hold, nobody waits for a place that is free, order is kept, and each ends once', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
        const model = play(steps, limits);
        model.endAll();
        expect(model.jobs.current).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('the same is so with more room, where hardly anybody waits', () => {
    const roomy: Limits = { ...limits, person: 20, room: 20, service: 20, all: 40 };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
        play(steps, roomy).endAll();
      }),
      { numRuns: 60 },
    );
  });

  it('who comes anew waits for at most one turn of everybody else', () => {
    const crowd = fc.array(fc.constantFrom('ann', 'bob', 'cid', 'dan', 'eve'), { minLength: 10, maxLength: 60 });
    fc.assert(
      fc.property(crowd, fc.integer({ min: 1, max: 3 }), fc.infiniteStream(fc.nat()), (people, person, choices) => {
        const model = new Model({
          ...limits,
          person,
          room: 100,
          service: 100,
          all: 3,
          waiting: 100,
          allWaiting: 1_000,
        });
        for (const [index, person] of people.entries()) model.open({ person, room: `room ${index % 7}` });
        const others = model.waitingPeople();
        const mine = model.open({ person: 'newcomer', room: 'another' });
        let turns = 0;
        while (mine?.job.state === 'waiting') {
          // Everybody goes on asking.
          for (const person of new Set(people)) model.open({ person });
          model.end(choices.next().value);
          turns += 1;
        }
        expect(turns).toBeLessThanOrEqual(others.size + 1);
      }),
      { numRuns: 100 },
    );
  });
});
