/**
 * Compares versions for sorting, the newest first: number by number, as in 1.10.0 before 1.9.0, with or without a `v`; a pre-release (1.0.0-rc.1)
 * after its release. Versions that do not begin with a number follow, by their text; then `latest`, which does not say how new it is; then none
 * at all. Only versions of the same text are equal.
 */
export function newestFirst(one: string, other: string): number {
  if (one === other) return 0;
  const [a, b] = [parse(one), parse(other)];
  return (
    a.rank - b.rank ||
    compareParts(b.core, a.core, '0') ||
    Number(a.before.length > 0) - Number(b.before.length > 0) ||
    compareParts(b.before, a.before, '') ||
    (one > other ? -1 : 1)
  );
}

interface Parsed {
  readonly rank: number;
  readonly core: readonly string[];
  /** What it comes before: the parts of a pre-release. */
  readonly before: readonly string[];
}

const versionShape = /^v?(\d[^-+]*)(?:-([^+]*))?(?:\+.*)?$/is;

function parse(version: string): Parsed {
  if (version === '') return { rank: 3, core: [], before: [] };
  if (version.toLowerCase() === 'latest') return { rank: 2, core: [], before: [] };
  const [, core, before = ''] = versionShape.exec(version) ?? [];
  if (core === undefined) return { rank: 1, core: [], before: [] };
  return { rank: 0, core: core.split('.'), before: before === '' ? [] : before.split('.') };
}

/** The greater is the newer; `missing` stands for parts that one has more than the other. */
function compareParts(a: readonly string[], b: readonly string[], missing: string): number {
  const length = Math.max(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const order = comparePart(a[at] ?? missing, b[at] ?? missing, missing === '0');
    if (order !== 0) return order;
  }
  return 0;
}

const isNumber = (part: string): boolean => /^\d+$/.test(part);

/** In a release `1.2` is newer than `1.x`; in a pre-release numbers come before words, and before both comes nothing. */
function comparePart(a: string, b: string, areNumbersNewer: boolean): number {
  if (a === b) return 0;
  if (a === '' || b === '') return a === '' ? -1 : 1;
  const [isA, isB] = [isNumber(a), isNumber(b)];
  if (isA !== isB) return isA === areNumbersNewer ? 1 : -1;
  if (!isA) return a < b ? -1 : 1;
  const [x, y] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return x.length - y.length || (x < y ? -1 : x > y ? 1 : 0);
}
