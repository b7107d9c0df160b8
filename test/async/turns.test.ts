import { expect, it } from 'vitest';
import { byAndBy, inTurns } from '../../src/async/turns.ts';

/** Goes on until all others have had their turn so often. */
function* until(turns: number, ended: () => void = () => {}): Generator<undefined, string, undefined> {
  let had = 0;
  let next: NodeJS.Immediate;
  const count = (): void => {
    had += 1;
    next = setImmediate(count);
  };
  next = setImmediate(count);
  try {
    for (;;) {
      if (had >= turns) return 'all of it';
      yield;
    }
  } finally {
    clearImmediate(next);
    ended();
  }
}

function* short(): Generator<undefined, string, undefined> {
  yield;
  return 'all of it';
}

it('what is short is done at once', () => {
  expect(inTurns(short(), { isOver: false })).toBe('all of it');
});

it('what takes long is done while others have their turn', async () => {
  const result = inTurns(until(3), { isOver: false });
  expect(result).toBeInstanceOf(Promise);
  expect(await result).toBe('all of it');
  expect(await byAndBy(until(3))).toBe('all of it');
});

it('what nobody waits for any more ends', async () => {
  const owner = { isOver: false };
  let ends = 0;
  const result = inTurns(
    until(Number.POSITIVE_INFINITY, () => (ends += 1)),
    owner,
  );
  owner.isOver = true;
  expect(await result).toBeUndefined();
  expect(ends).toBe(1);
});

it('what is taken back rejects, and what throws, too', async () => {
  const stop = new AbortController();
  let ends = 0;
  const result = byAndBy(
    until(Number.POSITIVE_INFINITY, () => (ends += 1)),
    stop.signal,
  );
  stop.abort(new Error('taken back'));
  await expect(result).rejects.toThrow('taken back');
  expect(ends).toBe(1);
  function* broken(): Generator<undefined, string, undefined> {
    yield* until(2);
    throw new Error('broken');
  }
  await expect(inTurns(broken(), { isOver: false })).rejects.toThrow('broken');
});
