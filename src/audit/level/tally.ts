import { randomInt } from 'node:crypto';

/** Tells whether two heaps of keys are the same, in whatever order, without keeping them. */
export interface Tally {
  add(key: string): void;
  /** For the comparison with a tally from the same seed. */
  readonly sum: string;
}

/** Random, so that nobody can choose keys that come to the same. */
export type Seed = readonly [number, number];

export const newSeed = (): Seed => [randomInt(2 ** 31), randomInt(2 ** 31)];

export function createTally([one, other]: Seed): Tally {
  let count = 0;
  let first = 0;
  let second = 0;
  return {
    add(key) {
      let [left, right] = [one, other];
      for (let index = 0; index < key.length; index += 1) {
        const code = key.charCodeAt(index);
        left = Math.imul(left ^ code, 0x01_00_01_93);
        right = Math.imul(right ^ (left >>> 15) ^ code, 0x85_eb_ca_6b);
      }
      count += 1;
      first = (first + mixed(left)) | 0;
      second = (second + mixed(right)) | 0;
    },
    get sum() {
      return [count, first, second].join(' ');
    },
  };
}

/** Every bit has a part in every other. */
function mixed(value: number): number {
  const once = Math.imul(value ^ (value >>> 16), 0x7f_eb_35_2d);
  const twice = Math.imul(once ^ (once >>> 15), 0x84_6c_a6_8b | 0);
  return twice ^ (twice >>> 16);
}
