import { expect, test } from 'vitest';
import { inTime } from '../../src/async/in-time.ts';
import { withResolvers } from '../../src/async/queue.ts';

const never = <T>(): Promise<T> => new Promise(() => {});

test('gives what the promise gives', async () => {
  expect(await inTime(Promise.resolve('early'), 60_000, () => 'late')).toBe('early');
});

test('rejects as the promise does, always with an error', async () => {
  await expect(inTime(Promise.reject(new TypeError('broken')), 60_000, () => 'late')).rejects.toThrow(TypeError);
  // oxlint-disable-next-line prefer-promise-reject-errors -- Whoever throws may throw anything.
  await expect(inTime(Promise.reject('text'), 60_000)).rejects.toEqual(new Error('text'));
});

test('is an error when it is late', async () => {
  await expect(inTime(never(), 10)).rejects.toThrow('no answer within 0.01 s');
});

test('is something else when it is late and that is wanted', async () => {
  expect(await inTime(never<string>(), 1, () => 'late')).toBe('late');
  const broken = (): never => {
    throw new RangeError('no');
  };
  await expect(inTime(never(), 1, broken)).rejects.toThrow(RangeError);
});

test('takes nothing that comes afterwards, not even a rejection', async () => {
  const { promise, reject } = withResolvers<string>();
  expect(await inTime(promise, 1, () => 'late')).toBe('late');
  reject(new Error('nobody waits for it'));
  await expect(promise).rejects.toThrow('nobody');
});
