import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOnce } from '../../src/async/once.ts';

const hourMs = 3_600_000;

/** A clock that the test moves. */
const clock = () => {
  let at = 0;
  return { now: () => at, pass: (ms: number) => void (at += ms) };
};

describe('once', () => {
  it('takes a thing the first time only, by whichever of its keys it comes again', () => {
    const once = createOnce();
    expect(once.take(['event:Ev1', 'message:T1:C1:1.5'])).toBe(true);
    expect(once.take(['event:Ev1', 'message:T1:C1:1.5'])).toBe(false);
    expect(once.take(['event:Ev2', 'message:T1:C1:1.5'])).toBe(false);
    // The second event was refused, and is known by its own name from then on.
    expect(once.take(['event:Ev2'])).toBe(false);
    expect(once.take(['slash:1.2.abc'])).toBe(true);
    expect(once.take(['slash:1.2.abc'])).toBe(false);
  });

  it('keeps keys apart that differ in a letter, a space or their kind', () => {
    const once = createOnce();
    const keys = [
      'event:Ev1',
      'event:ev1',
      'event:Ev1 ',
      'action:Ev1',
      'event:',
      '',
      'event:É',
      'event:\ud800',
      'a\0b',
      'a\0',
    ];
    expect(keys.map((key) => once.take([key]))).toEqual(keys.map(() => true));
    expect(keys.map((key) => once.take([key]))).toEqual(keys.map(() => false));
  });

  it('takes one delivery of each thing, whatever the order and number of its copies', () => {
    const copy = fc.record({
      thing: fc.integer({ min: 0, max: 20 }),
      event: fc.integer({ min: 0, max: 3 }),
      flip: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(copy, { maxLength: 120 }), (copies) => {
        const once = createOnce();
        const taken = copies.filter(({ thing, event, flip }) => {
          const keys = [`event:${thing}.${event}`, `message:${thing}`];
          return once.take(flip ? keys.reverse() : keys);
        });
        const things = new Set(copies.map(({ thing }) => thing));
        expect(taken).toHaveLength(things.size);
        expect(new Set(taken.map(({ thing }) => thing))).toEqual(things);
      }),
    );
  });

  it('remembers a key as long as it shall, wherever that falls, and not much longer', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 * hourMs }), { maxLength: 60 }), (waits) => {
        const { now, pass } = clock();
        const once = createOnce({ now });
        const seen = new Map<string, number>();
        for (const [index, wait] of waits.entries()) {
          pass(wait);
          const key = String(index % 7);
          const isFirst = once.take([key]);
          const agoMs = now() - (seen.get(key) ?? Number.NEGATIVE_INFINITY);
          if (agoMs <= 25 * hourMs) expect(isFirst).toBe(false);
          if (agoMs > 29 * hourMs) expect(isFirst).toBe(true);
          if (isFirst) seen.set(key, now());
        }
      }),
    );
  });

  it('still knows each one when its time is just over, while others come all the time', () => {
    const { now, pass } = clock();
    const once = createOnce({ now });
    for (let halfHours = 0; halfHours < 300; halfHours += 1) {
      expect(once.take([`event:${halfHours}`])).toBe(true);
      if (halfHours >= 50) expect(once.take([`event:${halfHours - 50}`])).toBe(false);
      pass(hourMs / 2);
    }
  });

  it('forgets the oldest first when there are too many, and says so once an hour', () => {
    const { now, pass } = clock();
    const told: number[] = [];
    const once = createOnce({ most: 80, now, onForgotten: (count) => void told.push(count) });
    const take = (from: number, to: number): number => {
      let taken = 0;
      for (let index = from; index < to; index += 1) if (once.take([`event:${index}`])) taken += 1;
      return taken;
    };
    expect(take(0, 80)).toBe(80);
    expect(take(0, 80)).toBe(0);
    expect(told).toEqual([]);
    expect(take(80, 200)).toBe(120);
    expect(take(130, 200)).toBe(0);
    expect(told).toEqual([10]);
    expect(take(0, 1)).toBe(1);
    pass(hourMs);
    expect(take(200, 201)).toBe(1);
    expect(told).toHaveLength(2);
  });

  it('does not take it for forgetting when time is up', () => {
    const { now, pass } = clock();
    const told: number[] = [];
    const once = createOnce({ most: 80, keepMs: 8000, now, onForgotten: (count) => void told.push(count) });
    for (let index = 0; index < 1000; index += 1) {
      expect(once.take([`event:${index}`])).toBe(true);
      pass(200);
    }
    expect(told).toEqual([]);
  });
});
