import { describe, expect, it } from 'vitest';
import { createWake } from '../../src/async/wake.ts';
import { until } from '../support/until.ts';

describe('a wake', () => {
  it('comes at the nearest moment, again for the next, and not when there is none', async () => {
    const start = Date.now();
    let moments = [start + 60, start + 30, start + 1e12];
    const rung: number[] = [];
    const wake = createWake({
      now: Date.now,
      next: () => (moments.length === 0 ? undefined : Math.min(...moments)),
      due: () => {
        const now = Date.now();
        const past = moments.filter((at) => at <= now).toSorted((one, other) => one - other);
        rung.push(...past);
        moments = moments.filter((at) => !past.includes(at));
      },
    });
    wake.reset();
    await until(() => rung.length === 2);
    expect(rung).toEqual([start + 30, start + 60]);
    moments = [start, start + 1e12];
    wake.reset();
    await until(() => rung.length === 3);
    wake.close();
  });

  it('does not come after it was closed', async () => {
    let rung = 0;
    const wake = createWake({
      now: Date.now,
      next: () => 0,
      due: () => {
        rung += 1;
      },
    });
    wake.reset();
    await until(() => rung > 1);
    wake.close();
    wake.reset();
    const before = rung;
    const other = createWake({
      now: Date.now,
      next: () => 0,
      due: () => {
        rung += 100;
      },
    });
    other.reset();
    await until(() => rung >= before + 200);
    other.close();
    expect((rung - before) % 100).toBe(0);
  });
});
