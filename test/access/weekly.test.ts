import { expect, test } from 'vitest';
import { readWeekly } from '../../src/access/weekly.ts';

test.each([
  ['mon-fri 09:00-17:00 Europe/Berlin', '2026-11-20T08:00:00Z', true],
  ['mon-fri 09:00-17:00 Europe/Berlin', '2026-11-20T07:59:59Z', false],
  ['mon-fri 09:00-17:00 Europe/Berlin', '2026-11-20T15:59:59Z', true],
  ['mon-fri 09:00-17:00 Europe/Berlin', '2026-11-20T16:00:00Z', false],
  // In summer the clocks there are an hour further.
  ['mon-fri 09:00-17:00 Europe/Berlin', '2026-07-03T07:00:00Z', true],
  ['mon-fri 09:00-17:00 Europe/Berlin', '2026-11-21T12:00:00Z', false],
  ['sat,sun', '2026-11-21T00:00:00Z', true],
  ['sat,sun', '2026-11-23T00:00:00Z', false],
  ['fri-mon', '2026-11-23T23:59:00Z', true],
  ['fri-mon', '2026-11-24T00:00:00Z', false],
  ['fri 22:00-06:00', '2026-11-21T05:59:00Z', true],
  ['fri 22:00-06:00', '2026-11-20T05:59:00Z', false],
  ['fri 22:00-06:00', '2026-11-20T22:00:00Z', true],
  ['12:00-24:00', '2026-11-20T23:59:59Z', true],
  ['Daily 00:00-00:01 America/New_York', '2026-11-20T05:00:30Z', true],
])('%s at %s: %s', (text, at, expected) => {
  expect(readWeekly(text).includes(Date.parse(at))).toBe(expected);
});

test('what is asked within one minute has one answer, and the next minute its own', () => {
  const hours = readWeekly('09:00-10:00');
  expect(hours.includes(Date.parse('2026-11-20T09:59:59.999Z'))).toBe(true);
  expect(hours.includes(Date.parse('2026-11-20T10:00:00.000Z'))).toBe(false);
  expect(hours.includes(Date.parse('2026-11-20T09:59:00.000Z'))).toBe(true);
});

test.each([
  ['mon-fri 09:00-17:00', '2026-11-21T12:00:00Z', '2026-11-23T09:00:00Z'],
  ['mon-fri 09:00-17:00', '2026-11-23T12:00:30Z', '2026-11-23T12:00:30Z'],
  ['mon-fri 09:00-17:00 Europe/Berlin', '2026-10-24T12:00:00Z', '2026-10-26T08:00:00Z'],
  ['sun 02:30-04:00 Europe/Berlin', '2026-10-24T12:00:00Z', '2026-10-25T00:30:00Z'],
  // Half past two is not there on the day on which clocks are put forward.
  ['daily 02:30-04:00 Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-30T00:30:00Z'],
  ['fri 22:00-06:00', '2026-11-21T12:00:00Z', '2026-11-27T22:00:00Z'],
])('%s begins next', (text, at, expected) => {
  expect(readWeekly(text).nextFrom(Date.parse(at))).toBe(Date.parse(expected));
});

test.each([
  ['sat', '2026-11-21T12:00:00Z', '2026-11-22T00:00:00Z'],
  ['mon-fri', '2026-11-23T12:00:00Z', '2026-11-28T00:00:00Z'],
  ['fri 22:00-06:00', '2026-11-28T01:00:00Z', '2026-11-28T06:00:00Z'],
  ['sat 09:00-13:00 Europe/Berlin', '2026-11-21T09:00:00Z', '2026-11-21T12:00:00Z'],
  ['sun 09:00-13:00', '2026-11-21T09:00:00Z', '2026-11-21T09:00:00Z'],
  ['daily', '2026-11-21T09:00:00Z', undefined],
])('%s ends next', (text, at, expected) => {
  expect(readWeekly(text).endFrom(Date.parse(at))).toBe(expected === undefined ? undefined : Date.parse(expected));
});
