import { describe, expect, it } from 'vitest';
import { type Alarm, createAlarms } from '../../src/async/alarms.ts';
import { createBag } from '../../src/async/bag.ts';
import { until } from '../support/until.ts';

describe('alarms', () => {
  it('ring once, each in its turn, and not when they were cleared', async () => {
    const alarms = createAlarms();
    const rung: string[] = [];
    const cleared = alarms.set(1, { ring: () => void rung.push('cleared') });
    expect(alarms.clear(cleared)).toBe(true);
    expect(alarms.clear(cleared)).toBe(false);
    const first = alarms.set(1, { ring: () => void rung.push('first') });
    alarms.set(200, { ring: () => void rung.push('second') });
    await until(() => rung.length === 2);
    expect(rung).toEqual(['first', 'second']);
    expect(alarms.clear(first)).toBe(false);
    alarms.set(0, { ring: () => void rung.push('after a rest') });
    await until(() => rung.length === 3);
  });

  it('never ring early, also when they were set after the program was busy', async () => {
    const alarms = createAlarms();
    const rung: string[] = [];
    const busy = (): void => {
      const busyUntil = performance.now() + 400;
      while (performance.now() < busyUntil);
      const start = performance.now();
      alarms.set(300, { ring: () => void rung.push(performance.now() - start < 300 ? 'early' : 'when it was due') });
    };
    alarms.set(1, { ring: busy });
    await until(() => rung.length === 1);
    expect(rung).toEqual(['when it was due']);
  });

  it('can clear each other while they ring', async () => {
    const alarms = createAlarms();
    const rung: string[] = [];
    const pair: readonly Alarm[] = ['one', 'other'].map((name) =>
      alarms.set(1, {
        ring: () => {
          rung.push(name);
          for (const each of pair) alarms.clear(each);
        },
      }),
    );
    let over = false;
    alarms.set(120, {
      ring: () => {
        over = true;
      },
    });
    await until(() => over);
    expect(rung).toEqual(['one']);
  });
});

describe('a bag', () => {
  it('holds what was added and not removed, wherever it stood', () => {
    const bag = createBag<number>();
    const places = [1, 2, 3, 4].map((value) => bag.add(value));
    for (const index of [1, 3, 1]) {
      const place = places[index];
      if (place !== undefined) bag.remove(place);
    }
    expect(bag.places().map(({ value }) => value)).toEqual([1, 3]);
    expect(bag.size).toBe(2);
  });
});
