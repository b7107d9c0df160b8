import type { Arguments } from '../../commands/command.ts';

const secondMs = 1_000;
const units: ReadonlyMap<string, number> = new Map(
  [
    [secondMs, 's sec secs second seconds'],
    [60 * secondMs, 'm min mins minute minutes'],
    [3_600 * secondMs, 'h hr hrs hour hours'],
    [86_400 * secondMs, 'd day days'],
    [7 * 86_400 * secondMs, 'w week weeks'],
  ].flatMap(([ms, names]) =>
    String(names)
      .split(' ')
      .map((name) => [name, Number(ms)] as const),
  ),
);

/** How long something takes, and how many words said so. */
export interface Period {
  readonly ms: number;
  readonly words: number;
}

const whole = /^(?:\d{1,9}(?:\.\d{1,6})?[a-z]+)+$/;
const part = /(\d+(?:\.\d+)?)([a-z]+)/g;

/** `10m`, `1h30m`, `2days`, `10 minutes`, `an hour`; undefined when the words from `at` on are none of these. */
export function readPeriod(args: Pick<Arguments, 'word'>, at: number): Period | undefined {
  const first = args.word(at)?.toLowerCase() ?? '';
  if (whole.test(first)) {
    let ms = 0;
    for (const [, amount, unit = ''] of first.matchAll(part)) ms += Number(amount) * (units.get(unit) ?? Number.NaN);
    return Number.isNaN(ms) ? undefined : { ms: Math.round(ms), words: 1 };
  }
  const amount = /^an?$/.test(first) ? 1 : /^\d{1,9}$/.test(first) ? Number(first) : undefined;
  const unit = units.get(args.word(at + 1)?.toLowerCase() ?? '');
  return amount === undefined || unit === undefined ? undefined : { ms: amount * unit, words: 2 };
}

/** The unit that a word names: an `hour`. */
export const readUnit = (word: string | undefined): number | undefined => units.get(word?.toLowerCase() ?? '');

/** `10m`, `1h30m`, `2d`: as people would write it. Parts of a second are left out. */
export function showPeriod(ms: number): string {
  let rest = Math.max(0, Math.round(ms / secondMs));
  let shown = '';
  for (const [unit, seconds] of [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
    ['s', 1],
  ] as const) {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    if (count > 0) shown += `${count}${unit}`;
  }
  return shown === '' ? '0s' : shown;
}
