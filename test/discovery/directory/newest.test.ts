import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newestFirst } from '../../../src/discovery/directory/newest.ts';

const inOrder = [
  ['2.0.0', 'v1.10.0', '1.9.1', '1.9', '1.9.0-rc.2', '1.9.0-rc.1', '1.9.0-beta', '1.9.0-1', '0.1'],
  ['20261121', '20260101.2', '20260101'],
  ['1.2', '1.x'],
  ['1.0.0-alpha.beta', '1.0.0-alpha.1', '1.0.0-alpha'],
  ['100000000000000000000001', '100000000000000000000000'],
  ['0.0.1', 'green', 'blue', 'latest', ''],
  ['1.0.0+b', '1.0.0+a', '1.0.0'],
];

describe('the order of versions', () => {
  it.each(inOrder.map((versions) => [versions]))('puts the newest first: %j', (versions) => {
    expect(versions.toReversed().sort(newestFirst)).toEqual(versions);
    expect(versions.toSorted().sort(newestFirst)).toEqual(versions);
  });

  it('is an order, whatever the versions are', () => {
    const piece = fc.constantFrom('1', '2', '10', '01', '0', '.', '-', '+', 'v', 'V', 'rc', 'x', 'latest', '');
    const version = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const [ab, ba] = [Math.sign(newestFirst(a, b)), Math.sign(newestFirst(b, a))];
        expect(ab + ba).toBe(0);
        expect(ab === 0).toBe(a === b);
        if (ab < 0 && newestFirst(b, c) < 0) expect(newestFirst(a, c)).toBeLessThan(0);
      }),
    );
  });
});
