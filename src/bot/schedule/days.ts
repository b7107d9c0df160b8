/** Days as a cron pattern has them. */
export interface Days {
  /** The fields for the day of the month and for the day of the week. */
  readonly ofMonth: string;
  readonly ofWeek: string;
}

const names = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const groups: ReadonlyMap<string, string> = new Map([
  ['day', '*'],
  ['weekday', '1-5'],
  ['weekend', '0,6'],
]);

/** The number of a day: `mon`, `tues`, `Wednesdays`. */
export function readDay(word: string): number | undefined {
  const name = word.toLowerCase().replace(/s$/, '');
  const day = name.length < 3 ? -1 : names.findIndex((each) => each.startsWith(name));
  return day < 0 ? undefined : day;
}

/** `day`, `weekday`, `weekend`, `monday`, `mon,wed`, `mon-fri`, `1st`, `15th`; undefined for anything else. */
export function readDays(word: string): Days | undefined {
  const group = groups.get(word.toLowerCase().replace(/s$/, ''));
  if (group !== undefined) return { ofMonth: '*', ofWeek: group };
  const [, number, ending] = /^(\d{1,2})(st|nd|rd|th)$/i.exec(word) ?? [];
  if (number !== undefined && ending !== undefined) {
    return Number(number) >= 1 && Number(number) <= 31 ? { ofMonth: number, ofWeek: '*' } : undefined;
  }
  const parts = word.split(',').map(readRange);
  const days = parts.every((part) => part !== undefined) ? [...new Set(parts.flat())] : [];
  return days.length === 0 ? undefined : { ofMonth: '*', ofWeek: days.toSorted((one, other) => one - other).join(',') };
}

/** `mon`, `fri-mon`. */
function readRange(word: string): readonly number[] | undefined {
  const [first, last, more] = word.split('-').map(readDay);
  if (first === undefined || more !== undefined) return undefined;
  if (!word.includes('-')) return [first];
  if (last === undefined) return undefined;
  return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, index) => (first + index) % 7);
}
