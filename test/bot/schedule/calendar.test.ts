import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Calendar, openCalendar } from '../../../src/bot/schedule/calendar.ts';
import { nextAfter, nextTimes } from '../../../src/bot/schedule/when.ts';
import { wallTime } from '../../../src/bot/schedule/zone.ts';

const minute = 60_000;

const list = (calendar: Calendar, pattern: string, zone: string, after: string, count: number): readonly string[] =>
  nextTimes({ kind: 'calendar', pattern, zone }, Date.parse(after), calendar, count).map((time) =>
    new Date(time).toISOString().slice(0, 16),
  );

test.each([
  // Clocks leap from 2:00 to 3:00 on 2027-03-28: 2:30 is at 3:00 that day.
  ['30 2 * * *', 'Europe/Berlin', '2027-03-26T12:00Z', ['2027-03-27T01:30', '2027-03-28T01:00', '2027-03-29T00:30']],
  // 9:00 is an hour earlier from then on.
  ['0 9 * * *', 'Europe/Berlin', '2027-03-27T00:00Z', ['2027-03-27T08:00', '2027-03-28T07:00', '2027-03-29T07:00']],
  // 2:30 comes twice on 2026-10-25, and counts once.
  ['30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', ['2026-10-25T00:30', '2026-10-26T01:30', '2026-10-27T01:30']],
  ['30 2,14 * * *', 'Europe/Berlin', '2026-10-24T20:00Z', ['2026-10-25T00:30', '2026-10-25T13:30', '2026-10-26T01:30']],
  ['30 1 * * *', 'America/New_York', '2026-10-31T12:00Z', ['2026-11-01T05:30', '2026-11-02T06:30', '2026-11-03T06:30']],
  // What comes each quarter of an hour goes on through both.
  ['*/15 * * * *', 'Europe/Berlin', '2026-10-25T00:40Z', ['2026-10-25T00:45', '2026-10-25T01:00', '2026-10-25T01:15']],
  // Half an hour only, and on the other side of the world.
  [
    '15 2 * * *',
    'Australia/Lord_Howe',
    '2026-10-02T00:00Z',
    ['2026-10-02T15:45', '2026-10-03T15:30', '2026-10-04T15:15'],
  ],
  ['0 9 29 2 *', 'UTC', '2026-11-21T00:00Z', ['2028-02-29T09:00', '2032-02-29T09:00', '2036-02-29T09:00']],
  ['0 9 31 * *', 'UTC', '2026-11-21T00:00Z', ['2026-12-31T09:00', '2027-01-31T09:00', '2027-03-31T09:00']],
  ['0 18 L * *', 'UTC', '2028-01-15T00:00Z', ['2028-01-31T18:00', '2028-02-29T18:00', '2028-03-31T18:00']],
  [
    '0 0 1 1 *',
    'Pacific/Kiritimati',
    '2026-11-21T00:00Z',
    ['2026-12-31T10:00', '2027-12-31T10:00', '2028-12-31T10:00'],
  ],
])('%s in %s', async (pattern, zone, after, expected) => {
  expect(list(await openCalendar(), pattern, zone, after, 3)).toEqual(expected);
});

test('what never comes is never', async () => {
  const calendar = await openCalendar();
  const when = { kind: 'calendar', pattern: '0 0 31 2 *', zone: 'UTC' } as const;
  expect(nextAfter(when, Date.parse('2026-11-21'), calendar)).toBeUndefined();
  expect(nextAfter(when, Date.parse('2026-11-22'), calendar)).toBeUndefined();
});

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Sydney', 'America/St_Johns'];
/** Two years with all their changes of the clock. */
const somewhen = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2027-12-31') });
const near = fc.oneof(
  somewhen,
  ...['2026-03-29T00:30Z', '2026-10-24T23:30Z', '2026-03-08T06:00Z', '2026-11-01T05:00Z', '2026-04-04T15:30Z'].map(
    (change) => fc.integer({ min: -30 * minute, max: 3 * 60 * minute }).map((ms) => Date.parse(change) + ms),
  ),
);

/** Tries minute after minute, for two days. */
function slowly(minutes: number, hours: number, zone: string, after: number): number | undefined {
  for (let at = Math.floor(after / minute) * minute + minute; at < after + 2 * 1_440 * minute; at += minute) {
    const now = wallTime(at, zone);
    const before = wallTime(at - minute, zone);
    const wanted = hours * 60 + minutes;
    const reached = now.hour * 60 + now.minute;
    const left = before.hour * 60 + before.minute;
    // The clock leapt over it.
    if (now.day === before.day && left < wanted && wanted < reached && reached - left > 1) return at;
    if (reached !== wanted) continue;
    // An hour ago it was the same time already.
    const isSecond = [30, 60, 120].some((gap) => {
      const earlier = wallTime(at - gap * minute, zone);
      return earlier.day === now.day && earlier.hour === now.hour && earlier.minute === now.minute;
    });
    if (!isSecond) return at;
  }
  return undefined;
}

test('a time of the day comes when trying each minute finds it', async () => {
  const calendar = await openCalendar();
  const cases = fc.record({
    hour: fc.integer({ min: 0, max: 23 }),
    minute: fc.integer({ min: 0, max: 59 }),
    zone: fc.constantFrom(...zones),
    after: near,
  });
  fc.assert(
    fc.property(cases, ({ hour, minute: minutes, zone, after }) => {
      expect(calendar.next(`${minutes} ${hour} * * *`, zone, after)).toBe(slowly(minutes, hour, zone, after));
    }),
    { numRuns: 30 },
  );
}, 60_000);

const field = (min: number, max: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constant('*'),
    fc.integer({ min, max }).map(String),
    fc.integer({ min: 1, max: 5 }).map((step) => `*/${step}`),
  );

test('next times only grow, none is left out, and it does not matter what was asked before', async () => {
  const [calendar, other] = [await openCalendar(), await openCalendar()];
  const cases = fc.record({
    pattern: fc.tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6)).map((all) => all.join(' ')),
    zone: fc.constantFrom(...zones),
    after: near,
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(cases, ({ pattern, zone, after, part }) => {
      const when = { kind: 'calendar', pattern, zone } as const;
      const times = nextTimes(when, after, calendar, 4);
      for (const [index, time] of times.entries()) {
        const before = times[index - 1] ?? after;
        expect(time).toBeGreaterThan(before);
        // From anywhere in between it is the same one.
        const between = Math.floor(before + (time - 1 - before) * part);
        expect(other.next(pattern, zone, between)).toBe(time);
      }
    }),
    { numRuns: 100 },
  );
}, 60_000);

test('a beat hits each of its times, whatever the clock says', async () => {
  const calendar = await openCalendar();
  const cases = fc.record({ everyMs: fc.integer({ min: 1_000, max: 1e9 }), from: somewhen, after: somewhen });
  fc.assert(
    fc.property(cases, ({ everyMs, from, after }) => {
      const next = nextAfter({ kind: 'interval', everyMs, from }, after, calendar) ?? 0;
      expect(next).toBeGreaterThan(after);
      expect(next - after).toBeLessThanOrEqual(everyMs);
      expect(Math.abs(next - from) % everyMs).toBe(0);
    }),
  );
});
