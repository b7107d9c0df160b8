import { showPeriod } from './period.ts';
import { wallTime } from './zone.ts';

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;

const two = (value: number): string => String(value).padStart(2, '0');

/** `17:30`, with seconds where there are some. */
function clockOf(epochMs: number, zone: string): string {
  const { hour, minute, second } = wallTime(epochMs, zone);
  return `${two(hour)}:${two(minute)}${second === 0 ? '' : `:${two(second)}`}`;
}

export function dateOf(epochMs: number, zone: string): string {
  const { year, month, day } = wallTime(epochMs, zone);
  return `${year}-${two(month)}-${two(day)}`;
}

function weekdayOf(epochMs: number, zone: string): string {
  const { year, month, day } = wallTime(epochMs, zone);
  return weekdays[new Date(Date.UTC(year, month - 1, day)).getUTCDay()] ?? '';
}

/** `Mon 2026-11-23 09:00`. */
export const showTime = (epochMs: number, zone: string): string =>
  `${weekdayOf(epochMs, zone)} ${dateOf(epochMs, zone)} ${clockOf(epochMs, zone)}`;

/** The same with the zone behind it, unless it is the usual one. */
export const showTimeIn = (epochMs: number, zone: string, usual: string): string =>
  `${showTime(epochMs, zone)}${zone === usual ? '' : ` ${zone}`}`;

/** When that is from now, as people say it: `in 3h`, `Mon 09:00`, `2026-12-01 09:00`. */
export function showNext(epochMs: number, now: number, zone: string): string {
  const leftMs = epochMs - now;
  if (leftMs < minuteMs) return `in ${showPeriod(leftMs)}`;
  if (leftMs < dayMs) return `in ${showPeriod(Math.floor(leftMs / minuteMs) * minuteMs)}`;
  const day = leftMs < 6 * dayMs ? weekdayOf(epochMs, zone) : dateOf(epochMs, zone);
  return `${day} ${clockOf(epochMs, zone)}`;
}

/** When that was: `14:02:11`. */
export function showClock(epochMs: number, zone: string): string {
  const { hour, minute, second } = wallTime(epochMs, zone);
  return `${two(hour)}:${two(minute)}:${two(second)}`;
}
