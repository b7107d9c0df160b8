import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../src/runtime/duration.ts';

describe('parseDuration', () => {
  it.each([
    ['0', 0],
    ['500ms', 500],
    ['5s', 5000],
    ['1.5s', 1500],
    ['1h2m5s', 3_725_000],
    ['.5m', 30_000],
    ['250us', 0.25],
    ['250µs', 0.25],
    ['100ns', 0.0001],
    ['-2s', -2000],
    ['+2s', 2000],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBeCloseTo(ms, 9);
  });

  it.each(['', '5', 's', '5 s', '1d', '1h2', 'soon', '--5s', '.s', '1e3s', '5S'])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [17, '17ns'],
    [123_456, '123.456µs'],
    [5_493_000, '5.493ms'],
    [100_000_000, '100ms'],
    [45e9, '45s'],
    [60e9, '1m0s'],
    [3_725e9, '1h2m5s'],
    [36_000e9, '10h0m0s'],
    [1_500_000_000, '1.5s'],
    [-45e9, '-45s'],
  ])('writes %d nanoseconds as %s', (nanoseconds, text) => {
    expect(formatDuration(nanoseconds)).toBe(text);
  });

  it('writes what parseDuration reads', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (nanoseconds) => {
        const ms = parseDuration(formatDuration(nanoseconds));
        expect(Math.abs((ms ?? NaN) - nanoseconds / 1e6)).toBeLessThan(1e-4);
      }),
    );
  });
});
