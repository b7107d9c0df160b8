/** Times that come again each week: `mon-fri 09:00-17:00 Europe/Berlin`. */
export interface Weekly {
  readonly text: string;
  /** Milliseconds since the epoch. */
  includes(at: number): boolean;
  /** The next moment that is in it, `at` itself if it is. Undefined when there is none within a week. */
  nextFrom(at: number): number | undefined;
  /** The next moment that is not in it. Undefined when there is none within a week. */
  endFrom(at: number): number | undefined;
}

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const dayMinutes = 1440;
const range = /^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$/;

interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Days (`mon-fri`, `sat,sun`, `daily`), times (`09:00-17:00`, to `24:00` at most) and a zone (`Europe/Berlin`, default UTC), in this order; of days and
 * times one may be left out. `22:00-06:00` ends on the day after. Throws an `Error` that says what is wrong.
 */
export function readWeekly(text: string): Weekly {
  const words = text.trim().split(/\s+/);
  const days = readDays(words[0] ?? '');
  if (days !== undefined) words.shift();
  const span = readSpan(words[0] ?? '');
  if (span !== undefined) words.shift();
  if ((days === undefined && span === undefined) || words.length > 1) {
    throw new Error(`${text} are no times: write mon-fri 09:00-17:00 Europe/Berlin`);
  }
  const local = localTime(words[0] ?? 'UTC');
  const wanted = days ?? new Set(dayNames.keys());
  const { from, to } = span ?? { from: 0, to: dayMinutes };
  const includes = (at: number): boolean => {
    const { day, minute } = local(at);
    if (from < to) return wanted.has(day) && from <= minute && minute < to;
    return minute >= from ? wanted.has(day) : minute < to && wanted.has((day + 6) % 7);
  };
  // To ask for the local time takes longer than all the rest of a decision, and it changes once a minute.
  let asked = Number.NaN;
  let answer = false;
  const next = (at: number, minute: number, isWanted: (each: number) => boolean): number | undefined =>
    isWanted(at) ? at : momentsAt(local, minute, at).find(isWanted);
  return {
    text,
    nextFrom: (at) => next(at, from, includes),
    endFrom: (at) => next(at, to % dayMinutes, (each) => !includes(each)),
    includes(at) {
      const minute = Math.floor(at / 60_000);
      if (minute !== asked) {
        answer = includes(at);
        asked = minute;
      }
      return answer;
    },
  };
}

/** The next moment that is in none of them, one of which may begin where another ends. */
export function endOf(times: readonly Weekly[], at: number): number | undefined {
  let end = at;
  for (let turn = 0; turn <= 2 * times.length; turn += 1) {
    const on = times.find((each) => each.includes(end));
    if (on === undefined) return end;
    const next = on.endFrom(end);
    if (next === undefined) return undefined;
    end = next;
  }
  return undefined;
}

/** When it is this minute of a local day, on the days after a moment. Where clocks are put forward a day may not have it. */
function momentsAt(local: ReturnType<typeof localTime>, minute: number, after: number): readonly number[] {
  const start = Math.floor(after / 60_000) * 60_000;
  return Array.from({ length: 9 }, (_, day) => start + day * 86_400_000)
    .flatMap((near) => {
      const rough = near + (minute - local(near).minute) * 60_000;
      return shifts.map((shift) => rough + shift);
    })
    .filter((at) => at > after && local(at).minute === minute)
    .sort((one, other) => one - other);
}

/** Clocks are put forward and back by an hour, or by half of one. */
const shifts = [0, -1_800_000, 1_800_000, -3_600_000, 3_600_000];

function readDays(word: string): ReadonlySet<number> | undefined {
  const text = word.toLowerCase();
  if (text === 'daily') return new Set(dayNames.keys());
  const days = new Set<number>();
  for (const part of text.split(',')) {
    const [first = '', last = first, ...more] = part.split('-');
    const [from, to] = [dayNames.indexOf(first), dayNames.indexOf(last)];
    if (from === -1 || to === -1 || more.length > 0) return undefined;
    for (let day = from; ; day = (day + 1) % 7) {
      days.add(day);
      if (day === to) break;
    }
  }
  return days;
}

function readSpan(word: string): Span | undefined {
  const found = range.exec(word);
  if (found === null) return undefined;
  const [hour = 0, minute = 0, endHour = 0, endMinute = 0] = found.slice(1).map(Number);
  const [from, to] = [hour * 60 + minute, endHour * 60 + endMinute];
  const isRight = minute < 60 && endMinute < 60 && from < dayMinutes && to <= dayMinutes && from !== to;
  if (!isRight) throw new Error(`${word} is no part of a day: write 09:00-17:00`);
  return { from, to };
}

function localTime(zone: string): (at: number) => { readonly day: number; readonly minute: number } {
  const format = formatOf(zone);
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return {
      day: dayNames.indexOf((parts.get('weekday') ?? '').toLowerCase()),
      minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
    };
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  } catch (error) {
    throw new Error(`there is no time zone ${timeZone}: write Europe/Berlin, or UTC`, { cause: error });
  }
}
