/** Three rows are enough, whoever asks: nothing here waits. */
let beforeLast = new Uint8Array(64);
let last = new Uint8Array(64);
let current = new Uint8Array(64);

/** More than any limit, and small enough to be counted up in a byte. */
const far = 200;

/**
 * How many letters have to be put in, left out, replaced or swapped with the next to make one word of the other; any larger number when
 * it is more than `limit`. Only cells that can lead to a number within the limit are looked at. For words of up to 63 letters; longer
 * ones are far from everything.
 */
export function mistakes(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) > limit || one.length > 63 || other.length > 63) return limit + 1;
  for (let column = 0; column <= other.length; column += 1) last[column] = column;
  for (let row = 1; row <= one.length; row += 1) {
    if (fillRow(one, other, row, limit) > limit) return limit + 1;
    [beforeLast, last, current] = [last, current, beforeLast];
  }
  return last[other.length] ?? far;
}

/** Fills `current` and returns its smallest number. */
function fillRow(one: string, other: string, row: number, limit: number): number {
  const first = Math.max(1, row - limit);
  const end = Math.min(other.length, row + limit);
  const letter = one.charCodeAt(row - 1);
  current[first - 1] = first === 1 ? row : far;
  let smallest = first === 1 ? row : far;
  for (let column = first; column <= end; column += 1) {
    const facing = other.charCodeAt(column - 1);
    let best = Math.min(cell(last, column), cell(current, column - 1)) + 1;
    best = Math.min(best, cell(last, column - 1) + (letter === facing ? 0 : 1));
    const swapped =
      row > 1 && column > 1 && letter === other.charCodeAt(column - 2) && one.charCodeAt(row - 2) === facing;
    if (swapped) best = Math.min(best, cell(beforeLast, column - 2) + 1);
    current[column] = best;
    smallest = Math.min(smallest, best);
  }
  if (end < other.length) current[end + 1] = far;
  return smallest;
}

const cell = (row: Uint8Array, column: number): number => row[column] ?? far;
