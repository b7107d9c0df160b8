const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

const whole = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/;
const part = /(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g;

const largest = 2n ** 63n - 1n;

/** Longer ones are no duration. */
const maxLength = 64;

/** Nanoseconds of a Go duration (`1h2m5s`, `300ms`), to the last one, or undefined for text that is none that fits 64 bits. `0` needs no unit. */
export function parseNanoseconds(text: string): bigint | undefined {
  if (/^[+-]?0$/.test(text)) return 0n;
  if (text.length > maxLength || !whole.test(text)) return undefined;
  let sum = 0n;
  for (const [, digits = '', fraction = '', unit = ''] of text.matchAll(part)) {
    sum += (BigInt(digits + fraction) * (units[unit] ?? 0n)) / 10n ** BigInt(fraction.length);
  }
  if (sum > largest) return undefined;
  return text.startsWith('-') ? -sum : sum;
}

/** One way to write as many nanoseconds, whoever wrote them how: `90m` and `1h30m` are `1h30m0s`. */
export function formatNanoseconds(nanoseconds: bigint): string {
  const sign = nanoseconds < 0n ? '-' : '';
  const rest = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const minute = units['m'] ?? 1n;
  const hour = units['h'] ?? 1n;
  const [hours, minutes] = [rest / hour, (rest % hour) / minute];
  const seconds = `${formatSeconds(rest % minute)}s`;
  if (hours > 0n) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0n ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}

/** `1.5`, `300`: as a decimal number without a unit. */
export function formatSeconds(nanoseconds: bigint): string {
  const second = units['s'] ?? 1n;
  const sign = nanoseconds < 0n ? '-' : '';
  const rest = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const fraction = String(rest % second)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${sign}${rest / second}${fraction === '' ? '' : `.${fraction}`}`;
}
