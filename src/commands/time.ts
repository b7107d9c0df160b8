import type { Command } from './command.ts';
import { plainCommand } from './plain.ts';

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const two = (value: number): string => String(value).padStart(2, '0');

/** `15:04:05` in the time zone of this process. */
const clock = (date: Date): string => `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;

/** `Jan 2 15:04:05` in the time zone of this process. */
export const formatStamp = (date: Date): string => `${months[date.getMonth()]} ${date.getDate()} ${clock(date)}`;

/** `Mon, 02 Jan 2006 15:04:05 MST` in the time zone of this process. */
export const formatTime = (date: Date): string =>
  `${days[date.getDay()]}, ${two(date.getDate())} ${months[date.getMonth()]} ${date.getFullYear()} ${clock(date)} ${zone(date)}`;

/** The zone's short name. Each locale knows the names of its own part of the world; elsewhere it says `GMT+1`. */
function zone(date: Date): string {
  const names = ['en-US', 'en-GB', 'en-AU', 'en-IN', 'en-ZA'].map(
    (locale) =>
      new Intl.DateTimeFormat(locale, { timeZoneName: 'short' })
        .formatToParts(date)
        .find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC',
  );
  return names.find((name) => !/[+-]/.test(name)) ?? names[0] ?? 'UTC';
}

export const time: Command = plainCommand({
  name: 'time',
  description: 'Returns the server time',
  answer: () => `Server time is: ${formatTime(new Date())}`,
});
