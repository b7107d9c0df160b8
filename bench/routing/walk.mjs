/** Steps through 0 … size-1 in an order that no cache can guess and every run repeats. */
export function walk(size) {
  let state = 12_345;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state % size;
  };
}
