// Durations as Go writes them, in flags, command metadata and statistics: 300ms, 1h2m5s, 5.493ms.

const nanosecondsOf: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

const whole = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/;
const part = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;

/** Milliseconds, or undefined for text that is no Go duration. `0` needs no unit. */
export function parseDuration(text: string): number | undefined {
  if (/^[+-]?0$/.test(text)) return 0;
  if (!whole.test(text)) return undefined;
  let nanoseconds = 0;
  for (const [, amount, unit] of text.matchAll(part)) nanoseconds += Number(amount) * (nanosecondsOf[unit ?? ''] ?? 0);
  return (text.startsWith('-') ? -nanoseconds : nanoseconds) / 1e6;
}

/** `1h2m5s`, `45s`, `5.493ms`, `123.456µs`, `0s`: what Go prints for as many nanoseconds. */
export function formatDuration(nanoseconds: number): string {
  const sign = nanoseconds < 0 ? '-' : '';
  const rest = Math.abs(Math.round(nanoseconds));
  if (rest === 0) return '0s';
  if (rest < 1e3) return `${sign}${rest}ns`;
  if (rest < 1e6) return `${sign}${trim(rest / 1e3, 3)}µs`;
  if (rest < 1e9) return `${sign}${trim(rest / 1e6, 6)}ms`;
  const hours = Math.floor(rest / 3600e9);
  const minutes = Math.floor((rest % 3600e9) / 60e9);
  const seconds = `${trim((rest % 60e9) / 1e9, 9)}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}

const trim = (value: number, digits: number): string => value.toFixed(digits).replace(/\.?0+$/, '');
