import { describe, expect, it } from 'vitest';
import { attempts } from '../../src/async/attempts.ts';

describe('attempts', () => {
  const { signal } = new AbortController();

  it('tries until it works, and no more', async () => {
    let tries = 0;
    const work = async (): Promise<void> => {
      tries += 1;
      if (tries < 3) throw new Error('not yet');
    };
    expect(await attempts(work, signal, [0, 1, 1, 1])).toBeUndefined();
    expect(tries).toBe(3);
  });

  it('gives the last error when it never works', async () => {
    let tries = 0;
    const work = (): Promise<void> => {
      tries += 1;
      return Promise.reject(new Error(`failed ${tries}`));
    };
    expect(await attempts(work, signal, [0, 1])).toEqual(new Error('failed 2'));
  });

  it('takes what is thrown at once as a failure', async () => {
    const work = (): Promise<void> => {
      throw new Error('at once');
    };
    expect(await attempts(work, signal, [0])).toEqual(new Error('at once'));
  });

  it('stops in the middle of a wait when nobody wants it any more', async () => {
    const stop = new AbortController();
    let tries = 0;
    const work = (): Promise<void> => {
      tries += 1;
      queueMicrotask(() => stop.abort());
      return Promise.reject(new Error('no'));
    };
    expect(await attempts(work, stop.signal, [0, 1_000_000])).toBeUndefined();
    expect(tries).toBe(1);
    expect(await attempts(work, stop.signal)).toBeUndefined();
    expect(tries).toBe(1);
  });
});
