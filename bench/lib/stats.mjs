const ascending = (values) => Float64Array.from(values).sort();

/** NaN for no values. */
export function median(values) {
  const sorted = ascending(values);
  const half = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Smallest and largest. */
export function range(values) {
  const sorted = ascending(values);
  return [sorted.at(0) ?? NaN, sorted.at(-1) ?? NaN];
}

/** The value below which `share` of the values lie. `sorted` is in ascending order. */
export const percentile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
